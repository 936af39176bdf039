# misconception: One prediction, before the loop, serves all rounds.
# feedback: Predict inside of the loop


def learn(x, y, lr, steps, w=0.0):
    n = len(x)
    losses = []
    prediction = [w * x[i] for i in range(n)]
    for _ in range(steps):
        losses.append(sum((prediction[i] - y[i]) ** 2 for i in range(n)) / n)
        gradient = sum(2 * (prediction[i] - y[i]) * x[i] for i in range(n)) / n
        w = w - lr * gradient
    return w, losses
