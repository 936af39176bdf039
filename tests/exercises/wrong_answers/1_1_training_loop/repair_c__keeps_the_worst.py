# misconception: Higher is better.
# feedback: best_w is still None


def repaired_c(x, y, lr, steps, w=0.0):
    """Of the weights that the rounds begin with, the best one and its loss."""
    n = len(x)
    best_w, best_loss = None, math.inf
    for _ in range(steps):
        error = [w * x[i] - y[i] for i in range(n)]
        loss = sum(error[i] ** 2 for i in range(n)) / n
        if loss > best_loss:
            best_w, best_loss = w, loss
        gradient = sum(2 * error[i] * x[i] for i in range(n)) / n
        w = w - lr * gradient
    return best_w, best_loss
