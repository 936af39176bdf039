# differs: a table that is filled and cut


def descend(gradient, start, lr, updates, too_far=1e6):
    table = torch.zeros(updates + 1, len(start))
    table[0] = start
    for t in range(updates):
        new = table[t] - lr * gradient(table[t].clone())
        if bool(
            torch.isnan(new).any() | torch.isinf(new).any() | (new > too_far).any() | (new < -too_far).any()
        ):
            return table[: t + 1].clone(), True
        table[t + 1] = new
    return table, False
