def learn(x, y, lr, steps, w=0.0):
    losses = []
    for _ in range(steps):
        errors = [w * a - b for a, b in zip(x, y)]
        losses.append(sum(e * e for e in errors) / len(errors))
        w -= lr * 2 / len(x) * sum(e * a for e, a in zip(errors, x))
    return w, losses
