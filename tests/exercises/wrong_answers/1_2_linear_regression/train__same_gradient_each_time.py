# misconception: The gradient is computed once, before the loop.
# feedback: Compute it anew in each round


def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    error = x @ w + b - y
    gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
    losses = []
    for _ in range(updates):
        losses.append(((x @ w + b - y) ** 2).mean().item())
        w, b = w - lr * gradient_w, b - lr * gradient_b
    return w, b, losses
