# misconception: The derivative of the square is all; the inner one is forgotten.
# feedback: the factor x of the derivative is missing


def learn(x, y, lr, steps, w=0.0):
    """Fit y = w·x by gradient descent. Returns (w, losses)."""
    n = len(x)
    losses = []
    for _ in range(steps):
        prediction = [w * x[i] for i in range(n)]
        losses.append(sum((prediction[i] - y[i]) ** 2 for i in range(n)) / n)
        gradient = sum(2 * (prediction[i] - y[i]) for i in range(n)) / n
        w = w - lr * gradient
    return w, losses
