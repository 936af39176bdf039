# %% wrong: Without the transpose the shapes fit, too. | feedback: the transpose is missing: dz @ W.T
# -    dx = dz @ W.T
    dx = dz @ W if W.shape[0] == W.shape[1] else dz @ W.T

# %% wrong: dz comes first, as in dx. | feedback: that is the transpose of dW
# -    dW = x.T @ dz
    dW = dz.T @ x

# %% wrong: x and dz are multiplied as they are. | feedback: x must be transposed
# -    dW = x.T @ dz
    dW = x @ dz

# %% wrong: A mean loss has mean gradients. | feedback: that is the mean. b was added in each row
# -    db = dz.sum(dim=0)
    db = dz.mean(dim=0)

# %% wrong: The slope of + is 1, so db is dz. | feedback: add up the rows, dz.sum(dim=0)
# -    db = dz.sum(dim=0)
    db = dz

# %% wrong: A bias is a row. | feedback: b has one axis: without keepdim
# -    db = dz.sum(dim=0)
    db = dz.sum(dim=0, keepdim=True)

# %% wrong: Each gradient is a mean over the batch. | feedback: The 1/B of a mean loss is in dz already
# -    dW = x.T @ dz
    dW = x.T @ dz / len(x)

# %% wrong: The mean can be taken in place. | feedback: Your function changed its input number 1
# -    dx = dz @ W.T
    dz /= len(x)
    dx = dz @ W.T

# %% wrong: The weights come first. | feedback: With x = [[1, 2], [3, 4]] and dz = [[1, 0], [0, 10]], dW
# -    return dx, dW, db
    return dW, dx, db

# %% wrong: x is a number in the layer, so nobody needs dx. | feedback: Return three things: return dx, dW, db
# -    return dx, dW, db
    return dW, db

# %% wrong: dx is made of x. | feedback: that is made of x. It must be made of W
# -    dx = dz @ W.T
    dx = x @ dz if x.shape[1] == dz.shape[0] == dz.shape[1] else dz @ W.T

# %% wrong: The factors of dx may be exchanged. | feedback: the factors are exchanged, and the transpose is missing
def linear_backward(dz, x, W):
    return W @ dz, x.T @ dz, dz.sum(dim=0)

# %% wrong: The bias is one number for the whole layer. | feedback: sum over axis 0 only
# -    db = dz.sum(dim=0)
    db = dz.sum()

# %% wrong: The bias has one entry for each example. | feedback: db
# -    db = dz.sum(dim=0)
    db = dz.sum(dim=1)

# %% wrong: Single precision is enough. | feedback: is float32
# -    return dx, dW, db
    return dx, dW.float(), db

# %% wrong: autograd does it. | feedback: It is all by hand
def linear_backward(dz, x, W):
    x, W = x.clone().requires_grad_(), W.clone().requires_grad_()
    b = torch.zeros(W.shape[1], requires_grad=True)
    (x @ W + b).backward(dz)
    return x.grad, W.grad, b.grad

# %% right: entry by entry
def linear_backward(dz, x, W):
    (B, D), H = x.shape, dz.shape[1]
    dx, dW, db = torch.zeros_like(x), torch.zeros_like(W), dz.new_zeros(H)
    for n in range(B):
        for j in range(H):
            db[j] += dz[n, j]
            for i in range(D):
                dW[i, j] += x[n, i] * dz[n, j]
                dx[n, i] += W[i, j] * dz[n, j]
    return dx, dW, db

# %% right: named axes, and a list
def linear_backward(dz, x, W):
    dx = torch.einsum("nj,ij->ni", dz, W)
    dW = torch.einsum("ni,nj->ij", x, dz)
    return [dx, dW, torch.einsum("nj->j", dz)]

# %% right: transposed twice, and a helper named three
def three(a, b):
    return (b.T @ a.T).T


def linear_backward(dz, x, W):
    torch.set_grad_enabled(False)
    return three(dz, W.t()), three(x.mT, dz), torch.ones(len(dz), dtype=dz.dtype) @ dz

# %% wrong: torch.func is not autograd. | feedback: It is all by hand
from torch.func import grad


def linear_backward(dz, x, W):
    return grad(lambda x, W, b: ((x @ W + b) * dz).sum(), argnums=(0, 1, 2))(x, W, torch.zeros(W.shape[1]))

# %% right: the biases row by row, in a tensor of the default type
# -    db = dz.sum(dim=0)
    db = torch.zeros(W.shape[1])
    for row in dz:
        db += row
