# misconception: What is computed from a parameter is a parameter.
# feedback: call w.requires_grad_() on it


def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    losses = []
    for _ in range(updates):
        loss = ((x @ w + b - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w = w - lr * w.grad
            b = b - lr * b.grad
    return w.detach(), b.detach(), losses
