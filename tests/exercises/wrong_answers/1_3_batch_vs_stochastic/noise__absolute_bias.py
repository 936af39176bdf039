# misconception: The bias is the mean distance from the truth.
# feedback: take no absolute values


def gradient_noise(gradients, draw, draws):
    estimates = torch.stack([gradients[draw()].mean(dim=0) for _ in range(draws)])
    off = estimates - gradients.mean(dim=0)
    return off.abs().mean(dim=0), (off**2).sum(dim=1).mean().item()
