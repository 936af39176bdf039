# misconception: The square leaves no factor behind.
# feedback: the 2 from the square is missing


def gradient(X, y, c, theta):
    return X.T @ (c * (X @ theta - y)) / len(X)
