# misconception: The first weight has the number 1.
# feedback: Number the weights from 0


def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    accused = []
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        error = abs(a - m) / max(abs(a), abs(m), floor)
        if not error <= tolerance:
            accused.append(i + 1)
    return accused
