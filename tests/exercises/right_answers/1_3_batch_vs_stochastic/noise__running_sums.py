# differs: running sums in a loop


def gradient_noise(gradients, draw, draws):
    g = sum(gradients) / len(gradients)
    bias, noise = torch.zeros_like(g), 0.0
    for _ in range(draws):
        rows = draw().tolist()
        off = sum(gradients[i] for i in rows) / len(rows) - g
        bias = bias + off / draws
        noise += float(off @ off) / draws
    return bias, noise
