# %% wrong: Mixed precision halves all. | feedback: for each weight there are 8 bytes, if nothing is divided: 2 for the weight
# -        weight, gradient, update = 2, 2, update + 4
        weight, gradient, update = 2, 2, update / 2

# %% wrong: There is no second copy. | feedback: 2 for its gradient, 4 for its float32 copy
# -        weight, gradient, update = 2, 2, update + 4
        weight, gradient, update = 2, 2, update

# %% wrong: The copy takes the weight's place. | feedback: 2 for the weight, 2 for its gradient
# -        weight, gradient, update = 2, 2, update + 4
        weight, gradient, update = 4, 2, update + 4

# %% wrong: Gradients stay float32. | feedback: 2 for the weight, 2 for its gradient
# -        weight, gradient, update = 2, 2, update + 4
        weight, gradient, update = 2, 4, update + 4

# %% wrong: The copy is a weight, and divided with them. | feedback: stage 1 divides what is for the update, the copy and the state
# -    if stage >= 3:
# -        weight /= N
# -    return weights * (weight + gradient + update)
    if stage >= 3:
        weight /= N
    if mixed and 1 <= stage < 3:
        update += 4 - 4 / N
    return weights * (weight + gradient + update)

# %% wrong: A stage divides its own part only. | feedback: stage 2 divides what is for the update, and the gradients
# -    if stage >= 1:
    if stage == 1:
# -    if stage >= 2:
    if stage == 2:

# %% wrong: Gradients are divided from stage 1 on. | feedback: You divide 4 of the 8 bytes that there are for each weight, in place of 0
# -    if stage >= 2:
    if stage >= 1:

# %% wrong: Weights are divided from stage 2 on. | feedback: stage 2 divides what is for the update, and the gradients
# -    if stage >= 3:
    if stage >= 2:

# %% wrong: Stage 3 divides the weights, and not the gradients. | feedback: stage 3 divides everything
# -    if stage >= 2:
    if stage == 2:

# %% wrong: Nobody divides the optimizer's state. | feedback: stage 1 divides what is for the update
# -    if stage >= 1:
# -        update /= N
    if stage >= 1 and mixed:
        update = update - 4 + 4 / N

# %% wrong: The sum of all workers. | feedback: that is what all workers hold together
# -    return weights * (weight + gradient + update)
    return N * weights * (weight + gradient + update)

# %% wrong: Bytes are whole numbers. | feedback: nothing is to be rounded
# -    return weights * (weight + gradient + update)
    return int(weights * (weight + gradient + update))

# %% wrong: Shares are rounded up. | feedback: nothing is to be rounded
def memory(weights, N, stage, optimizer, mixed):
    share = -(-weights // N)
    state = {"SGD": 0, "momentum": 4, "Adam": 8}[optimizer]
    parts = [(2, 2, state + 4), (4, 4, state)][not mixed]
    return sum(size * (share if stage >= s else weights) for size, s in zip(parts, (3, 2, 1)))

# %% wrong: Adam has one mean. | feedback: 8 for the state of Adam
# -    weight, gradient, update = 4, 4, {"SGD": 0, "momentum": 4, "Adam": 8}[optimizer]
    weight, gradient, update = 4, 4, {"SGD": 0, "momentum": 4, "Adam": 4}[optimizer]

# %% wrong: Momentum is no state. | feedback: 4 for the state of momentum
# -    weight, gradient, update = 4, 4, {"SGD": 0, "momentum": 4, "Adam": 8}[optimizer]
    weight, gradient, update = 4, 4, {"SGD": 0, "momentum": 0, "Adam": 8}[optimizer]

# %% wrong: Every precision has a copy. | feedback: for each weight there are 8 bytes, if nothing is divided: 4 for the weight, 4 for its gradient
# -        weight, gradient, update = 2, 2, update + 4
        weight, gradient = 2, 2
# -    if stage >= 1:
    update += 4
    if stage >= 1:

# %% wrong: // divides. | feedback: nothing is to be rounded
# -        update /= N
        update //= N
# -        gradient /= N
        gradient //= N
# -        weight /= N
        weight //= N

# %% wrong: One of them is divided by //. | feedback: nothing is to be rounded
# -        gradient /= N
        gradient //= N

# %% wrong: Bytes are rounded up. | feedback: nothing is to be rounded
# -        update /= N
        update = -(-update // N)

# %% wrong: The update's bytes are dropped where they are divided. | feedback: For each weight 4 bytes are divided, and 0 of them arrive
# -        update /= N
        update = 0


# %% right: a table of bytes, and from which stage on each is divided
def memory(weights, N, stage, optimizer, mixed):
    state = {"SGD": 0, "momentum": 4, "Adam": 8}[optimizer]
    table = [(2 if mixed else 4, 3), (2 if mixed else 4, 2), (4 if mixed else 0, 1), (state, 1)]
    return sum(weights * size / (N if stage >= begins else 1) for size, begins in table)

# %% right: fractions, exact, made a float at the end
from fractions import Fraction


def bytes_of(count, N, is_divided):
    return Fraction(count, N) if is_divided else Fraction(count)


def memory(weights, N, stage, optimizer, mixed):
    half = 2 if mixed else 4
    update = ["SGD", "momentum", "Adam"].index(optimizer) * 4 + (4 if mixed else 0)
    whole = bytes_of(half * weights, N, stage == 3) + bytes_of(half * weights, N, stage > 1)
    return float(whole + bytes_of(update * weights, N, stage > 0))

# %% right: match, and the paper's K
def memory(weights, N, stage, optimizer, mixed):
    K = {"SGD": 0, "momentum": 4, "Adam": 8}[optimizer]
    w = g = 4
    if mixed:
        K, w, g = K + 4, 2, 2
    match stage:
        case 0:
            each = w + g + K
        case 1:
            each = w + g + K / N
        case 2:
            each = w + (g + K) / N
        case 3:
            each = (w + g + K) / N
    return torch.tensor(each * weights)
