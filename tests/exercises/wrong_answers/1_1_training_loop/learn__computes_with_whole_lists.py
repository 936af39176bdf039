# misconception: Lists compute like tensors, all entries at once.
# feedback: Take one number at a time


def learn(x, y, lr, steps, w=0.0):
    """Fit y = w·x by gradient descent. Returns (w, losses)."""
    losses = []
    for _ in range(steps):
        prediction = w * x
        losses.append((prediction - y) ** 2)
        w = w - lr * 2 * (prediction - y) * x
    return w, losses
