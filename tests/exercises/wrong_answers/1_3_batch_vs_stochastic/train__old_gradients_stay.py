# misconception: backward() overwrites the gradient.
# feedback: Clear .grad before each backward()


def train(batches, w, b, lr, epochs):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    losses, seen = [], []
    for x, y in batches * epochs:
        loss = ((x @ w + b - y) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        seen.append((seen[-1] if seen else 0) + len(x))
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
    return w.detach(), b.detach(), losses, seen
