# %% wrong: At the kink the slope is 1. | feedback: at the kink take the slope from the left
# -    slopes = torch.full_like(z, negative).masked_fill(z > 0, 1)
    slopes = torch.full_like(z, negative).masked_fill(z >= 0, 1)

# %% wrong: A leaky ReLU leaks 0.01. | feedback: Use the negative that was given
# -    slopes = torch.full_like(z, negative).masked_fill(z > 0, 1)
    slopes = torch.full_like(z, 0.01).masked_fill(z > 0, 1)

# %% wrong: The slope of the leak has the sign of z. | feedback: it does not change its sign with z
# -    return z * slopes, slopes
    return z * slopes, slopes * torch.where(z < 0, -1.0, 1.0)

# %% wrong: A new tensor of slopes is like any other. | feedback: Take the type of z
# -    slopes = torch.full_like(z, negative).masked_fill(z > 0, 1)
    slopes = torch.where(z > 0, 1.0, negative)

# %% wrong: Below zero a ReLU is 0. | feedback: that is a plain ReLU
# -    return z * slopes, slopes
    return z.clamp(min=0), slopes

# %% wrong: A slope is the activation once more. | feedback: that is the activation, negative · z
# -    return z * slopes, slopes
    return z * slopes, torch.where(z > 0, slopes, z * slopes)

# %% wrong: The activation of what leaks is its slope. | feedback: The activation is negative · z
# -    return z * slopes, slopes
    return torch.where(z > 0, z, slopes), slopes

# %% wrong: The comparison may be turned round. | feedback: is the comparison turned round?
# -    slopes = torch.full_like(z, negative).masked_fill(z > 0, 1)
    slopes = torch.full_like(z, negative).masked_fill(z < 0, 1)

# %% wrong: GELU is the one with Φ. | feedback: that is the exact GELU
# -    return z / 2 * (1 + t), (1 + t) / 2 + z / 2 * (1 - t**2) * rise
    share = 0.5 * (1 + torch.erf(z / math.sqrt(2)))
    return z * share, share + z * torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)

# %% wrong: The sigmoid with 1.702 is near enough. | feedback: that is z·σ(1.702 z)
# -    return z / 2 * (1 + t), (1 + t) / 2 + z / 2 * (1 - t**2) * rise
    return z * torch.sigmoid(1.702 * z), (1 + t) / 2 + z / 2 * (1 - t**2) * rise

# %% wrong: The slope of a product is the first slope times the second factor. | feedback: the second half of the product rule is missing
# -    return z / 2 * (1 + t), (1 + t) / 2 + z / 2 * (1 - t**2) * rise
    return z / 2 * (1 + t), (1 + t) / 2

# %% wrong: The slope of tanh u is 1 − t². | feedback: the chain rule is missing
# -    return z / 2 * (1 + t), (1 + t) / 2 + z / 2 * (1 - t**2) * rise
    return z / 2 * (1 + t), (1 + t) / 2 + z / 2 * (1 - t**2)

# %% wrong: The slope of z³ is z². | feedback: the slope of z³ is 3z²
# -    rise = c * (1 + 3 * 0.044715 * z**2)
    rise = c * (1 + 0.044715 * z**2)

# %% wrong: The constant c drops out. | feedback: the c is missing in du/dz
# -    rise = c * (1 + 3 * 0.044715 * z**2)
    rise = 1 + 3 * 0.044715 * z**2

# %% wrong: The slope of tanh is 1 − t. | feedback: the slope of tanh is 1 − t², with a square
# -    return z / 2 * (1 + t), (1 + t) / 2 + z / 2 * (1 - t**2) * rise
    return z / 2 * (1 + t), (1 + t) / 2 + z / 2 * (1 - t) * rise

# %% wrong: Autograd may find the slope. | feedback: Here autograd and torch's ready functions stay out
# -    return z / 2 * (1 + t), (1 + t) / 2 + z / 2 * (1 - t**2) * rise
    leaf = z.clone().requires_grad_()
    a = leaf / 2 * (1 + torch.tanh(c * (leaf + 0.044715 * leaf**3)))
    return z / 2 * (1 + t), torch.autograd.grad(a.sum(), leaf)[0]

# %% wrong: torch has a leaky ReLU. | feedback: Here autograd and torch's ready functions stay out
# -    return z * slopes, slopes
    return F.leaky_relu(z, negative), slopes

# %% wrong: One of the two is enough. | feedback: Return two things
# -    return z / 2 * (1 + t), (1 + t) / 2 + z / 2 * (1 - t**2) * rise
    return z / 2 * (1 + t)

