# misconception: A gradient may be a row.
# feedback: becomes a column


def gradient(X, y, c, theta):
    return (2 * c * (X @ theta - y) * X).mean(dim=0)
