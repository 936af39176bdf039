# misconception: The square of the mean error is the mean of the squares.
# feedback: that is the square of the mean error


def learn(x, y, lr, steps, w=0.0):
    """Fit y = w·x by gradient descent. Returns (w, losses)."""
    n = len(x)
    losses = []
    for _ in range(steps):
        error = [w * x[i] - y[i] for i in range(n)]
        losses.append((sum(error) / n) ** 2)
        w = w - lr * sum(2 * error[i] * x[i] for i in range(n)) / n
    return w, losses
