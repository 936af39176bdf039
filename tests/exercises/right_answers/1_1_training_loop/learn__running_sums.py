def learn(x, y, lr, steps, w=0.0):
    losses, step = [], 0
    while step < steps:
        loss = gradient = 0.0
        for i in range(len(x)):
            error = w * x[i] - y[i]
            loss = loss + error**2
            gradient = gradient + 2 * error * x[i]
        losses += [loss / len(x)]
        w = w - lr * gradient / len(x)
        step += 1
    return w, losses
