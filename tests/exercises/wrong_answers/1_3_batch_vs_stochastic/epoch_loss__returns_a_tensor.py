# misconception: A tensor with one number is a number.
# feedback: Return a Python float, not Tensor


def epoch_loss(batches, w, b):
    total = sum(((x @ w + b - y) ** 2).sum() for x, y in batches)
    return total / sum(len(x) for x, _ in batches)
