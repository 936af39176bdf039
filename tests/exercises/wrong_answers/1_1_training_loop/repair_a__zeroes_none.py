# misconception: w.grad is 0 from the beginning.
# feedback: Forget with w.grad = None


def repaired_a(x, y, lr, steps):
    """Fit y = w·x. Returns the path of w as a list of floats, the start first."""
    w = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    path = [w.item()]
    for _ in range(steps):
        w.grad.zero_()
        prediction = w * x
        loss = ((prediction - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        path.append(w.item())
    return path
