# misconception: The mean is over all n examples, also for a batch.
# feedback: divided by the number of *all* examples


def train(batches, w, b, lr, epochs):
    n = sum(len(x) for x, _ in batches)
    losses, seen, examples = [], [], 0
    for _ in range(epochs):
        for x, y in batches:
            error = x @ w + b - y
            losses.append((error**2).mean().item())
            examples += len(x)
            seen.append(examples)
            w, b = w - lr * 2 * x.T @ error / n, b - lr * 2 * error.sum(dim=0) / n
    return w, b, losses, seen
