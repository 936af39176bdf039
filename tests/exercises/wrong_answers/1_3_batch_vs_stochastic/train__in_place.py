# misconception: w and b may be changed where they are.
# feedback: Your function changed its input number


def train(batches, w, b, lr, epochs):
    losses, seen, examples = [], [], 0
    for _ in range(epochs):
        for x, y in batches:
            error = x @ w + b - y
            losses.append((error**2).mean().item())
            examples += len(x)
            seen.append(examples)
            w -= lr * 2 * x.T @ error / len(x)
            b -= lr * 2 * error.mean(dim=0)
    return w, b, losses, seen
