# misconception: A row of predictions minus a column of answers is a row of errors.
# feedback: print the shapes on the way


def mse_gradient(x, y, w, b):
    prediction = (x @ w).squeeze(1) + b
    error = prediction - y
    return 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
