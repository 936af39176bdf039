# misconception: Seen is what was read before this batch.
# feedback: include the batch of the update itself


def train(batches, w, b, lr, epochs):
    losses, seen, examples = [], [], 0
    for _ in range(epochs):
        for x, y in batches:
            error = x @ w + b - y
            losses.append((error**2).mean().item())
            seen.append(examples)
            examples += len(x)
            w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
    return w, b, losses, seen
