# misconception: First the mean, then the square.
# feedback: The noise is 0, not 5


def gradient_noise(gradients, draw, draws):
    estimates = torch.stack([gradients[draw()].mean(dim=0) for _ in range(draws)])
    off = estimates - gradients.mean(dim=0)
    return off.mean(dim=0), (off.mean(dim=0) ** 2).sum().item()
