# misconception: The loss of all examples is the sum of theirs.
# feedback: that is the sum. Divide by the number of examples


def epoch_loss(batches, w, b):
    return sum(((x @ w + b - y) ** 2).sum().item() for x, y in batches)
