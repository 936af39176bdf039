# misconception: A variance divides by one less than the number.
# feedback: divide by the number of draws


def gradient_noise(gradients, draw, draws):
    estimates = torch.stack([gradients[draw()].mean(dim=0) for _ in range(draws)])
    off = estimates - gradients.mean(dim=0)
    return off.mean(dim=0), (off**2).sum().item() / max(draws - 1, 1)
