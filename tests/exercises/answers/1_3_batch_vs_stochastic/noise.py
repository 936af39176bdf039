# %% wrong: The bias is the mean distance from the truth. | feedback: take no absolute values
def gradient_noise(gradients, draw, draws):
    estimates = torch.stack([gradients[draw()].mean(dim=0) for _ in range(draws)])
    off = estimates - gradients.mean(dim=0)
    return off.abs().mean(dim=0), (off**2).sum(dim=1).mean().item()

# %% wrong: The noise is the variance of the draws. | feedback: that is measured from the mean of the draws
def gradient_noise(gradients, draw, draws):
    estimates = torch.stack([gradients[draw()].mean(dim=0) for _ in range(draws)])
    off = estimates - gradients.mean(dim=0)
    return off.mean(dim=0), ((estimates - estimates.mean(dim=0)) ** 2).sum(dim=1).mean().item()

# %% wrong: The bias is the truth minus the estimate. | feedback: the sign is turned round
def gradient_noise(gradients, draw, draws):
    estimates = torch.stack([gradients[draw()].mean(dim=0) for _ in range(draws)])
    off = estimates - gradients.mean(dim=0)
    return -off.mean(dim=0), (off**2).sum(dim=1).mean().item()

# %% wrong: A variance divides by one less than the number. | feedback: divide by the number of draws
def gradient_noise(gradients, draw, draws):
    estimates = torch.stack([gradients[draw()].mean(dim=0) for _ in range(draws)])
    off = estimates - gradients.mean(dim=0)
    return off.mean(dim=0), (off**2).sum().item() / max(draws - 1, 1)

# %% wrong: One batch, looked at many times, is many batches. | feedback: call draw() anew for every batch
def gradient_noise(gradients, draw, draws):
    batch = draw()
    off = torch.stack([gradients[batch].mean(dim=0) for _ in range(draws)]) - gradients.mean(dim=0)
    return off.mean(dim=0), (off**2).sum(dim=1).mean().item()

# %% wrong: A batch is a set. | feedback: then it counts twice
def gradient_noise(gradients, draw, draws):
    estimates = torch.stack([gradients[draw().unique()].mean(dim=0) for _ in range(draws)])
    off = estimates - gradients.mean(dim=0)
    return off.mean(dim=0), (off**2).sum(dim=1).mean().item()

# %% wrong: The mean of all squares is the mean squared length. | feedback: that is the mean over the coordinates
def gradient_noise(gradients, draw, draws):
    estimates = torch.stack([gradients[draw()].mean(dim=0) for _ in range(draws)])
    off = estimates - gradients.mean(dim=0)
    return off.mean(dim=0), (off**2).mean().item()

# %% wrong: The bias is one number. | feedback: bias has shape
def gradient_noise(gradients, draw, draws):
    estimates = torch.stack([gradients[draw()].mean(dim=0) for _ in range(draws)])
    off = estimates - gradients.mean(dim=0)
    return off.mean(), (off**2).sum(dim=1).mean().item()

# %% wrong: First the mean, then the square. | feedback: that is the squared length of the bias
def gradient_noise(gradients, draw, draws):
    estimates = torch.stack([gradients[draw()].mean(dim=0) for _ in range(draws)])
    off = estimates - gradients.mean(dim=0)
    return off.mean(dim=0), (off.mean(dim=0) ** 2).sum().item()

# %% wrong: The noise is a length. | feedback: that is the root of the noise
def gradient_noise(gradients, draw, draws):
    estimates = torch.stack([gradients[draw()].mean(dim=0) for _ in range(draws)])
    off = estimates - gradients.mean(dim=0)
    return off.mean(dim=0), (off**2).sum(dim=1).mean().sqrt().item()

# %% wrong: The batch's gradient is the sum of its rows. | feedback: take the *mean* of a batch, not its sum
def gradient_noise(gradients, draw, draws):
    estimates = torch.stack([gradients[draw()].sum(dim=0) for _ in range(draws)])
    off = estimates - gradients.mean(dim=0)
    return off.mean(dim=0), (off**2).sum(dim=1).mean().item()

# %% right: running sums in a loop
def gradient_noise(gradients, draw, draws):
    g = sum(gradients) / len(gradients)
    bias, noise = torch.zeros_like(g), 0.0
    for _ in range(draws):
        rows = draw().tolist()
        off = sum(gradients[i] for i in rows) / len(rows) - g
        bias = bias + off / draws
        noise += float(off @ off) / draws
    return bias, noise

