# NaN is asked for by name.


def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    formula, measured = gradient(w), measure(f, w)
    found = []
    for i in range(len(w)):
        a, m = formula[i].item(), measured[i].item()
        if math.isnan(a) or math.isnan(m) or abs(a - m) > tolerance * max(abs(a), abs(m), floor):
            found.append(i)
    return found
