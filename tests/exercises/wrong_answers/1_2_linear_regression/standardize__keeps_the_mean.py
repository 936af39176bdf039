# misconception: Dividing by the spread is enough.
# feedback: subtract the mean first


def standardize(x_train, x_new):
    s = x_train.std(dim=0, correction=0)
    s = torch.where(s == 0, 1.0, s)
    return x_train / s, x_new / s
