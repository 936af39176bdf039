# misconception: backward() changes the weights.
# feedback: Is step() called?


def train(w, x, y, optimizer, steps):
    """Train w, in place, by the given optimizer. Returns the losses, plain floats."""
    losses = []
    for _ in range(steps):
        prediction = w * x
        loss = ((prediction - y) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
    return losses
