# misconception: Any optimizer will do.
# feedback: that is plain SGD


def train(w, x, y, optimizer, steps):
    """Train w, in place, by the given optimizer. Returns the losses, plain floats."""
    losses = []
    optimizer = torch.optim.SGD([w], lr=0.05)
    for _ in range(steps):
        prediction = w * x
        loss = ((prediction - y) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
    return losses
