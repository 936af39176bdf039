# misconception: The batch's gradient is the sum of its rows.
# feedback: take the *mean* of a batch, not its sum


def gradient_noise(gradients, draw, draws):
    estimates = torch.stack([gradients[draw()].sum(dim=0) for _ in range(draws)])
    off = estimates - gradients.mean(dim=0)
    return off.mean(dim=0), (off**2).sum(dim=1).mean().item()
