# misconception: A comparison of tensors is one yes or no.
# feedback: Go through them one by one


def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    a, m = gradient(w), measure(f, w)
    error = (a - m).abs() / torch.maximum(a.abs(), m.abs()).clamp(min=floor)
    if error <= tolerance:
        return []
    return list(range(len(w)))
