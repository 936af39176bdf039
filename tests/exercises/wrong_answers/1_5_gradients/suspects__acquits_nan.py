# misconception: What is not larger than the tolerance is right.
# feedback: every comparison with NaN is False


def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    accused = []
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        error = abs(a - m) / max(abs(a), abs(m), floor)
        if error > tolerance:
            accused.append(i)
    return accused
