# misconception: zero_grad() belongs just before step().
# feedback: nothing may forget the gradient


def train(w, x, y, optimizer, steps):
    """Train w, in place, by the given optimizer. Returns the losses, plain floats."""
    losses = []
    for _ in range(steps):
        prediction = w * x
        loss = ((prediction - y) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        optimizer.zero_grad()
        optimizer.step()
    return losses
