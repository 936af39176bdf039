# misconception: All batches are as long as the first.
# feedback: the last is smaller


def train(batches, w, b, lr, epochs):
    size = len(batches[0][0])
    losses, seen, examples = [], [], 0
    for _ in range(epochs):
        for x, y in batches:
            error = x @ w + b - y
            losses.append((error**2).mean().item())
            examples += len(x)
            seen.append(examples)
            w, b = w - lr * 2 * x.T @ error / size, b - lr * 2 * error.sum(dim=0) / size
    return w, b, losses, seen
