# misconception: The bias is one number.
# feedback: bias has shape


def gradient_noise(gradients, draw, draws):
    estimates = torch.stack([gradients[draw()].mean(dim=0) for _ in range(draws)])
    off = estimates - gradients.mean(dim=0)
    return off.mean(), (off**2).sum(dim=1).mean().item()
