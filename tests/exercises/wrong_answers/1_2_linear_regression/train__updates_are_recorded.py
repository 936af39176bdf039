# misconception: An update needs no torch.no_grad().
# feedback: Update inside with torch.no_grad()


def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    losses = []
    for _ in range(updates):
        loss = ((x @ w + b - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        w -= lr * w.grad
        b -= lr * b.grad
        w.grad = b.grad = None
    return w.detach(), b.detach(), losses
