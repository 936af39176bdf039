# misconception: The measurement is the truth, so errors are relative to it.
# feedback: Divide by the larger of |a| and |m|.


def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    accused = []
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        error = abs(a - m) / max(abs(m), floor)
        if not error <= tolerance:
            accused.append(i)
    return accused
