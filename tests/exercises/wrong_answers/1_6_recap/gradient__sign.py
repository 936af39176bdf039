# misconception: The error is the truth minus the prediction.
# feedback: the sign is turned round


def gradient(X, y, c, theta):
    return 2 * X.T @ (c * (y - X @ theta)) / len(X)
