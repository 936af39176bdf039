# %% wrong: Without the transpose the shapes fit, too. | feedback: the transpose of W2 is missing
# -    dz1 = dz2 @ W2.T * (z1 > 0)
    back = dz2 @ W2 if W2.shape[0] == W2.shape[1] else dz2 @ W2.T
    dz1 = back * (z1 > 0)

# %% wrong: ReLU lets the slip pass. | feedback: the mask of ReLU is missing
# -    dz1 = dz2 @ W2.T * (z1 > 0)
    dz1 = dz2 @ W2.T

# %% wrong: What is not negative is active. | feedback: at 0 torch passes nothing on
# -    dz1 = dz2 @ W2.T * (z1 > 0)
    dz1 = dz2 @ W2.T * (z1 >= 0)

# %% wrong: The mask comes from the slip. | feedback: the mask of ReLU comes from z1
# -    dz1 = dz2 @ W2.T * (z1 > 0)
    dz1 = (dz2 @ W2.T).relu()

# %% wrong: The activation is never negative, so it is active. | feedback: the mask of ReLU is missing
# -    dz1 = dz2 @ W2.T * (z1 > 0)
    dz1 = dz2 @ W2.T * (a1 >= 0)

# %% wrong: The batch has the sum of the losses. | feedback: the 1/B of the mean is missing
# -    dz2 = dz2 / len(y)
    pass

# %% wrong: A mean loss has mean gradients. | feedback: it is divided by B twice
# -    return x.T @ dz1, dz1.sum(dim=0), a1.T @ dz2, dz2.sum(dim=0)
    return x.T @ dz1, dz1.mean(dim=0), a1.T @ dz2, dz2.mean(dim=0)

# %% wrong: Everything is divided by the batch. | feedback: it is divided by B twice
# -    return x.T @ dz1, dz1.sum(dim=0), a1.T @ dz2, dz2.sum(dim=0)
    B = len(y)
    return x.T @ dz1 / B, dz1.sum(dim=0) / B, a1.T @ dz2 / B, dz2.sum(dim=0)

# %% wrong: The slip for a bias is the slip. | feedback: b1 was added in each row: add up the rows
# -    return x.T @ dz1, dz1.sum(dim=0), a1.T @ dz2, dz2.sum(dim=0)
    return x.T @ dz1, dz1, a1.T @ dz2, dz2

# %% wrong: The second layer sees z1. | feedback: it is made of a1, not of z1
# -    return x.T @ dz1, dz1.sum(dim=0), a1.T @ dz2, dz2.sum(dim=0)
    return x.T @ dz1, dz1.sum(dim=0), z1.T @ dz2, dz2.sum(dim=0)

# %% wrong: What was true minus what was said. | feedback: the sign of dz2 is turned round
# -    dz2 = dz2 / len(y)
    dz2 = -dz2 / len(y)

# %% wrong: The error is the probability. | feedback: the 1 of the right class is not taken away
# -    dz2[range(len(y)), y] -= 1
    pass

# %% wrong: The last layer comes first. | feedback: Is the order dW1, db1, dW2, db2
# -    return x.T @ dz1, dz1.sum(dim=0), a1.T @ dz2, dz2.sum(dim=0)
    return a1.T @ dz2, dz2.sum(dim=0), x.T @ dz1, dz1.sum(dim=0)

# %% wrong: The gradients of the weights are enough. | feedback: Return four things: return dW1, db1, dW2, db2
# -    return x.T @ dz1, dz1.sum(dim=0), a1.T @ dz2, dz2.sum(dim=0)
    return x.T @ dz1, a1.T @ dz2

# %% wrong: The softmax can be written as it is. | feedback: holds nan: an exponential overflowed
# -    dz2 = z2.softmax(dim=1)
    dz2 = z2.exp() / z2.exp().sum(dim=1, keepdim=True)

