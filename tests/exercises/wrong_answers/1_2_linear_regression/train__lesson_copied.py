# misconception: The lesson's single numbers are weights of the right shape.
# feedback: A single number has the shape ()


def train(x, y, lr, updates):
    w, b = torch.tensor(0.0), torch.tensor(0.0)
    losses = []
    for _ in range(updates):
        error = w * x + b - y
        losses.append((error**2).mean().item())
        w, b = w - lr * 2 * (error * x).mean(), b - lr * 2 * error.mean()
    return w, b, losses
