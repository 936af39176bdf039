# misconception: The loss of a round is measured at its end.
# feedback: that is the loss after the update


def train(w, x, y, optimizer, steps):
    """Train w, in place, by the given optimizer. Returns the losses, plain floats."""
    losses = []
    for _ in range(steps):
        prediction = w * x
        loss = ((prediction - y) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(((w * x - y) ** 2).mean().item())
    return losses
