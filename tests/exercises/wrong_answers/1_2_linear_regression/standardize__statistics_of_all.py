# misconception: Mean and spread are taken over training and new data together.
# feedback: The training value 3, standardized,


def standardize(x_train, x_new):
    both = torch.cat([x_train, x_new])
    m, s = both.mean(dim=0), both.std(dim=0, correction=0)
    s = torch.where(s == 0, 1.0, s)
    return (x_train - m) / s, (x_new - m) / s
