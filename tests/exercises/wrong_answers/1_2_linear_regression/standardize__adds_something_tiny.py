# misconception: A tiny number added to s is harmless.
# feedback: something tiny was added to s


def standardize(x_train, x_new):
    m, s = x_train.mean(dim=0), x_train.std(dim=0, correction=0) + 1e-8
    return (x_train - m) / s, (x_new - m) / s
