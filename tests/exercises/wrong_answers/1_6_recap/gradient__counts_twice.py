# misconception: Each example counts in its error and in its input.
# feedback: c enters twice


def gradient(X, y, c, theta):
    return 2 * (c * X).T @ (c * (X @ theta - y)) / len(X)
