# misconception: A small difference is a small error.
# feedback: the error must be relative


def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    accused = []
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        error = abs(a - m)
        if not error <= tolerance:
            accused.append(i)
    return accused
