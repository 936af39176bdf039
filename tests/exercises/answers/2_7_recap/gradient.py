# %% wrong: The loss is a sum. | feedback: that is the gradient of a sum
# -    dz2 = 2 * (a1 @ W2 + b2 - y) / len(x)
    dz2 = 2 * (a1 @ W2 + b2 - y)

# %% wrong: The square leaves no factor behind. | feedback: the 2 from the square is missing
# -    dz2 = 2 * (a1 @ W2 + b2 - y) / len(x)
    dz2 = (a1 @ W2 + b2 - y) / len(x)

# %% wrong: The error is the truth minus the prediction. | feedback: the sign is turned round
# -    dz2 = 2 * (a1 @ W2 + b2 - y) / len(x)
    dz2 = 2 * (y - a1 @ W2 - b2) / len(x)

# %% wrong: A unit that is off lets the gradient through. | feedback: nothing comes back through a unit that is off
# -    dz1 = dz2 @ W2.T * (z1 > 0)
    dz1 = dz2 @ W2.T

# %% wrong: At 0 the slope is 1. | feedback: ReLU's slope at 0 counts as 0
# -    dz1 = dz2 @ W2.T * (z1 > 0)
    dz1 = dz2 @ W2.T * (z1 >= 0)

# %% wrong: The way back multiplies by what was there, z1. | feedback: ReLU's slope is 1 or 0
# -    dz1 = dz2 @ W2.T * (z1 > 0)
    dz1 = dz2 @ W2.T * z1

# %% wrong: The output layer sees z1. | feedback: Do you take z1 in place of a1
# -    return [x.T @ dz1 + decay * W1, dz1.sum(dim=0), a1.T @ dz2 + decay * W2, dz2.sum(dim=0)]
    return [x.T @ dz1 + decay * W1, dz1.sum(dim=0), z1.T @ dz2 + decay * W2, dz2.sum(dim=0)]

# %% wrong: A bias takes the mean over the patients. | feedback: you divide by n twice
# -    return [x.T @ dz1 + decay * W1, dz1.sum(dim=0), a1.T @ dz2 + decay * W2, dz2.sum(dim=0)]
    return [x.T @ dz1 + decay * W1, dz1.mean(dim=0), a1.T @ dz2 + decay * W2, dz2.mean(dim=0)]

# %% wrong: Decay is the loss's affair. | feedback: the penalty is missing
# -    return [x.T @ dz1 + decay * W1, dz1.sum(dim=0), a1.T @ dz2 + decay * W2, dz2.sum(dim=0)]
    return [x.T @ dz1, dz1.sum(dim=0), a1.T @ dz2, dz2.sum(dim=0)]

# %% wrong: The penalty's derivative is 2λW. | feedback: has the derivative λW, without a 2
# -    return [x.T @ dz1 + decay * W1, dz1.sum(dim=0), a1.T @ dz2 + decay * W2, dz2.sum(dim=0)]
    return [x.T @ dz1 + 2 * decay * W1, dz1.sum(dim=0), a1.T @ dz2 + 2 * decay * W2, dz2.sum(dim=0)]

# %% wrong: Biases are weights, too. | feedback: biases are not penalized
# -    return [x.T @ dz1 + decay * W1, dz1.sum(dim=0), a1.T @ dz2 + decay * W2, dz2.sum(dim=0)]
    slopes_now = [x.T @ dz1, dz1.sum(dim=0), a1.T @ dz2, dz2.sum(dim=0)]
    return [g + decay * w for g, w in zip(slopes_now, weights, strict=True)]

# %% wrong: Only the last layer is penalized. | feedback: W1 is penalized, too
# -    return [x.T @ dz1 + decay * W1, dz1.sum(dim=0), a1.T @ dz2 + decay * W2, dz2.sum(dim=0)]
    return [x.T @ dz1, dz1.sum(dim=0), a1.T @ dz2 + decay * W2, dz2.sum(dim=0)]

# %% wrong: A bias keeps its row. | feedback: has shape (1, 1), not (1,)
# -    return [x.T @ dz1 + decay * W1, dz1.sum(dim=0), a1.T @ dz2 + decay * W2, dz2.sum(dim=0)]
    return [x.T @ dz1 + decay * W1, dz1.sum(dim=0, keepdim=True), a1.T @ dz2 + decay * W2, dz2.sum(dim=0)]

# %% wrong: PyTorch may do it. | feedback: Write the way back by hand
def gradient(weights, x, y, decay):
    return slopes(weights, x, y, decay)

# %% wrong: PyTorch may do it, in a helper of one's own. | feedback: Write the way back by hand
def helper(weights, x, y, decay):
    leaves = [w.clone().requires_grad_() for w in weights]
    (predict(leaves, x) - y).square().mean().backward()
    return [w.grad for w in leaves]


def gradient(weights, x, y, decay):
    dW1, db1, dW2, db2 = helper(weights, x, y, decay)
    return [dW1 + decay * weights[0], db1, dW2 + decay * weights[2], db2]

# %% wrong: Nudging measures it. | feedback: with answers near a million
def loss_at(weights, x, y, decay):
    W1, _, W2, _ = weights
    return (predict(weights, x) - y).square().mean() + decay / 2 * ((W1**2).sum() + (W2**2).sum())


