# misconception: w.grad = None right after the update is what makes it None.
# feedback: The update must not be recorded


def repaired_b(x, y, lr, steps):
    """Fit y = w·x. Returns the trained tensor w, a leaf that requires a gradient."""
    w = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    for _ in range(steps):
        prediction = w * x
        loss = ((prediction - y) ** 2).mean()
        loss.backward()
        w = w - lr * w.grad
    return w
