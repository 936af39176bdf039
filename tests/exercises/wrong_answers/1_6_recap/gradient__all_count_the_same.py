# misconception: The gradient is that of the mean squared error, whoever counts how much.
# feedback: all examples count the same


def gradient(X, y, c, theta):
    return 2 * X.T @ (X @ theta - y) / len(X)
