# misconception: The data may be scaled where they lie.
# feedback: changed its input number 1


def standardize(x_train, x_new):
    m, s = x_train.mean(dim=0), x_train.std(dim=0, correction=0)
    s = torch.where(s == 0, 1.0, s)
    x_train -= m
    x_train /= s
    return x_train, (x_new - m) / s
