# misconception: A prediction is only a number.
# feedback: what you computed has no record


def train(w, x, y, optimizer, steps):
    """Train w, in place, by the given optimizer. Returns the losses, plain floats."""
    losses = []
    for _ in range(steps):
        prediction = w.item() * x
        loss = ((prediction - y) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
    return losses
