# misconception: Each example updates w at once.
# feedback: you update after each example


def learn(x, y, lr, steps, w=0.0):
    n = len(x)
    losses = []
    for _ in range(steps):
        losses.append(sum((w * x[i] - y[i]) ** 2 for i in range(n)) / n)
        for i in range(n):
            w = w - lr * 2 * (w * x[i] - y[i]) * x[i]
    return w, losses