# %% wrong: dW as the layers of torch keep it. | feedback: That is the transpose
# -    return x.T @ dz1, dz1.sum(dim=0), a1.T @ dz2, dz2.sum(dim=0)
    return dz1.T @ x, dz1.sum(dim=0), dz2.T @ a1, dz2.sum(dim=0)

# %% wrong: ReLU can be made in place, and the weights updated at once. | feedback: changed its input number 3
# -    return x.T @ dz1, dz1.sum(dim=0), a1.T @ dz2, dz2.sum(dim=0)
    dW1 = x.T @ dz1
    W1 -= 0.1 * dW1
    return dW1, dz1.sum(dim=0), a1.T @ dz2, dz2.sum(dim=0)

# %% wrong: autograd does it. | feedback: It is all by hand
def gradients(x, y, W1, b1, W2, b2):
    leaves = [w.clone().requires_grad_() for w in (W1, b1, W2, b2)]
    scores = (x @ leaves[0] + leaves[1]).relu() @ leaves[2] + leaves[3]
    return torch.autograd.grad(F.cross_entropy(scores, y), leaves)

# %% right: made of the answers above
def gradients(x, y, W1, b1, W2, b2):
    z1 = x @ W1 + b1
    a1 = torch.relu(z1)
    dz2 = cross_entropy_backward(a1 @ W2 + b2, y)
    da1, dW2, db2 = linear_backward(dz2, a1, W2)
    _, dW1, db1 = linear_backward(relu_backward(da1, z1), x, W1)
    return dW1, db1, dW2, db2

# %% right: example by example, added up
def gradients(x, y, W1, b1, W2, b2):
    totals = [torch.zeros_like(w) for w in (W1, b1, W2, b2)]
    for row, label in zip(x, y.tolist()):
        z1 = row @ W1 + b1
        a1 = z1.clamp(min=0)
        dz2 = torch.softmax(a1 @ W2 + b2, dim=0)
        dz2[label] -= 1
        dz1 = torch.where(z1 > 0, W2 @ dz2, 0.0)
        parts = torch.outer(row, dz1), dz1, torch.outer(a1, dz2), dz2
        totals = [total + part / len(x) for total, part in zip(totals, parts, strict=True)]
    return totals

# %% right: a helper named backward
def backward(dz, x, W):
    return dz @ W.T, x.T @ dz, dz.sum(0)


def gradients(x, y, W1, b1, W2, b2):
    z1 = torch.addmm(b1, x, W1)
    a1 = z1.relu()
    p = F.softmax(torch.addmm(b2, a1, W2), dim=1)
    da1, dW2, db2 = backward((p - F.one_hot(y, p.shape[1])) / y.numel(), a1, W2)
    _, dW1, db1 = backward(da1.masked_fill(z1 <= 0, 0.0), x, W1)
    return dW1, db1, dW2, db2

# %% wrong: one_hot knows the classes. | feedback: onehot needs a column for each class
# -    dz2[range(len(y)), y] -= 1
    dz2 = dz2 - F.one_hot(y)

# %% wrong: The first bias may be left out. | feedback: b1 is missing in z1
# -    z1 = x @ W1 + b1
    z1 = x @ W1

# %% wrong: The second bias may be left out. | feedback: b2 is missing in z2
# -    z2 = a1 @ W2 + b2
    z2 = a1 @ W2

# %% wrong: A softmax goes along the first axis. | feedback: each row needs a softmax of its own
# -    dz2 = z2.softmax(dim=1)
    dz2 = z2.softmax(dim=0)

# %% wrong: The mask needs no bias. | feedback: the mask of ReLU comes from z1, with its b1
# -    dz1 = dz2 @ W2.T * (z1 > 0)
    dz1 = dz2 @ W2.T * (x @ W1 > 0)

# %% wrong: The mean goes over all entries. | feedback: divide by the number of rows, B
# -    dz2 = dz2 / len(y)
    dz2 = dz2 / dz2.numel()
