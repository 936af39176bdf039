# misconception: w * x + b, as in the lesson, is the prediction with several inputs, too.
# feedback: predict with x @ w + b


def train(x, y, lr, updates):
    w, b = torch.zeros(1, 1), torch.zeros(1)
    losses = []
    for _ in range(updates):
        error = w * x + b - y
        losses.append((error**2).mean().item())
        gradient_w = 2 * x.T @ error / len(x)
        w, b = w - lr * gradient_w, b - lr * 2 * error.mean(dim=0)
    return w, b, losses
