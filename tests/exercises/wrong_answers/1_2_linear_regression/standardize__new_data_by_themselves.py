# misconception: New data are scaled by their own mean and spread.
# feedback: x_new was scaled by its own mean and spread


def standardize(x_train, x_new):
    def scaled(x):
        s = x.std(dim=0, correction=0)
        return (x - x.mean(dim=0)) / torch.where(s == 0, 1.0, s)
    
    return scaled(x_train), scaled(x_new)
