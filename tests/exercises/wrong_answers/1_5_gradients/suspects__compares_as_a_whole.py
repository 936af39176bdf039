# misconception: The size of the whole gradient is the measure for each slope.
# feedback: not the gradients as a whole


def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    a, m = gradient(w), measure(f, w)
    size = max(a.abs().max().item(), m.abs().max().item(), floor)
    return [i for i in range(len(w)) if not (a[i] - m[i]).abs() / size <= tolerance]
