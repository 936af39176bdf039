# differs: a loop over rows


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
