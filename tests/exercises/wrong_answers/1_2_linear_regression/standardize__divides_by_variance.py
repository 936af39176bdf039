# misconception: Variance and standard deviation are the same thing.
# feedback: divide by the standard deviation, the root of the variance


def standardize(x_train, x_new):
    m, s = x_train.mean(dim=0), x_train.var(dim=0, correction=0)
    s = torch.where(s == 0, 1.0, s)
    return (x_train - m) / s, (x_new - m) / s
