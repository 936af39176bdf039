# misconception: All batches of an epoch use the weights that it began with.
# feedback: the second batch must use the weights that the first update has made


def train(batches, w, b, lr, epochs):
    losses, seen, examples = [], [], 0
    for _ in range(epochs):
        w_0, b_0 = w, b
        for x, y in batches:
            error = x @ w_0 + b_0 - y
            losses.append((error**2).mean().item())
            examples += len(x)
            seen.append(examples)
            w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
    return w, b, losses, seen
