# %% wrong: A comparison of tensors is one yes or no. | feedback: Go through them one by one
def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    a, m = gradient(w), measure(f, w)
    error = (a - m).abs() / torch.maximum(a.abs(), m.abs()).clamp(min=floor)
    if error <= tolerance:
        return []
    return list(range(len(w)))

# %% wrong: A floor is there to avoid 0/0 only. | feedback: up to the measurement's noise
def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    accused = []
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        error = abs(a - m) / max(abs(a), abs(m), 1e-12)
        if not error <= tolerance:
            accused.append(i)
    return accused

# %% wrong: A small difference is a small error. | feedback: the error must be relative
def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    accused = []
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        error = abs(a - m)
        if not error <= tolerance:
            accused.append(i)
    return accused

# %% wrong: An error that reaches the tolerance is too large. | feedback: accuse only where it is larger
def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    accused = []
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        error = abs(a - m) / max(abs(a), abs(m), floor)
        if not error < tolerance:
            accused.append(i)
    return accused

# %% wrong: What is not larger than the tolerance is right. | feedback: every comparison with NaN is False
def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    accused = []
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        error = abs(a - m) / max(abs(a), abs(m), floor)
        if error > tolerance:
            accused.append(i)
    return accused

# %% wrong: The floor is added to the denominator. | feedback: it is not added
def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    accused = []
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        error = abs(a - m) / (max(abs(a), abs(m)) + floor)
        if not error <= tolerance:
            accused.append(i)
    return accused

# %% wrong: The size of the whole gradient is the measure for each slope. | feedback: not the gradients as a whole
def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    a, m = gradient(w), measure(f, w)
    size = max(a.abs().max().item(), m.abs().max().item(), floor)
    return [i for i in range(len(w)) if not (a[i] - m[i]).abs() / size <= tolerance]

# %% wrong: The first weight has the number 1. | feedback: Number the weights from 0
def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    accused = []
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        error = abs(a - m) / max(abs(a), abs(m), floor)
        if not error <= tolerance:
            accused.append(i + 1)
    return accused

# %% wrong: The formula is the measure of its own error. | feedback: Divide by the larger of |a| and |m|
def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    accused = []
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        error = abs(a - m) / max(abs(a), floor)
        if not error <= tolerance:
            accused.append(i)
    return accused

# %% wrong: The measurement is the truth, so errors are relative to it. | feedback: Divide by the larger of |a| and |m|.
def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    accused = []
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        error = abs(a - m) / max(abs(m), floor)
        if not error <= tolerance:
            accused.append(i)
    return accused

# %% wrong: The sum of the sizes is as good a denominator as the larger. | feedback: not by their sum
def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    accused = []
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        error = abs(a - m) / max(abs(a) + abs(m), floor)
        if not error <= tolerance:
            accused.append(i)
    return accused

# %% wrong: The floor is always 1e-4. | feedback: Use the floor that was given
def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    accused = []
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        error = abs(a - m) / max(abs(a), abs(m), 1e-4)
        if not error <= tolerance:
            accused.append(i)
    return accused

# %% wrong: Only a formula that says too much is wrong. | feedback: Take the absolute value of each difference
def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    accused = []
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        error = (a - m) / max(abs(a), abs(m), floor)
        if not error <= tolerance:
            accused.append(i)
    return accused

# %% wrong: Zero needs no care. | feedback: The floor must be one of the numbers
def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    accused = []
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        error = abs(a - m) / max(abs(a), abs(m))
        if not error <= tolerance:
            accused.append(i)
    return accused

# %% wrong: One wrong slope is verdict enough. | feedback: report every weight
def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    for i, (a, m) in enumerate(zip(gradient(w).tolist(), measure(f, w).tolist(), strict=True)):
        if not abs(a - m) / max(abs(a), abs(m), floor) <= tolerance:
            return [i]
    return []

# %% wrong: A verdict for each weight is a list of yes and no. | feedback: Return a list of ints
def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    a, m = gradient(w).tolist(), measure(f, w).tolist()
    return [not abs(p - q) / max(abs(p), abs(q), floor) <= tolerance for p, q in zip(a, m, strict=True)]

