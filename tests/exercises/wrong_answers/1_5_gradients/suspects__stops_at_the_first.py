# misconception: One wrong slope is verdict enough.
# feedback: report every weight


def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        if not abs(a - m) / max(abs(a), abs(m), floor) <= tolerance:
            return [i]
    return []
