# %% wrong: Gradients accumulate, as in torch. | feedback: the slopes of two batches were added up
# -        self.W.grad = self.x.T @ dz
# -        self.b.grad = dz.sum(dim=0)
        old = self.W.grad, self.b.grad
        self.W.grad = self.x.T @ dz + (0 if old[0] is None else old[0])
        self.b.grad = dz.sum(dim=0) + (0 if old[1] is None else old[1])

# %% wrong: The layer divides by the number of examples. | feedback: the loss has divided by B already
# -        self.W.grad = self.x.T @ dz
        self.W.grad = self.x.T @ dz / len(dz)

# %% wrong: The slope of b is the mean over the rows. | feedback: the rows are added up, not averaged
# -        self.b.grad = dz.sum(dim=0)
        self.b.grad = dz.mean(dim=0)

# %% wrong: The first row stands for all. | feedback: that is the first row of dz
# -        self.b.grad = dz.sum(dim=0)
        self.b.grad = dz[0].clone()

# %% wrong: The way back multiplies by W. | feedback: Two shapes do not fit
# -        return dz @ self.W.T
        return dz @ self.W

# %% wrong: W is kept as torch keeps it, (out, in). | feedback: the very tensors
# -        self.W = W
        self.W = W.T.clone()
# -        return x @ self.W + self.b
        return x @ self.W.T + self.b
# -        return dz @ self.W.T
        return dz @ self.W

# %% wrong: The layer keeps copies of its weights. | feedback: the very tensors
# -        self.W = W
# -        self.b = b
        self.W = W.clone()
        self.b = b.clone()

# %% wrong: The note is made once, at the first forward. | feedback: that belongs to the first forward
# -        self.x = x
        if not hasattr(self, "x"):
            self.x = x

# %% wrong: The notes are a stack: last in, first out. | feedback: backward leaves the note where it is
# -        self.x = x
        self.notes = getattr(self, "notes", []) + [x]
# -        self.W.grad = self.x.T @ dz
        self.W.grad = self.notes.pop().T @ dz

# %% wrong: The note is a global. | feedback: the two layers share one note
NOTE = {}


class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        NOTE["x"] = x
        return x @ self.W + self.b

    def backward(self, dz):
        self.W.grad = NOTE["x"].T @ dz
        self.b.grad = dz.sum(dim=0)
        return dz @ self.W.T

    def parameters(self):
        return [self.W, self.b]


class Tanh:
    def forward(self, z):
        self.a = z.tanh()
        return self.a

    def backward(self, da):
        return da * (1 - self.a**2)

    def parameters(self):
        return []

# %% wrong: The transpose of W is taken once, at the start. | feedback: that is made with the old W
# -        self.b = b
        self.b = b
        self.back = W.T.clone()
# -        return dz @ self.W.T
        return dz @ self.back

# %% wrong: backward makes the update, too. | feedback: must leave W and b as they are
# -        self.b.grad = dz.sum(dim=0)
        self.b.grad = dz.sum(dim=0)
        self.W -= 0.1 * self.W.grad

# %% wrong: Autograd may do it. | feedback: autograd may not do it for you here
# -        self.x = x
# -        return x @ self.W + self.b
        self.x = x.clone().requires_grad_()
        self.w = self.W.clone().requires_grad_()
        self.c = self.b.clone().requires_grad_()
        self.z = self.x @ self.w + self.c
        return self.z.detach()
# -        self.W.grad = self.x.T @ dz
# -        self.b.grad = dz.sum(dim=0)
# -        return dz @ self.W.T
        self.z.backward(dz)
        self.W.grad, self.b.grad = self.w.grad, self.c.grad
        return self.x.grad

# %% wrong: New tensors are made without a dtype. | feedback: keep its dtype
# -        return x @ self.W + self.b
        return x @ self.W + self.b + torch.zeros(len(self.b), dtype=torch.float64)

# %% wrong: A batch of one is a row. | feedback: there may be
# -        return dz @ self.W.T
        return (dz @ self.W.T).squeeze()

# %% wrong: The slope of tanh is made of its input. | feedback: The slope is 1 − a²
# -        self.a = torch.tanh(z)
# -        return self.a
        self.a = z
        return torch.tanh(z)

# %% wrong: The local slope is enough. | feedback: Multiply it by da
# -        return da * (1 - self.a**2)
        return 1 - self.a**2

# %% wrong: The slope of tanh is 1 − a. | feedback: that is 1 − a
# -        return da * (1 - self.a**2)
        return da * (1 - self.a)

# %% wrong: What has no weights lists nothing, so None. | feedback: parameters() must return a list
# -        return []
        return None

# %% wrong: dz may be reused. | feedback: changed its input
# -        return da * (1 - self.a**2)
        da *= 1 - self.a**2
        return da

# %% wrong: backward needs no return. | feedback: is None
# -        return dz @ self.W.T
        dz @ self.W.T

# %% wrong: tanh by its exponentials. | feedback: the tanh of 1000
# -        self.a = torch.tanh(z)
        self.a = (torch.exp(2 * z) - 1) / (torch.exp(2 * z) + 1)

# %% right: einsum, addmm, and tuples
# -        return x @ self.W + self.b
        return torch.addmm(self.b, x, self.W)
