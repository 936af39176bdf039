# differs: shrinks the weights first, then calls the learner's own adam


def adamw(w, g, s, t, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    shrunk = w * (1 - lr * weight_decay)
    return adam(shrunk, g, s, t, lr=lr, betas=betas, eps=eps)  # noqa: F821 (the answer to question 3)
