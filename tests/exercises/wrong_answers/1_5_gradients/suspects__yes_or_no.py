# misconception: A verdict for each weight is a list of yes and no.
# feedback: Return a list of ints


def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    a, m = gradient(w).tolist(), measure(f, w).tolist()
    return [not abs(p - q) / max(abs(p), abs(q), floor) <= tolerance for p, q in zip(a, m, strict=True)]
