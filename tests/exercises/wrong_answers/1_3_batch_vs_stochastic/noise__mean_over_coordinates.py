# misconception: The mean of all squares is the mean squared length.
# feedback: that is the mean over the coordinates


def gradient_noise(gradients, draw, draws):
    estimates = torch.stack([gradients[draw()].mean(dim=0) for _ in range(draws)])
    off = estimates - gradients.mean(dim=0)
    return off.mean(dim=0), (off**2).mean().item()
