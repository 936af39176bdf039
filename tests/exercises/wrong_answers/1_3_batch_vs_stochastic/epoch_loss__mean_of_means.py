# misconception: The mean of the means is the mean.
# feedback: that is the mean of the batches' means


def epoch_loss(batches, w, b):
    means = [((x @ w + b - y) ** 2).mean().item() for x, y in batches]
    return sum(means) / len(means)
