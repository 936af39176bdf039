# misconception: At the start the prediction is zero, so it can be left out.
# feedback: Does theta enter the prediction


def gradient(X, y, c, theta):
    return -2 * X.T @ (c * y) / len(X)
