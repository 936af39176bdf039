# misconception: The gradient is a sum over the examples.
# feedback: that is a sum over the examples


def gradient(X, y, c, theta):
    return 2 * X.T @ (c * (X @ theta - y))
