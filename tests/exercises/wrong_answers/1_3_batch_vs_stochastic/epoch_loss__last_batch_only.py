# misconception: The last batch speaks for the epoch.
# feedback: that is the loss of the last batch alone


def epoch_loss(batches, w, b):
    for x, y in batches:
        loss = ((x @ w + b - y) ** 2).mean().item()
    return loss
