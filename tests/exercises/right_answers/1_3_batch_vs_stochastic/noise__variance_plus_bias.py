# differs: noise as variance plus squared bias


def gradient_noise(gradients, draw, draws):
    estimates = torch.stack([gradients.index_select(0, draw()).mean(0) for _ in range(draws)])
    bias = estimates.mean(0) - gradients.mean(0)
    return bias, (estimates.var(0, correction=0).sum() + bias.square().sum()).item()
