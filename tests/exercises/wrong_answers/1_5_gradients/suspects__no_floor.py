# misconception: Zero needs no care.
# feedback: The floor must be one of the numbers


def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    accused = []
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        error = abs(a - m) / max(abs(a), abs(m))
        if not error <= tolerance:
            accused.append(i)
    return accused
