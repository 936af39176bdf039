# differs: the functions of the questions above


def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    X, X_val = design((x - m) / s), design((x_val - m) / s)
    lr, _ = plan(X, c, 0.5)
    theta, _ = train(X, y, c, X_val, y_val, c_val, lr / 6, 24, 80, seed)

    def predict(x_new):
        return design((x_new - m) / s) @ theta

    return predict
