# %% wrong: The formula as the books print it will do. | feedback: No exponential of a positive number may be computed
# -    return torch.exp(z.clamp(max=0)) / (1 + torch.exp(-z.abs()))
    return 1 / (1 + torch.exp(-z))

# %% wrong: torch.where throws away the branch that overflows. | feedback: 0 · ∞ is NaN
# -    return torch.exp(z.clamp(max=0)) / (1 + torch.exp(-z.abs()))
    e = torch.exp(z)
    return torch.where(z > 0, 1 / (1 + 1 / e), e / (1 + e))

# %% wrong: The log of one plus an exponential is safe. | feedback: No exponential of a positive number may be computed
# -    return z.clamp(min=0) + torch.log1p(torch.exp(-z.abs()))
    return torch.log1p(torch.exp(z))

# %% wrong: log(1 + e) is log1p(e). | feedback: 1 + e rounds a small e away
# -    return z.clamp(min=0) + torch.log1p(torch.exp(-z.abs()))
    return z.clamp(min=0) + torch.log(1 + torch.exp(-z.abs()))

# %% wrong: Far out softplus may be cut to its limits. | feedback: is a piece cut off too early?
# -    return z.clamp(min=0) + torch.log1p(torch.exp(-z.abs()))
    return torch.log1p(torch.exp(z.clamp(-50, 50))) + (z.detach() - 50).clamp(min=0)

# %% wrong: An ELU may compute both branches. | feedback: in a branch that is thrown away
# -    return z.clamp(min=0) + torch.exp(z.clamp(max=0)) - 1
    return torch.where(z > 0, z, torch.exp(z) - 1)

# %% wrong: The piece below zero is the exponential. | feedback: the 1 was not taken away
# -    return z.clamp(min=0) + torch.exp(z.clamp(max=0)) - 1
    return torch.where(z > 0, z, torch.exp(z.clamp(max=0)))

# %% wrong: torch has these functions. | feedback: here it is forbidden
# -    return torch.exp(z.clamp(max=0)) / (1 + torch.exp(-z.abs()))
    return torch.sigmoid(z)

# %% wrong: A method of the tensor is no function of torch. | feedback: here it is forbidden
# -    return torch.exp(z.clamp(max=0)) / (1 + torch.exp(-z.abs()))
    return z.sigmoid()

# %% wrong: torch's ELU lies in a module of its own. | feedback: torch has an ELU, but here it is forbidden
# -    return z.clamp(min=0) + torch.exp(z.clamp(max=0)) - 1
    return nn.functional.elu(z)

# %% wrong: An if tells positive from negative. | feedback: gets one for each entry
# -    return torch.exp(z.clamp(max=0)) / (1 + torch.exp(-z.abs()))
    if z > 0:
        return 1 / (1 + torch.exp(-z))
    return torch.exp(z) / (1 + torch.exp(z))

# %% wrong: The answer is written into the input. | feedback: changed its input
# -    return z.clamp(min=0) + torch.exp(z.clamp(max=0)) - 1
    below = z < 0
    z.data[below] = torch.exp(z.data[below]) - 1
    return z

# %% wrong: New tensors are float64. | feedback: Take the type of z
# -    return z.clamp(min=0) + torch.exp(z.clamp(max=0)) - 1
    a = torch.zeros(z.shape) + z.clamp(min=0)
    return a + torch.exp(z.clamp(max=0)) - 1

# %% wrong: A number is a number, with or without its history. | feedback: Autograd cannot go through
# -    return torch.exp(z.clamp(max=0)) / (1 + torch.exp(-z.abs()))
    with torch.no_grad():
        return torch.exp(z.clamp(max=0)) / (1 + torch.exp(-z.abs()))

# %% wrong: The sign of the exponent does not matter. | feedback: the sign of the exponent is turned round
# -    return torch.exp(z.clamp(max=0)) / (1 + torch.exp(-z.abs()))
    return torch.exp((-z).clamp(max=0)) / (1 + torch.exp(-z.abs()))

# %% wrong: softplus adds the size of z. | feedback: Add the larger of z and 0, not |z|
# -    return z.clamp(min=0) + torch.log1p(torch.exp(-z.abs()))
    return z.abs() + torch.log1p(torch.exp(-z.abs()))

# %% wrong: What is computed need not be returned. | feedback: Your function returns nothing
# -    return z.clamp(min=0) + torch.exp(z.clamp(max=0)) - 1
    z.clamp(min=0) + torch.exp(z.clamp(max=0)) - 1

# %% wrong: float32 is precise enough. | feedback: Take the type of z
# -    return torch.exp(z.clamp(max=0)) / (1 + torch.exp(-z.abs()))
    z = z.float()
    return torch.exp(z.clamp(max=0)) / (1 + torch.exp(-z.abs()))

# %% right: by tanh, logaddexp and expm1
def sigmoid(z):
    return 0.5 * (1 + torch.tanh(z / 2))


def softplus(z):
    return torch.logaddexp(torch.zeros_like(z), z)


def elu(z):
    return torch.where(z > 0, z, torch.expm1(torch.minimum(z, torch.zeros_like(z))))

# %% right: with masks, and cut off in both branches
def sigmoid(z):
    up, down = z.clamp(min=0), z.clamp(max=0)
    return torch.where(z >= 0, 1 / (1 + torch.exp(-up)), torch.exp(down) / (1 + torch.exp(down)))


def softplus(z):
    small = torch.log1p(torch.exp(-z.abs()))
    return torch.where(z > 0, z + small, small)


def elu(z):
    return torch.relu(z) + torch.expm1(-torch.relu(-z))

# %% wrong: Under another name it is another function. | feedback: torch has a sigmoid, but here it is forbidden
# -def sigmoid(z):
# -    """1 / (1 + exp(-z)), entry by entry."""
# -    return torch.exp(z.clamp(max=0)) / (1 + torch.exp(-z.abs()))
sigmoid = torch.sigmoid

# %% wrong: A default is no call. | feedback: torch has a softplus, but here it is forbidden
# -def softplus(z):
def softplus(z, ready=F.softplus):
# -    return z.clamp(min=0) + torch.log1p(torch.exp(-z.abs()))
    return ready(z, threshold=700)

# %% right: with torch's ReLU, and a helper that bears the name of torch's
def expit(z):
    low = torch.exp(-z.abs())
    return torch.where(z > 0, 1 / (1 + low), low / (1 + low))


def sigmoid(z):
    return expit(z)


def softplus(z):
    return F.relu(z) + torch.log1p(torch.exp(-z.abs()))


def elu(z):
    return torch.where(z > 0, z, torch.exp(z.clamp(max=0)) - 1)

# %% wrong: Cut at 700, an exponential is safe in every type. | feedback: at -100, in float32, is right
# -    return torch.exp(z.clamp(max=0)) / (1 + torch.exp(-z.abs()))
    return 1 / (1 + torch.exp(-z.clamp(min=-700)))
