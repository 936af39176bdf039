# misconception: One batch, looked at many times, is many batches.
# feedback: call draw() anew for every batch


def gradient_noise(gradients, draw, draws):
    batch = draw()
    off = torch.stack([gradients[batch].mean(dim=0) for _ in range(draws)]) - gradients.mean(dim=0)
    return off.mean(dim=0), (off**2).sum(dim=1).mean().item()
