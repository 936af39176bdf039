# misconception: Every loop begins at zero.
# feedback: begin at the w and b that you are given


def train(batches, w, b, lr, epochs):
    w, b = torch.zeros_like(w), torch.zeros_like(b)
    losses, seen, examples = [], [], 0
    for _ in range(epochs):
        for x, y in batches:
            error = x @ w + b - y
            losses.append((error**2).mean().item())
            examples += len(x)
            seen.append(examples)
            w, b = w - lr * 2 * x.T @ error / len(x), b - lr * 2 * error.mean(dim=0)
    return w, b, losses, seen
