def repaired_c(x, y, lr, steps, w=0.0):
    n = len(x)
    seen = []
    for _ in range(steps):
        error = [w * x[i] - y[i] for i in range(n)]
        seen.append((sum(e**2 for e in error) / n, w))
        w = w - lr * sum(2 * error[i] * x[i] for i in range(n)) / n
    loss, w = min(seen)
    return w, loss
