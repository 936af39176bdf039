# misconception: The gradient of a batch is the sum over its examples.
# feedback: that is the gradient of a sum


def train(batches, w, b, lr, epochs):
    losses, seen, examples = [], [], 0
    for _ in range(epochs):
        for x, y in batches:
            error = x @ w + b - y
            losses.append((error**2).mean().item())
            examples += len(x)
            seen.append(examples)
            w, b = w - lr * 2 * x.T @ error, b - lr * 2 * error.sum(dim=0)
    return w, b, losses, seen
