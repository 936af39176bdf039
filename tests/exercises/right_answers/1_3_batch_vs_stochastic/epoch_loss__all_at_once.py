# differs: puts the batches together again


def epoch_loss(batches, w, b):
    x, y = (torch.cat(parts) for parts in zip(*batches, strict=True))
    return torch.nn.functional.mse_loss(x @ w + b, y).item()
