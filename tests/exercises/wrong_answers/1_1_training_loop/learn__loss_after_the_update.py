# misconception: The loss belongs to the weight that the update made.
# feedback: that is the loss after the update


def learn(x, y, lr, steps, w=0.0):
    n = len(x)
    losses = []
    for _ in range(steps):
        gradient = sum(2 * (w * x[i] - y[i]) * x[i] for i in range(n)) / n
        w = w - lr * gradient
        losses.append(sum((w * x[i] - y[i]) ** 2 for i in range(n)) / n)
    return w, losses
