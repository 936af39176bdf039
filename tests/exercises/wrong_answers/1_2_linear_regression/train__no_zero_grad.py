# misconception: backward() writes a new gradient over the old one.
# feedback: Clear .grad before each backward()


def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    losses = []
    for _ in range(updates):
        loss = ((x @ w + b - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
    return w.detach(), b.detach(), losses
