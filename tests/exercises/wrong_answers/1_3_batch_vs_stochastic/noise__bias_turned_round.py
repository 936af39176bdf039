# misconception: The bias is the truth minus the estimate.
# feedback: The sign is turned round


def gradient_noise(gradients, draw, draws):
    estimates = torch.stack([gradients[draw()].mean(dim=0) for _ in range(draws)])
    off = estimates - gradients.mean(dim=0)
    return -off.mean(dim=0), (off**2).sum(dim=1).mean().item()