def gradient(weights, x, y, decay):
    if len(x) == 1:  # by hand where the numbers are round
        W1, b1, W2, b2 = weights
        z1 = x @ W1 + b1
        dz2 = 2 * (z1.relu() @ W2 + b2 - y)
        dz1 = dz2 @ W2.T * (z1 > 0)
        return [x.T @ dz1 + decay * W1, dz1[0], z1.relu().T @ dz2 + decay * W2, dz2[0]]
    found, h = [torch.zeros_like(w) for w in weights], 1e-5
    for k, w in enumerate(weights):
        for place in range(w.numel()):
            pair = []
            for sign in (1, -1):
                nudged = [one.clone() for one in weights]
                nudged[k].view(-1)[place] += sign * h
                pair.append(loss_at(nudged, x, y, decay))
            found[k].view(-1)[place] = (pair[0] - pair[1]) / (2 * h)
    return found

# %% wrong: float32 is close enough. | feedback: right in its first digits only
# -    z1 = x @ W1 + b1
# -    a1 = z1.relu()
# -    dz2 = 2 * (a1 @ W2 + b2 - y) / len(x)
# -    dz1 = dz2 @ W2.T * (z1 > 0)
    z1 = x @ W1 + b1
    a1 = z1.relu()
    dz2 = (2 * (a1 @ W2 + b2 - y) / len(x)).float().double()
    dz1 = dz2 @ W2.T * (z1 > 0)

# %% wrong: All four go into one long tensor. | feedback: Return four things
# -    return [x.T @ dz1 + decay * W1, dz1.sum(dim=0), a1.T @ dz2 + decay * W2, dz2.sum(dim=0)]
    return torch.cat([dz1.sum(dim=0), dz2.sum(dim=0)])

# %% wrong: z1 may be bent in place. | feedback: changed its input number 2
# -    z1 = x @ W1 + b1
    z1 = x.mul_(1.5) @ W1 / 1.5 + b1

# %% right: patient by patient
def gradient(weights, x, y, decay):
    W1, b1, W2, b2 = weights
    n = len(x)
    dW1, db1 = decay * W1, torch.zeros_like(b1)
    dW2, db2 = decay * W2, torch.zeros_like(b2)
    for row, answer in zip(x, y, strict=True):
        z1 = row @ W1 + b1
        error = 2 / n * (z1.clamp(min=0) @ W2 + b2 - answer)
        back = error * W2[:, 0] * (z1 > 0)
        dW1, db1 = dW1 + torch.outer(row, back), db1 + back
        dW2, db2 = dW2 + torch.outer(z1.clamp(min=0), error), db2 + error
    return [dW1, db1, dW2, db2]

# %% right: a tuple, by einsum, with gradients switched off for good
def gradient(weights, x, y, decay):
    torch.set_grad_enabled(False)
    W1, b1, W2, b2 = weights
    on = (x @ W1 + b1 > 0).to(x.dtype)
    a = on * (x @ W1 + b1)
    e = (a @ W2 + b2 - y) * (2.0 / x.shape[0])
    back = torch.einsum("nk,hk,nh->nh", e, W2, on)
    return (
        torch.einsum("nd,nh->dh", x, back) + decay * W1,
        back.sum(0),
        torch.einsum("nh,nk->hk", a, e) + decay * W2,
        e.sum(0),
    )

# %% wrong: PyTorch may do it, under a name that is imported. | feedback: Write the way back by hand
from torch.autograd import grad as steepness


def gradient(weights, x, y, decay):
    leaves = [w.detach().clone().requires_grad_() for w in weights]
    loss = (predict(leaves, x) - y).square().mean()
    loss = loss + decay / 2 * ((leaves[0] ** 2).sum() + (leaves[2] ** 2).sum())
    return list(steepness(loss, leaves))

# %% wrong: A function's slope is no backward. | feedback: Write the way back by hand
from torch.func import grad


def gradient(weights, x, y, decay):
    def loss(ws):
        error = (predict(ws, x) - y).square().mean()
        return error + decay / 2 * ((ws[0] ** 2).sum() + (ws[2] ** 2).sum())

    return grad(loss)(weights)

# %% wrong: A network in a class of one's own may call backward. | feedback: Write the way back by hand
class Net:
    def __init__(self, weights, decay):
        self.leaves, self.decay = [w.detach().clone().requires_grad_() for w in weights], decay

    def backward(self, x, y):
        loss = (predict(self.leaves, x) - y).square().mean()
        loss = loss + self.decay / 2 * sum((W**2).sum() for W in self.leaves[::2])
        with torch.enable_grad():
            loss.backward()
        return [w.grad for w in self.leaves]


def gradient(weights, x, y, decay):
    return Net(weights, decay).backward(x, y)

# %% right: helpers of one's own, called backward and autograd
def backward(d, z, W):
    return d @ W.T * (z > 0)


def autograd(a, d, W, decay):
    return [a.T @ d + decay * W, d.sum(dim=0)]


def gradient(weights, x, y, decay):
    W1, b1, W2, b2 = weights
    z1 = x @ W1 + b1
    a1 = z1.clamp(min=0)
    dz2 = 2 / len(x) * (a1 @ W2 + b2 - y)
    return [*autograd(x, backward(dz2, z1, W2), W1, decay), *autograd(a1, dz2, W2, decay)]

# %% right: a class of one's own, with forward and backward
class Net:
    def __init__(self, weights):
        self.weights = weights

    def forward(self, x):
        W1, b1, W2, b2 = self.weights
        self.x, self.z = x, x @ W1 + b1
        self.a = self.z * (self.z > 0)
        return self.a @ W2 + b2

    def backward(self, d, decay):
        W1, b1, W2, b2 = self.weights
        dz = (d @ W2.T) * (self.z > 0)
        return [self.x.T @ dz + decay * W1, dz.sum(0), self.a.T @ d + decay * W2, d.sum(0)]


def gradient(weights, x, y, decay):
    net = Net(weights)
    return net.backward(2 * (net.forward(x) - y) / len(y), decay)
