# misconception: The floor is added to the denominator.
# feedback: it is not added


def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    accused = []
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        error = abs(a - m) / (max(abs(a), abs(m)) + floor)
        if not error <= tolerance:
            accused.append(i)
    return accused
