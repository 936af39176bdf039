# misconception: torch's std divides by n.
# feedback: divides by n − 1 unless you say correction=0


def standardize(x_train, x_new):
    m, s = x_train.mean(dim=0), x_train.std(dim=0)
    s = torch.where(s == 0, 1.0, s)
    return (x_train - m) / s, (x_new - m) / s
