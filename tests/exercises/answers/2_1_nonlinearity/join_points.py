# %% wrong: The last piece may go on. | feedback: it goes on along its last piece for ever
def join_points(x, y):
    slopes = y.diff() / x.diff()
    changes = torch.cat([slopes[:1], slopes.diff()])
    n = len(changes)
    return torch.ones(1, n), -x[:-1].view(1, n), changes.view(n, 1), y[:1].view(1, 1)

# %% wrong: Output weights are slopes. | feedback: the output weights are the slopes
# -    changes = slopes[1:] - slopes[:-1]
    changes = slopes[1:]

# %% wrong: The network starts from zero. | feedback: is b2 the first y?
# -    return torch.ones(1, n), -x.view(1, n), changes.view(n, 1), y[0].view(1, 1)
    return torch.ones(1, n), -x.view(1, n), changes.view(n, 1), torch.zeros(1, 1)

# %% wrong: Points are one apart. | feedback: Divide by x₂ − x₁
# -    slopes[1:n] = (y[1:] - y[:-1]) / (x[1:] - x[:-1])
    slopes[1:n] = y[1:] - y[:-1]

# %% wrong: The hinge lies at b. | feedback: what the network says at
# -    return torch.ones(1, n), -x.view(1, n), changes.view(n, 1), y[0].view(1, 1)
    return torch.ones(1, n), x.view(1, n), changes.view(n, 1), y[0].view(1, 1)

# %% wrong: The first piece is a line without a unit, to the left as well. | feedback: it falls to the left for ever
def join_points(x, y):
    n = len(x)
    slopes = torch.zeros(n + 1)
    slopes[1:n] = y.diff() / x.diff()
    changes = slopes.diff()
    W1, b1 = torch.ones(1, n), -x.view(1, n).clone()
    b1[0, 0] = 100.0
    return W1, b1, changes.view(n, 1), (y[0] - changes[0] * (x[0] + 100.0)).view(1, 1)

# %% wrong: Two units for each point cannot hurt. | feedback: At most 3 are needed
def join_points(x, y):
    n = len(x)
    slopes = torch.zeros(n + 1)
    slopes[1:n] = y.diff() / x.diff()
    changes = slopes.diff().repeat(2) / 2
    return torch.ones(1, 2 * n), -x.repeat(2).view(1, -1), changes.view(-1, 1), y[0].view(1, 1)

# %% wrong: Weights are vectors. | feedback: It has a row for each input
# -    return torch.ones(1, n), -x.view(1, n), changes.view(n, 1), y[0].view(1, 1)
    return torch.ones(n), -x, changes, y[0]

# %% wrong: A column is a row. | feedback: W2 has shape (1, 3), not (3, 1)
# -    return torch.ones(1, n), -x.view(1, n), changes.view(n, 1), y[0].view(1, 1)
    return torch.ones(1, n), -x.view(1, n), changes.view(1, n), y[0].view(1, 1)

# %% wrong: The last hinge takes the slope away twice. | feedback: it goes on along its last piece
# -    changes = slopes[1:] - slopes[:-1]
    changes = slopes[1:] - slopes[:-1]
    changes[-1] = 0.0

# %% wrong: At the last point the last slope comes once more. | feedback: that is a change of +1, not −1
# -    changes = slopes[1:] - slopes[:-1]
    changes = slopes[1:] - slopes[:-1]
    changes[-1] = -changes[-1]

# %% wrong: Steps join points. | feedback: nothing rises between 0 and 1
# -    changes = slopes[1:] - slopes[:-1]
    changes = slopes[1:] - slopes[:-1]
    changes[0] = 0.0

# %% wrong: Lists are as good as tensors. | feedback: W1 must be a tensor, not list
# -    return torch.ones(1, n), -x.view(1, n), changes.view(n, 1), y[0].view(1, 1)
    return [[1.0] * n], [(-x).tolist()], changes.view(n, 1).tolist(), [[y[0].item()]]

# %% right: from the right
# The mirror image: units that are on to the left, and begin at the last y.


def join_points(x, y):
    n = len(x)
    slopes = torch.cat([torch.zeros(1), y.diff() / x.diff(), torch.zeros(1)])
    return -torch.ones(1, n), x.view(1, n), slopes.diff().view(n, 1), y[-1:].view(1, 1)

# %% right: solves for the output layer
# Hinges at the points; the output weights by a system of equations, and the last one levels it.


def join_points(x, y):
    n = len(x)
    W1, b1 = torch.ones(1, n), -x.view(1, n)
    a1 = torch.relu(x.view(n, 1) @ W1 + b1)
    A = torch.cat([a1, torch.ones(n, 1)], dim=1)
    A = torch.cat([A, torch.cat([torch.ones(1, n), torch.zeros(1, 1)], dim=1)])
    theta = torch.linalg.solve(A, torch.cat([y, torch.zeros(1)]).view(n + 1, 1))
    return W1, b1, theta[:n], theta[n:]

# %% wrong: There are three points. | feedback: There is no such entry
def join_points(x, y):
    first, second = (y[1] - y[0]) / (x[1] - x[0]), (y[2] - y[1]) / (x[2] - x[1])
    changes = torch.stack([first, second - first, -second])
    return torch.ones(1, 3), -x.view(1, 3), changes.view(3, 1), y[0].view(1, 1)
