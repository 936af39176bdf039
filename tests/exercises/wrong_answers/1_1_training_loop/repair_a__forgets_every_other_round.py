# misconception: Now and then is often enough.
# feedback: not in every other one


def repaired_a(x, y, lr, steps):
    """Fit y = w·x. Returns the path of w as a list of floats, the start first."""
    w = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    path = [w.item()]
    for step in range(steps):
        prediction = w * x
        loss = ((prediction - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        if step % 2 == 0:
            w.grad = None
        path.append(w.item())
    return path
