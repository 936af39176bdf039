# misconception: An assignment in the inner loop adds up.
# feedback: only the last example counts


def learn(x, y, lr, steps, w=0.0):
    n = len(x)
    losses = []
    for _ in range(steps):
        loss = 0.0
        for i in range(n):
            error = w * x[i] - y[i]
            loss += error**2 / n
            gradient = 2 * error * x[i]
        w = w - lr * gradient
        losses.append(loss)
    return w, losses
