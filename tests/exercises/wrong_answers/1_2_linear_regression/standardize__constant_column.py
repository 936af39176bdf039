# misconception: Every column varies.
# feedback: A constant column gives 0/0


def standardize(x_train, x_new):
    m, s = x_train.mean(dim=0), x_train.std(dim=0, correction=0)
    return (x_train - m) / s, (x_new - m) / s
