# misconception: Only the end of the path matters.
# feedback: Return the path, a list


def repaired_a(x, y, lr, steps):
    """Fit y = w·x. Returns the path of w as a list of floats, the start first."""
    w = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    path = [w.item()]
    for _ in range(steps):
        prediction = w * x
        loss = ((prediction - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        w.grad = None
        path.append(w.item())
    return w.item()
