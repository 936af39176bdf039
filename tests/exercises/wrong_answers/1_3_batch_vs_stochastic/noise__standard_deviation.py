# misconception: The noise is a length.
# feedback: that is the length. The noise is the mean of its square


def gradient_noise(gradients, draw, draws):
    estimates = torch.stack([gradients[draw()].mean(dim=0) for _ in range(draws)])
    off = estimates - gradients.mean(dim=0)
    return off.mean(dim=0), (off**2).sum(dim=1).mean().sqrt().item()
