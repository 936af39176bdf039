# misconception: A batch is a set.
# feedback: then it counts twice


def gradient_noise(gradients, draw, draws):
    estimates = torch.stack([gradients[draw().unique()].mean(dim=0) for _ in range(draws)])
    off = estimates - gradients.mean(dim=0)
    return off.mean(dim=0), (off**2).sum(dim=1).mean().item()
