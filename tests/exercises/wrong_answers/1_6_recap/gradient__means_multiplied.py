# misconception: The mean of a product is the product of the means.
# feedback: that is the mean error times the mean input


def gradient(X, y, c, theta):
    error = (c * (X @ theta - y)).mean()
    return 2 * error * X.mean(dim=0).unsqueeze(1)