# %% right: noise as variance plus squared bias
def gradient_noise(gradients, draw, draws):
    estimates = torch.stack([gradients.index_select(0, draw()).mean(0) for _ in range(draws)])
    bias = estimates.mean(0) - gradients.mean(0)
    return bias, (estimates.var(0, correction=0).sum() + bias.square().sum()).item()

# %% right: one stack of rows
def gradient_noise(gradients, draw, draws):
    rows = torch.stack([draw() for _ in range(draws)])  # (draws, batch)
    off = gradients[rows].mean(dim=1) - gradients.mean(dim=0)
    return off.mean(dim=0), off.pow(2).sum(dim=1).mean().item()

# %% wrong: The length of each error is averaged. | feedback: that is the mean length. The noise is the mean of its square
def gradient_noise(gradients, draw, draws):
    off = torch.stack([gradients[draw()].mean(dim=0) for _ in range(draws)]) - gradients.mean(dim=0)
    return off.mean(dim=0), off.norm(dim=1).mean().item()

# %% wrong: A batch that comes again says nothing new. | feedback: with a batch that is drawn twice
def gradient_noise(gradients, draw, draws):
    batches = {tuple(draw().tolist()) for _ in range(draws)}
    off = torch.stack([gradients[list(batch)].mean(dim=0) for batch in batches]) - gradients.mean(dim=0)
    return off.mean(dim=0), (off**2).sum(dim=1).mean().item()

# %% wrong: Equal gradients are one gradient. | feedback: where two examples have equal gradients
def gradient_noise(gradients, draw, draws):
    g = torch.unique(gradients, dim=0).mean(dim=0)
    off = torch.stack([gradients[draw()].mean(dim=0) for _ in range(draws)]) - g
    return off.mean(dim=0), (off**2).sum(dim=1).mean().item()

# %% wrong: Drawing stops when the bias is small. | feedback: call draw() anew for every batch
def gradient_noise(gradients, draw, draws):
    g, off = gradients.mean(dim=0), []
    for _ in range(draws):
        off.append(gradients[draw()].mean(dim=0) - g)
        if torch.stack(off).mean(dim=0).norm() < 3:
            break
    off = torch.stack(off)
    return off.mean(dim=0), (off**2).sum(dim=1).mean().item()

# %% wrong: One draw more is better. | feedback: call it exactly draws times
# -    off = torch.stack([gradients[draw()].mean(dim=0) for _ in range(draws)]) - gradients.mean(dim=0)
    off = torch.stack([gradients[draw()].mean(dim=0) for _ in range(draws + 1)]) - gradients.mean(dim=0)

# %% wrong: The noise is a tensor. | feedback: noise must be a Python float, not Tensor
# -    return off.mean(dim=0), (off**2).sum(dim=1).mean().item()
    return off.mean(dim=0), (off**2).sum(dim=1).mean()

# %% wrong: The bias is a list. | feedback: bias must be a tensor, not list
# -    return off.mean(dim=0), (off**2).sum(dim=1).mean().item()
    return off.mean(dim=0).tolist(), (off**2).sum(dim=1).mean().item()

# %% wrong: Half the digits will do. | feedback: bias is float32
# -    return off.mean(dim=0), (off**2).sum(dim=1).mean().item()
    return off.mean(dim=0).float(), (off**2).sum(dim=1).mean().item()

# %% wrong: The gradients may be centered where they lie. | feedback: changed its input number 1
# -    off = torch.stack([gradients[draw()].mean(dim=0) for _ in range(draws)]) - gradients.mean(dim=0)
    gradients -= gradients.mean(dim=0)
    off = torch.stack([gradients[draw()].mean(dim=0) for _ in range(draws)])

# %% wrong: The bias alone is returned. | feedback: Return two things: return bias, noise
# -    return off.mean(dim=0), (off**2).sum(dim=1).mean().item()
    return off.mean(dim=0)

# %% right: a helper with the name of one of the tests, and other switches
torch.set_num_threads(2)
torch.set_grad_enabled(False)


def measured(rows):
    return rows.mean(dim=0)


def gradient_noise(gradients, draw, draws):
    off = torch.stack([measured(gradients[draw()]) - measured(gradients) for _ in range(draws)])
    return measured(off), float(off.norm() ** 2 / draws)

# %% wrong: A batch has ten examples. | feedback: Divide by the length of the batch
def gradient_noise(gradients, draw, draws):
    g = gradients.mean(dim=0)
    hats = torch.stack([gradients[draw()].sum(dim=0) / 10 for _ in range(draws)])
    return hats.mean(dim=0) - g, ((hats - g) ** 2).sum(dim=1).mean().item()
