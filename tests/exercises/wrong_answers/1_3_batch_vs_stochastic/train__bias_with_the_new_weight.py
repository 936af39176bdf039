# misconception: w may be updated before the gradient of b is computed.
# feedback: b is updated with the new w


def train(batches, w, b, lr, epochs):
    losses, seen, examples = [], [], 0
    for _ in range(epochs):
        for x, y in batches:
            error = x @ w + b - y
            losses.append((error**2).mean().item())
            examples += len(x)
            seen.append(examples)
            w = w - lr * 2 * x.T @ error / len(x)
            b = b - lr * 2 * (x @ w + b - y).mean(dim=0)
    return w, b, losses, seen
