def repaired_a(x, y, lr, steps):
    w = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    path = [w.item()]
    for _ in range(steps):
        loss = ((w * x - y) ** 2).mean()
        (gradient,) = torch.autograd.grad(loss, w)
        with torch.no_grad():
            w -= lr * gradient
        path.append(w.item())
    return path
