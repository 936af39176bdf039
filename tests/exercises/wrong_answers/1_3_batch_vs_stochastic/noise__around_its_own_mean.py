# misconception: The noise is the variance of the draws.
# feedback: that is measured from the mean of the draws


def gradient_noise(gradients, draw, draws):
    estimates = torch.stack([gradients[draw()].mean(dim=0) for _ in range(draws)])
    off = estimates - gradients.mean(dim=0)
    return off.mean(dim=0), ((estimates - estimates.mean(dim=0)) ** 2).sum(dim=1).mean().item()
