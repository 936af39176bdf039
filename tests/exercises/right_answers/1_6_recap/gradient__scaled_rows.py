# differs: rows times the root of c, and the plain formula


def gradient(X, y, c, theta):
    root = c.sqrt()
    A, answers = root * X, root * y
    return 2 / len(X) * (A.T @ A @ theta - A.T @ answers)
