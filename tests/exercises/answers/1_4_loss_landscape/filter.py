# %% wrong: A tiny number added to the length is harmless. | feedback: something tiny was added to its length
def filter_normalize(direction, weights):
    normalized = []
    for d, w in zip(direction, weights, strict=True):
        if w.ndim == 1:
            normalized.append(torch.zeros_like(w))
            continue
        length = d.norm(dim=1, keepdim=True)
        length = length + 1e-8
        normalized.append(d / length * w.norm(dim=1, keepdim=True))
    return normalized

# %% wrong: Biases are parameters like any other. | feedback: The entries for biases must be zero
def filter_normalize(direction, weights):
    normalized = []
    for d, w in zip(direction, weights, strict=True):
        if w.ndim == 1:
            normalized.append(d.clone())
            continue
        length = d.norm(dim=1, keepdim=True)
        length = torch.where(length == 0, 1.0, length)
        normalized.append(d / length * w.norm(dim=1, keepdim=True))
    return normalized

# %% wrong: Biases do not move, so they are left out. | feedback: Return a list with a tensor for each tensor of weights
def filter_normalize(direction, weights):
    normalized = []
    for d, w in zip(direction, weights, strict=True):
        if w.ndim == 1:
            continue
        length = d.norm(dim=1, keepdim=True)
        length = torch.where(length == 0, 1.0, length)
        normalized.append(d / length * w.norm(dim=1, keepdim=True))
    return normalized

# %% wrong: Biases are scaled to their own size. | feedback: The entries for biases must be zero
def filter_normalize(direction, weights):
    normalized = []
    for d, w in zip(direction, weights, strict=True):
        if w.ndim == 1:
            normalized.append(d.sign() * w.abs())
            continue
        length = d.norm(dim=1, keepdim=True)
        length = torch.where(length == 0, 1.0, length)
        normalized.append(d / length * w.norm(dim=1, keepdim=True))
    return normalized

# %% wrong: A unit's weights are a column. | feedback: You scaled the columns
def filter_normalize(direction, weights):
    normalized = []
    for d, w in zip(direction, weights, strict=True):
        if w.ndim == 1:
            normalized.append(torch.zeros_like(w))
            continue
        length = d.norm(dim=0, keepdim=True)
        length = torch.where(length == 0, 1.0, length)
        normalized.append(d / length * w.norm(dim=0, keepdim=True))
    return normalized

# %% wrong: The direction may be scaled where it lies. | feedback: changed its input number 1
def filter_normalize(direction, weights):
    normalized = []
    for d, w in zip(direction, weights, strict=True):
        if w.ndim == 1:
            normalized.append(torch.zeros_like(w))
            continue
        length = d.norm(dim=1, keepdim=True)
        length = torch.where(length == 0, 1.0, length)
        d /= length
        d *= w.norm(dim=1, keepdim=True)
        normalized.append(d)
    return normalized

# %% wrong: Normalizing makes the length 1. | feedback: It must be as long as the row of weights
def filter_normalize(direction, weights):
    normalized = []
    for d, w in zip(direction, weights, strict=True):
        if w.ndim == 1:
            normalized.append(torch.zeros_like(w))
            continue
        length = d.norm(dim=1, keepdim=True)
        length = torch.where(length == 0, 1.0, length)
        normalized.append(d / length)
    return normalized

# %% wrong: Multiplying by the length of the weights is enough. | feedback: but not divided by their own length
def filter_normalize(direction, weights):
    normalized = []
    for d, w in zip(direction, weights, strict=True):
        if w.ndim == 1:
            normalized.append(torch.zeros_like(w))
            continue
        length = d.norm(dim=1, keepdim=True)
        length = torch.where(length == 0, 1.0, length)
        normalized.append(d * w.norm(dim=1, keepdim=True))
    return normalized

# %% wrong: A sum of squares is a length. | feedback: row by row, d/‖d‖·‖w‖
def filter_normalize(direction, weights):
    normalized = []
    for d, w in zip(direction, weights, strict=True):
        if w.ndim == 1:
            normalized.append(torch.zeros_like(w))
            continue
        length = (d**2).sum(dim=1, keepdim=True)
        length = torch.where(length == 0, 1.0, length)
        normalized.append(d / length * (w**2).sum(dim=1, keepdim=True))
    return normalized

# %% wrong: The direction is that of the weights. | feedback: the direction must keep its way
def filter_normalize(direction, weights):
    normalized = []
    for d, w in zip(direction, weights, strict=True):
        if w.ndim == 1:
            normalized.append(torch.zeros_like(w))
            continue
        length = d.norm(dim=1, keepdim=True)
        length = torch.where(length == 0, 1.0, length)
        normalized.append(w.clone())
    return normalized

# %% wrong: A layer has one length. | feedback: You scaled the whole matrix at once
def filter_normalize(direction, weights):
    normalized = []
    for d, w in zip(direction, weights, strict=True):
        if w.ndim == 1:
            normalized.append(torch.zeros_like(w))
            continue
        length = d.norm()
        length = torch.where(length == 0, 1.0, length)
        normalized.append(d / length * w.norm())
    return normalized

