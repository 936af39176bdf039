# differs: a while loop, autograd and torch.cat


def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1, requires_grad=True), torch.zeros(1, requires_grad=True)

    def gradient():
        return torch.autograd.grad(((x @ w + b - y) ** 2).mean(), [w, b])

    parts = gradient()
    goal = tolerance * torch.cat([part.flatten() for part in parts]).norm()
    updates = 0
    while updates < most and torch.cat([part.flatten() for part in parts]).norm() > goal:
        with torch.no_grad():
            w -= lr * parts[0]
            b -= lr * parts[1]
        updates += 1
        parts = gradient()
    return w.detach(), b.detach(), updates
