# misconception: An error that reaches the tolerance is too large.
# feedback: accuse only where it is larger


def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    accused = []
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        error = abs(a - m) / max(abs(a), abs(m), floor)
        if not error < tolerance:
            accused.append(i)
    return accused
