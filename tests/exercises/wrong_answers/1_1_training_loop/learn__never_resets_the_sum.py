# misconception: The sum of the gradients is set to zero once, before the loop.
# feedback: the gradient of the first round is still inside


def learn(x, y, lr, steps, w=0.0):
    n = len(x)
    losses = []
    gradient = 0.0
    for _ in range(steps):
        loss = 0.0
        for i in range(n):
            error = w * x[i] - y[i]
            loss += error**2 / n
            gradient += 2 * error * x[i] / n
        w = w - lr * gradient
        losses.append(loss)
    return w, losses
