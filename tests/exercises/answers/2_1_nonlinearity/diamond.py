# %% wrong: More is outside. | feedback: The fence is turned round
# -    W2 = -torch.ones(4, 1)
# -    return W1, torch.zeros(1, 4), W2, torch.tensor([[r + 0.5]])
    W2 = torch.ones(4, 1)
    return W1, torch.zeros(1, 4), W2, torch.tensor([[0.5 - r]])

# %% wrong: The fence lies where the output is 0. | feedback: it must be less than 0.5 outside
# -    return W1, torch.zeros(1, 4), W2, torch.tensor([[r + 0.5]])
    return W1, torch.zeros(1, 4), W2, torch.tensor([[r + 0.9]])

# %% wrong: The output at the middle is r. | feedback: it must be more than 0.5 inside
# -    return W1, torch.zeros(1, 4), W2, torch.tensor([[r + 0.5]])
    return W1, torch.zeros(1, 4), W2, torch.tensor([[r]])

# %% wrong: Inside nothing needs to happen. | feedback: In the middle of the diamond the output is exactly 0.5
def diamond(r):
    W1 = torch.tensor([[1.0, 1.0, -1.0, -1.0], [1.0, -1.0, 1.0, -1.0]])
    return W1, -r * torch.ones(1, 4), -torch.ones(4, 1), torch.tensor([[0.5]])

# %% wrong: An absolute value takes one unit. | feedback: it must be less than 0.5 outside
def diamond(r):
    return torch.eye(2), torch.zeros(1, 2), -torch.ones(2, 1), torch.tensor([[r + 0.5]])

# %% wrong: A diamond is a square. | feedback: Your fence reaches (0.9, 0.9)
def diamond(r):
    W1 = torch.tensor([[1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 1.0, -1.0]])
    return W1, -0.95 * r * torch.ones(1, 4), -torch.ones(4, 1), torch.tensor([[0.55]])

# %% wrong: r is 1. | feedback: With r = 3
# -    return W1, torch.zeros(1, 4), W2, torch.tensor([[r + 0.5]])
    return W1, torch.zeros(1, 4), W2, torch.tensor([[1.5]])

# %% wrong: Each side and each corner has a unit. | feedback: Your network has 8 units
def diamond(r):
    W1 = torch.tensor([[1.0, -1.0, 0.0, 0.0, 1.0, 1.0, -1.0, -1.0], [0.0, 0.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0]])
    b1 = torch.tensor([[0.0, 0.0, 0.0, 0.0, -r, -r, -r, -r]])
    return W1, b1, -torch.ones(8, 1), torch.tensor([[r + 0.5]])

# %% wrong: Units are rows. | feedback: a column for each unit
def diamond(r):
    W1 = torch.tensor([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    return W1, torch.zeros(1, 4), -torch.ones(4, 1), torch.tensor([[r + 0.5]])

# %% wrong: The output bias is a number. | feedback: b2 must be a tensor
# -    return W1, torch.zeros(1, 4), W2, torch.tensor([[r + 0.5]])
    return W1, torch.zeros(1, 4), W2, r + 0.5

# %% wrong: Whole numbers are numbers. | feedback: write 1.0, not 1
# -    W1 = torch.tensor([[1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 1.0, -1.0]])
    W1 = torch.tensor([[1, -1, 0, 0], [0, 0, 1, -1]])

# %% right: in units of r
# -    W2 = -torch.ones(4, 1)
# -    return W1, torch.zeros(1, 4), W2, torch.tensor([[r + 0.5]])
    return W1 / r, torch.zeros(1, 4), -0.5 * torch.ones(4, 1), torch.ones(1, 1)

# %% right: steeper
# Ten times as steep everywhere; the fence stays where it is.


def diamond(r):
    W1 = torch.zeros(2, 4)
    W1[0, 0], W1[0, 1], W1[1, 2], W1[1, 3] = 2.0, -2.0, 2.0, -2.0
    return W1, torch.zeros(1, 4), -5 * torch.ones(4, 1), torch.tensor([[10.0 * r + 0.5]])

# %% right: three units
# |v| = 2 max(0, v) - v: the two lines that are left over share one unit, far from its hinge.


def diamond(r):
    far = 1e6
    W1 = torch.tensor([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
    b1 = torch.tensor([[0.0, 0.0, far]])
    return W1, b1, torch.tensor([[-2.0], [-2.0], [1.0]]), torch.tensor([[r + 0.5 - far]])

# %% wrong: A fence may stand a little outside. | feedback: it must be less than 0.5 outside
# -    return W1, torch.zeros(1, 4), W2, torch.tensor([[r + 0.5]])
    return W1, torch.zeros(1, 4), W2, torch.tensor([[r * 1.001 + 0.5]])

# %% wrong: No diamond is smaller than a quarter. | feedback: With r = 0.01
# -    return W1, torch.zeros(1, 4), W2, torch.tensor([[r + 0.5]])
    return W1, torch.zeros(1, 4), W2, torch.tensor([[max(r, 0.24) + 0.5]])
