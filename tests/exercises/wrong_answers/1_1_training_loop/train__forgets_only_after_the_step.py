# misconception: Before the first round there is nothing to forget.
# feedback: a gradient from before your loop came in


def train(w, x, y, optimizer, steps):
    """Train w, in place, by the given optimizer. Returns the losses, plain floats."""
    losses = []
    for _ in range(steps):
        prediction = w * x
        loss = ((prediction - y) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
        optimizer.zero_grad()
    return losses
