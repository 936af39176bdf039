# misconception: The mean is over the batches.
# feedback: you divide by the number of batches


def epoch_loss(batches, w, b):
    return sum(((x @ w + b - y) ** 2).sum().item() for x, y in batches) / len(batches)
