# misconception: Every batch costs as much as the first.
# feedback: the last batch has only one example


def train(batches, w, b, lr, epochs):
    losses, seen, examples = [], [], 0
    for _ in range(epochs):
        for x, y in batches:
            error = x @ w + b - y
            losses.append((error**2).mean().item())
            examples += len(batches[0][0])
            seen.append(examples)
            w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
    return w, b, losses, seen