# %% wrong: tanh is a quotient of exponentials. | feedback: Leave tanh to torch.tanh, which is safe
# -    t = torch.tanh(c * (z + 0.044715 * z**3))
    u = c * (z + 0.044715 * z**3)
    t = (torch.exp(u) - torch.exp(-u)) / (torch.exp(u) + torch.exp(-u))

# %% wrong: The input may hold the answer. | feedback: changed its input
# -    return z * slopes, slopes
    z *= slopes
    return z, slopes

# %% right: with where, and the slope factored
def leaky_relu(z, negative=0.01):
    ones = torch.ones_like(z)
    return torch.where(z > 0, z, negative * z), torch.where(z > 0, ones, negative * ones)


def gelu(z):
    c, k = (2 / math.pi) ** 0.5, 0.044715
    t = torch.tanh(c * z * (1 + k * z * z))
    share = 0.5 * (1 + t)
    # dt/dz = (1 − t²)·du/dz, and (1 − t²)/2 = 2·share·(1 − share)
    return z * share, share + z * 2 * share * (1 - share) * c * (1 + 3 * k * z * z)

# %% right: with masks and a copy
def leaky_relu(z, negative=0.01):
    a, slopes = z.clone(), torch.ones_like(z)
    a[z <= 0] *= negative
    slopes[z <= 0] = negative
    return [a, slopes]


def gelu(z):
    u = math.sqrt(2 / math.pi) * (z + 0.044715 * z.pow(3))
    du = math.sqrt(2 / math.pi) * (1 + 0.134145 * z.pow(2))
    t = u.tanh()
    return [0.5 * z * (1 + t), 0.5 * (1 + t + z * (1 - t * t) * du)]

# %% wrong: The larger of the two. | feedback: only while negative is below 1
# -    return z * slopes, slopes
    return torch.maximum(z, negative * z), slopes

# %% wrong: c has four digits. | feedback: not rounded
# -    c = math.sqrt(2 / math.pi)
    c = 0.7979


# %% wrong: vjp is not grad. | feedback: Here autograd and torch's ready functions stay out
# -    c = math.sqrt(2 / math.pi)
# -    t = torch.tanh(c * (z + 0.044715 * z**3))
# -    rise = c * (1 + 3 * 0.044715 * z**2)
# -    return z / 2 * (1 + t), (1 + t) / 2 + z / 2 * (1 - t**2) * rise
    def f(z):
        return z / 2 * (1 + torch.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))

    a, back = torch.func.vjp(f, z)
    return a, back(torch.ones_like(z))[0]

# %% wrong: Under another name vjp is no autograd. | feedback: Here autograd and torch's ready functions stay out
# -def leaky_relu(z, negative=0.01):
from torch.autograd.functional import vjp as way


def leaky_relu(z, negative=0.01):
# -    c = math.sqrt(2 / math.pi)
# -    t = torch.tanh(c * (z + 0.044715 * z**3))
# -    rise = c * (1 + 3 * 0.044715 * z**2)
# -    return z / 2 * (1 + t), (1 + t) / 2 + z / 2 * (1 - t**2) * rise
    def f(z):
        return z / 2 * (1 + torch.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))

    return way(f, z, torch.ones_like(z))

# %% right: with torch's ReLU, and a helper of its own called grad
def leaky_relu(z, negative=0.01):
    return F.relu(z) - negative * F.relu(-z), torch.where(z > 0, 1.0, negative).to(z.dtype)


def grad(z, t, c):
    return (1 + t) / 2 + z / 2 * (1 - t**2) * c * (1 + 3 * 0.044715 * z**2)


def gelu(z):
    c = math.sqrt(2 / math.pi)
    t = torch.tanh(c * (z + 0.044715 * z**3))
    return z / 2 * (1 + t), grad(z, t, c)

# %% wrong: The activation has the sign of z. | feedback: the sign of the activation is not that of z
# -    slopes = torch.full_like(z, negative).masked_fill(z > 0, 1)
# -    return z * slopes, slopes
    a = torch.where(z > 0, z, negative * z)
    return a, torch.where(a > 0, torch.ones_like(z), torch.full_like(z, negative))

# %% wrong: A slope is a quotient of small differences. | feedback: or is it a difference quotient
# -    c = math.sqrt(2 / math.pi)
# -    t = torch.tanh(c * (z + 0.044715 * z**3))
# -    rise = c * (1 + 3 * 0.044715 * z**2)
# -    return z / 2 * (1 + t), (1 + t) / 2 + z / 2 * (1 - t**2) * rise
    def f(z):
        return z / 2 * (1 + torch.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))

    return f(z), (f(z + 1e-5) - f(z - 1e-5)) / 2e-5
