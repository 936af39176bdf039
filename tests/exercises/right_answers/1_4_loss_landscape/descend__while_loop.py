# differs: a while loop, a clone, and a norm of infinite order


def descend(gradient, start, lr, updates, too_far=1e6):
    path, diverged = [start.clone()], False
    while len(path) <= updates and not diverged:
        candidate = torch.sub(path[-1], gradient(path[-1]), alpha=lr)
        size = torch.linalg.vector_norm(candidate, ord=math.inf).item()
        diverged = not (size <= too_far and math.isfinite(size))
        if not diverged:
            path.append(candidate)
    return torch.vstack(path), diverged
