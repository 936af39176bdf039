# misconception: The loss of an update is the one it leads to.
# feedback: that is the loss after the update


def train(batches, w, b, lr, epochs):
    losses, seen, examples = [], [], 0
    for _ in range(epochs):
        for x, y in batches:
            error = x @ w + b - y
            examples += len(x)
            seen.append(examples)
            w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
            losses.append(((x @ w + b - y) ** 2).mean().item())
    return w, b, losses, seen
