# misconception: Predictions need no second dimension.
# feedback: each prediction is compared with every answer


def train(x, y, lr, updates):
    w, b = torch.zeros(x.shape[1], 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    losses = []
    for _ in range(updates):
        prediction = (x @ w).squeeze(1) + b
        loss = ((prediction - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad = b.grad = None
    return w.detach(), b.detach(), losses
