# misconception: Only a formula that says too much is wrong.
# feedback: Take the absolute value of each difference


def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    accused = []
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        error = (a - m) / max(abs(a), abs(m), floor)
        if not error <= tolerance:
            accused.append(i)
    return accused
