# misconception: A floor is there to avoid 0/0 only.
# feedback: up to the measurement's noise


def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    accused = []
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        error = abs(a - m) / max(abs(a), abs(m), 1e-12)
        if not error <= tolerance:
            accused.append(i)
    return accused
