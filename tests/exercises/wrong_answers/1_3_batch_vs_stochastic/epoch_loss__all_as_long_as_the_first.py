# misconception: All batches have the same length.
# feedback: the last is smaller. Count the examples


def epoch_loss(batches, w, b):
    total = sum(((x @ w + b - y) ** 2).sum().item() for x, y in batches)
    return total / (len(batches) * len(batches[0][0]))
