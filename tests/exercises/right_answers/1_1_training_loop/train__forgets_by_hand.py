def train(w, x, y, optimizer, steps):
    """Train w, in place, by the given optimizer. Returns the losses, plain floats."""
    losses = []
    for _ in range(steps):
        prediction = w * x
        loss = ((prediction - y) ** 2).sum() / len(x)
        w.grad = None
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
    return losses
