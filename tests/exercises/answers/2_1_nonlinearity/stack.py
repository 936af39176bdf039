# %% wrong: Biases are added as they are. | feedback: the biases are added as they are
# -        b = b @ next_W + next_b
        b = b + next_b

# %% wrong: The first layer stands next to the output. | feedback: that is W2 @ W1
def stack(layers):
    W, b = layers[0]
    for next_W, next_b in layers[1:]:
        b = b @ next_W + next_b
        W = next_W @ W if W.shape == next_W.shape else W @ next_W
    return W, b

# %% wrong: The list begins with the last layer. | feedback: the layers are in the wrong order
def stack(layers):
    W, b = layers[-1]
    for next_W, next_b in reversed(layers[:-1]):
        W, b = W @ next_W, b @ next_W + next_b
    return W, b

# %% wrong: Layers one after the other add up. | feedback: the weights are added
def stack(layers):
    return sum(W for W, b in layers), sum(b for W, b in layers)

# %% wrong: The product is taken entry by entry. | feedback: that is the product entry by entry
def stack(layers):
    W, b = layers[0]
    for next_W, next_b in layers[1:]:
        b = b @ next_W + next_b
        W = W * next_W if W.shape == next_W.shape else W @ next_W
    return W, b

# %% wrong: The last bias is all that remains. | feedback: the first layer's bias is lost
# -        b = b @ next_W + next_b
        b = next_b

# %% wrong: A layer multiplies what it adds, too. | feedback: It comes after the multiplication
# -        b = b @ next_W + next_b
        b = (b + next_b[:, : b.shape[1]]) @ next_W

# %% wrong: The bias passes through the product of all weights so far. | feedback: by its own weights
# -        b = b @ next_W + next_b
        b = b @ W + next_b

# %% wrong: There are two layers. | feedback: There is no such layer in the list
def stack(layers):
    (W1, b1), (W2, b2) = layers[0], layers[1]
    return W1 @ W2, b1 @ W2 + b2

# %% wrong: There are two layers at most. | feedback: has shape (3, 2), not (3, 5)
def stack(layers):
    W, b = layers[0]
    for next_W, next_b in layers[1:2]:
        W, b = W @ next_W, b @ next_W + next_b
    return W, b

# %% wrong: A bias is a vector. | feedback: It is a row, as in every layer
# -    return W, b
    return W, b.flatten()

# %% wrong: The new bias can be written into the old one. | feedback: Your function changed its input
def stack(layers):
    W, b = layers[0]
    for next_W, next_b in layers[1:]:
        W = W @ next_W
        b = b @ next_W
        next_b += b
        b = next_b
    return W, b

# %% wrong: What is printed is returned. | feedback: Your function returns nothing
# -    return W, b
    print(W, b)

# %% wrong: One tensor can hold both. | feedback: Return two things: return W, b
# -    return W, b
    return torch.cat([W, b])

# %% wrong: Single precision will do. | feedback: float32
# -    return W, b
    return W.float(), b.float()

# %% right: from the right
# Weights from the last layer to the first; each bias goes through all that follow.


def stack(layers):
    W, b = layers[-1]
    for earlier_W, earlier_b in reversed(layers[:-1]):
        b = earlier_b @ W + b
        W = earlier_W @ W
    return W, b

# %% right: asks the layers
# Zero in gives b; the unit vectors give the rows of W.


def stack(layers):
    def through(x):
        for W, b in layers:
            x = x @ W + b
        return x

    inputs = layers[0][0].shape[0]
    b = through(torch.zeros(1, inputs))
    return through(torch.eye(inputs)) - b, b

# %% right: a column of ones
def stack(layers):
    total = None
    for W, b in layers:
        corner = torch.zeros(len(W) + 1, 1)
        corner[-1] = 1.0
        whole = torch.cat([torch.cat([W, b]), corner], dim=1)
        total = whole if total is None else total @ whole
    return total[:-1, :-1], total[-1:, :-1]
