# misconception: no_grad alone does it.
# feedback: could not be trained any further. Change the w that you began with in place


def repaired_b(x, y, lr, steps):
    """Fit y = w·x. Returns the trained tensor w, a leaf that requires a gradient."""
    w = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    for _ in range(steps):
        prediction = w * x
        loss = ((prediction - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w = w - lr * w.grad
    return w
