# misconception: One mean and one spread serve the whole table.
# feedback: Each column by its own: dim=0


def standardize(x_train, x_new):
    m, s = x_train.mean(), x_train.std(correction=0)
    return (x_train - m) / s, (x_new - m) / s