# -        self.W.grad = self.x.T @ dz
# -        self.b.grad = dz.sum(dim=0)
# -        return dz @ self.W.T
        self.W.grad = torch.einsum("bi,bo->io", self.x, dz)
        self.b.grad = torch.ones(len(dz), dtype=dz.dtype) @ dz
        return torch.einsum("bo,io->bi", dz, self.W)

# %% right: one base class, and tanh by way of its input, under another name
class there_and_back:
    def parameters(self):
        return list(self.mine)

    mine = ()


class Linear(there_and_back):
    def __init__(self, weights, offset):
        self.mine = (weights, offset)

    def forward(self, sheet):
        self.note = sheet.clone()
        W, b = self.mine
        return b + sheet.matmul(W)

    def backward(self, sheet):
        W, b = self.mine
        W.grad = torch.mm(self.note.t(), sheet)
        b.grad = sheet.sum(0)
        return sheet.mm(W.t())


class Tanh(there_and_back):
    def forward(self, sheet):
        self.note = sheet.clone()
        return sheet.tanh()

    def backward(self, sheet):
        return sheet / torch.cosh(self.note.clamp(-300, 300)) ** 2

# %% wrong: torch has a Linear. | feedback: must be a class of your own
Linear = nn.Linear


class Tanh(nn.Tanh):
    def backward(self, da):
        return da

# %% wrong: A weight of zero needs no slope. | feedback: W.grad
# -        self.W.grad = self.x.T @ dz
        self.W.grad = (self.x.T @ dz).clamp(min=0)

# %% wrong: Float64 is switched on for all that follows. | feedback: keep its dtype
# -        return x @ self.W + self.b
        torch.set_default_dtype(torch.float64)
        return (x.double() @ self.W.double()) + self.b.double()

# %% wrong: The note is thrown away once it was used. | feedback: Your code stops with AttributeError
# -        return dz @ self.W.T
        del self.x
        return dz @ self.W.T

# %% wrong: The layer remembers by value which batch it saw. | feedback: after forward of one batch and then of another
# -        self.x = x
        self.x = getattr(self, "x", x) if getattr(self, "x", x).shape == x.shape else x

# %% wrong: Slopes are copied into what stands there. | feedback: *sets* it, with =
# -        self.W = W
# -        self.b = b
        self.W, self.b = W, b
        W.grad, b.grad = torch.zeros_like(W), torch.zeros_like(b)
# -        self.W.grad = self.x.T @ dz
# -        self.b.grad = dz.sum(dim=0)
        self.W.grad.copy_(self.x.T @ dz)
        self.b.grad.copy_(dz.sum(dim=0))

# %% wrong: Slopes are added to none. | feedback: *sets* it, with =
# -        self.W.grad = self.x.T @ dz
        self.W.grad += self.x.T @ dz

# %% wrong: The sum keeps its axis. | feedback: its sum goes without keepdim
# -        self.b.grad = dz.sum(dim=0)
        self.b.grad = dz.sum(dim=0, keepdim=True)

# %% wrong: Forward mode is no autograd. | feedback: autograd may not do it for you
# -        self.a = torch.tanh(z)
# -        return self.a
        self.z = z
        return torch.tanh(z)
# -        return da * (1 - self.a**2)
        return torch.func.jvp(torch.tanh, (self.z,), (da,))[1]

# %% wrong: Under another name it is no autograd. | feedback: autograd may not do it for you
# -class Tanh:
from torch.autograd import grad as slope_of


class Tanh:
# -        self.a = torch.tanh(z)
# -        return self.a
        self.z = z
        return torch.tanh(z)
# -        return da * (1 - self.a**2)
        with torch.enable_grad():
            z = self.z.detach().requires_grad_()
            return slope_of(torch.tanh(z), z, da)[0]

# %% wrong: The note of a tanh is needed once. | feedback: and the note was gone
# -        self.a = torch.tanh(z)
# -        return self.a
        self.notes = [torch.tanh(z)]
        return self.notes[-1]
# -        return da * (1 - self.a**2)
        return da * (1 - self.notes.pop() ** 2)

# %% wrong: The note may be squared in place. | feedback: Tanh: backward has changed what forward returned
# -        return da * (1 - self.a**2)
        self.a *= self.a
        return da * (1 - self.a)

# %% wrong: The note, though a copy, may be squared in place. | feedback: backward leaves the note as it is
# -        self.a = torch.tanh(z)
# -        return self.a
        self.a = torch.tanh(z)
        return self.a.clone()
# -        return da * (1 - self.a**2)
        self.a *= self.a
        return da * (1 - self.a)

# %% wrong: Slopes are written into what stands there. | feedback: *sets* it, with =
# -        self.W.grad = self.x.T @ dz
        self.W.grad[:] = self.x.T @ dz

# %% wrong: torch's tanh is a class, too. | feedback: not made of torch's nn.Tanh
# -class Tanh:
class Tanh(nn.Tanh):
# -        self.a = torch.tanh(z)
        self.a = super().forward(z)

# %% right: a base of their own, which is a module
# -class Linear:
class Layer(nn.Module):
    def parameters(self):
        return []


class Linear(Layer):
# -    def __init__(self, W, b):
    def __init__(self, W, b):
        super().__init__()
# -class Tanh:
class Tanh(Layer):
