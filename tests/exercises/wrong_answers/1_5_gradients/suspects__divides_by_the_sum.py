# misconception: The sum of the sizes is as good a denominator as the larger.
# feedback: not by their sum


def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    accused = []
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        error = abs(a - m) / max(abs(a) + abs(m), floor)
        if not error <= tolerance:
            accused.append(i)
    return accused
