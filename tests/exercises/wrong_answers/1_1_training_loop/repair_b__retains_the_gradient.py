# misconception: retain_grad is the cure, as the warning says.
# feedback: Your w is no leaf


def repaired_b(x, y, lr, steps):
    """Fit y = w·x. Returns the trained tensor w, a leaf that requires a gradient."""
    w = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    for _ in range(steps):
        prediction = w * x
        loss = ((prediction - y) ** 2).mean()
        loss.backward()
        w = w - lr * w.grad
        w.retain_grad()
    return w