# %% wrong: No row of a direction is zero. | feedback: A row of zeros gives 0/0
def filter_normalize(direction, weights):
    normalized = []
    for d, w in zip(direction, weights, strict=True):
        if w.ndim == 1:
            normalized.append(torch.zeros_like(w))
            continue
        length = d.norm(dim=1, keepdim=True)
        normalized.append(d / length * w.norm(dim=1, keepdim=True))
    return normalized

# %% wrong: Matrices and biases take turns. | feedback: by its number of axes
def filter_normalize(direction, weights):
    out = []
    for k, (d, w) in enumerate(zip(direction, weights)):
        if k % 2 == 1:
            out.append(torch.zeros_like(w))
            continue
        length = d.norm(dim=1, keepdim=True)
        out.append(d / torch.where(length == 0, 1.0, length) * w.norm(dim=1, keepdim=True))
    return out

# %% right: 0/0 repaired afterwards
def filter_normalize(direction, weights):
    return [
        torch.nan_to_num(torch.nn.functional.normalize(d, dim=1, eps=0.0))
        * torch.linalg.vector_norm(w, dim=1)[:, None]
        if w.ndim > 1
        else 0 * w
        for d, w in zip(direction, weights, strict=True)
    ]

# %% right: a loop over rows
def filter_normalize(direction, weights):
    new = []
    for w, d in zip(weights, direction, strict=True):
        part = torch.zeros(w.shape)
        if w.dim() == 2:
            for i in range(w.shape[0]):
                size = torch.sqrt((d[i] ** 2).sum()).item()
                if size > 0:
                    part[i] = d[i] * (torch.sqrt((w[i] ** 2).sum()).item() / size)
        new.append(part)
    return new

# %% wrong: A part may be float32. | feedback: is float32
# -        normalized.append(d / length * w.norm(dim=1, keepdim=True))
        normalized.append((d / length * w.norm(dim=1, keepdim=True)).float())

# %% wrong: A tuple is a list. | feedback: Return a list with a tensor for each tensor of weights
# -    return normalized
    return tuple(normalized)

# %% wrong: A bias gets nothing. | feedback: The list must hold tensors
# -            normalized.append(torch.zeros_like(w))
            normalized.append(None)

# %% wrong: One zero stands for all of a bias. | feedback: The shapes are
# -            normalized.append(torch.zeros_like(w))
            normalized.append(torch.zeros(1))

# %% wrong: What has as many numbers as rows is a bias. | feedback: row by row
# -        if w.ndim == 1:
        if w.numel() == len(w):

# %% wrong: A short row is a row of zeros. | feedback: a short row was taken for zero
# -        length = torch.where(length == 0, 1.0, length)
        length = torch.where(length < 1e-6, 1.0, length)

# %% wrong: The lengths of the rows can be used as they come. | feedback: keep them in a column, by keepdim=True
def filter_normalize(direction, weights):
    normalized = []
    for d, w in zip(direction, weights, strict=True):
        if w.ndim == 1:
            normalized.append(torch.zeros_like(w))
            continue
        length = d.norm(dim=1, keepdim=len(d) != 2)
        length = torch.where(length == 0, 1.0, length)
        normalized.append(d / length * w.norm(dim=1, keepdim=len(d) != 2))
    return normalized

# %% wrong: Everything has rows. | feedback: by its number of axes
# -        if w.ndim == 1:
# -            normalized.append(torch.zeros_like(w))
# -            continue

# %% wrong: Where the weights are zero, so is the other length. | feedback: is not d/‖d‖·‖w‖
# -        normalized.append(d / length * w.norm(dim=1, keepdim=True))
        size = w.norm(dim=1, keepdim=True)
        normalized.append(d / length * torch.where(size == 0, 1.0, size))

# %% right: a helper named normalized
def normalized(d, w):
    if w.dim() == 1:
        return torch.zeros_like(w)
    scale = w.square().sum(1).sqrt() / d.square().sum(1).sqrt()
    return d * scale.nan_to_num(0.0, 0.0).unsqueeze(1)


def filter_normalize(direction, weights):
    torch.set_grad_enabled(False)
    return list(map(normalized, direction, weights))

# %% wrong: A length is a sum of sizes. | feedback: the sum of the sizes
def filter_normalize(direction, weights):
    out = []
    for d, w in zip(direction, weights):
        if w.dim() == 1:
            out.append(torch.zeros_like(d))
        else:
            n = d.abs().sum(dim=1, keepdim=True)
            n = torch.where(n > 0, n, 1.0)
            out.append(d / n * w.abs().sum(dim=1, keepdim=True))
    return out

# %% wrong: The two lists change places. | feedback: The two are swapped
def filter_normalize(direction, weights):
    out = []
    for d, w in zip(direction, weights):
        if w.dim() == 1:
            out.append(torch.zeros_like(d))
        else:
            n = w.norm(dim=1, keepdim=True)
            out.append(torch.where(n > 0, w / n * d.norm(dim=1, keepdim=True), 0.0))
    return out

# %% right: puts the old row back where 0/0 is no number
def filter_normalize(direction, weights):
    out = []
    for d, w in zip(direction, weights):
        if w.dim() == 1:
            out.append(torch.zeros_like(d))
        else:
            n = d.norm(dim=1, keepdim=True)
            new = d / n * w.norm(dim=1, keepdim=True)
            out.append(torch.where(new.isnan(), d, new))
    return out
