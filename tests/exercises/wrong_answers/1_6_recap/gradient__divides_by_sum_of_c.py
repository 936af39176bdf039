# misconception: A weighted mean divides by the sum of what counts.
# feedback: you divide by the sum of c


def gradient(X, y, c, theta):
    return 2 * X.T @ (c * (X @ theta - y)) / c.sum()
