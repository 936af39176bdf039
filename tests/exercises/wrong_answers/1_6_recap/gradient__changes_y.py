# misconception: What comes in may be reused for the error.
# feedback: changed its input number 2


def gradient(X, y, c, theta):
    y -= X @ theta
    return -2 * X.T @ (c * y) / len(X)
