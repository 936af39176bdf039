# misconception: The list x can hold the predictions.
# feedback: changed the lists x or y


def learn(x, y, lr, steps, w=0.0):
    """Fit y = w·x by gradient descent. Returns (w, losses)."""
    n = len(x)
    losses = []
    for _ in range(steps):
        prediction = x
        for i in range(n):
            prediction[i] = w * x[i]
        losses.append(sum((prediction[i] - y[i]) ** 2 for i in range(n)) / n)
        gradient = sum(2 * (prediction[i] - y[i]) * x[i] for i in range(n)) / n
        w = w - lr * gradient
    return w, losses