# %% wrong: If there is a NaN, all are wrong. | feedback: each weight by itself
def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    a, m = gradient(w), measure(f, w)
    if a.isnan().any() or m.isnan().any():
        return list(range(len(w)))
    error = (a - m).abs() / torch.maximum(a.abs(), m.abs()).clamp(min=floor)
    return [i for i in range(len(w)) if error[i] > tolerance]

# %% wrong: The worst error comes first. | feedback: in rising order
def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    a, m = gradient(w), measure(f, w)
    errors = []
    for i in range(len(w)):
        error = abs(a[i] - m[i]) / max(abs(a[i]), abs(m[i]), floor)
        if not error <= tolerance:
            errors.append((error.item(), i))
    return [i for _, i in sorted(errors, key=lambda one: -one[0])]

# %% right: asks for nan
# NaN is asked for by name.


def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    formula, measured = gradient(w), measure(f, w)
    found = []
    for i in range(len(w)):
        a, m = formula[i].item(), measured[i].item()
        if math.isnan(a) or math.isnan(m) or abs(a - m) > tolerance * max(abs(a), abs(m), floor):
            found.append(i)
    return found

# %% right: whole tensors
# All errors at once; NaN passes through the comparison turned round.


def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    a, m = gradient(w), measure(f, w)
    error = (a - m).abs() / torch.maximum(a.abs(), m.abs()).clamp(min=floor)
    return torch.nonzero(~(error <= tolerance)).flatten().tolist()

# %% wrong: The measure of question 1 will do. | feedback: Leave f to the measure that you were given
def suspects(f, gradient, w, measurement, tolerance=1e-6, floor=1e-4):
    a, m = gradient(w).tolist(), measure(f, w).tolist()
    return [i for i in range(len(w)) if not abs(a[i] - m[i]) / max(abs(a[i]), abs(m[i]), floor) <= tolerance]

# %% wrong: The numbers may stay in a tensor. | feedback: Return a list of ints
# -    return accused
    return torch.tensor(accused)

# %% wrong: What is printed is returned. | feedback: Your function returns nothing
# -    return accused
    print(accused)

# %% wrong: The numbers of a tensor are ints. | feedback: Return a list of ints
def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    a, m = gradient(w), measure(f, w)
    error = (a - m).abs() / torch.maximum(a.abs(), m.abs()).clamp(min=floor)
    return list(torch.nonzero(~(error <= tolerance)).flatten())

# %% wrong: Only what is NaN on one side is wrong. | feedback: where the *measured* slope is NaN
# -        if not error <= tolerance:
        if error > tolerance or math.isnan(a[i]):

# %% wrong: Everything is measured at zero. | feedback: at the weights that you were given
# -    a, m = gradient(w).tolist(), measure(f, w).tolist()
    a, m = gradient(w).tolist(), measure(f, 0 * w).tolist()

# %% wrong: The sign does not matter. | feedback: |a − m| is 4 there
# -        error = abs(a[i] - m[i]) / max(abs(a[i]), abs(m[i]), floor)
        error = abs(abs(a[i]) - abs(m[i])) / max(abs(a[i]), abs(m[i]), floor)

# %% wrong: The tolerance is free. | feedback: with the default tolerance
# -def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
def suspects(f, gradient, w, measure, tolerance=1e-5, floor=1e-4):

# %% wrong: The floor is free. | feedback: with the default floor
# -def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-3):

# %% right: a helper named accused
def accused(a, m, tolerance, floor):
    return a != a or m != m or abs(a - m) > tolerance * max(abs(a), abs(m), floor)


def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    torch.set_grad_enabled(False)
    both = zip(measure(f, w.clone()), gradient(w.clone()), strict=True)
    return [i for i, (m, a) in enumerate(both) if accused(a.item(), m.item(), tolerance, floor)]

# %% wrong: A tolerance is 1e-6, whatever is given. | feedback: use the tolerance that was given
def suspects(f, gradient, w, measure, tolerance=1e-6, floor=1e-4):
    a, m = gradient(w), measure(f, w)
    error = (a - m).abs() / torch.maximum(a.abs(), m.abs()).clamp(min=1e-4)
    return [i for i in range(len(w)) if not error[i] <= 1e-6]
