# misconception: step() is w -= lr * w.grad, whatever the optimizer.
# feedback: that is plain SGD


def train(w, x, y, optimizer, steps):
    """Train w, in place, by the given optimizer. Returns the losses, plain floats."""
    losses = []
    for _ in range(steps):
        prediction = w * x
        loss = ((prediction - y) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            w -= optimizer.param_groups[0]["lr"] * w.grad
    return losses
