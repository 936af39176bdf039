# %% wrong: detach() followed by clone() gives another name for w. | feedback: w has not moved
# -        with torch.no_grad():
# -            w -= lr * w.grad
        copy = w.detach().clone()
        copy -= lr * w.grad

# %% wrong: -= alone does it. | feedback: Put the update under with torch.no_grad()
# -        with torch.no_grad():
# -            w -= lr * w.grad
        w -= lr * w.grad

# %% wrong: With no_grad there is nothing left to forget. | feedback: Keep the line w.grad = None
# -        w.grad = None

# %% wrong: no_grad alone does it. | feedback: could not be trained any further. Change the w that you began with in place
# -            w -= lr * w.grad
# -        w.grad = None
            w = w - lr * w.grad

# %% wrong: w.grad = None right after the update is what makes it None. | feedback: The update must not be recorded
# -        with torch.no_grad():
# -            w -= lr * w.grad
# -        w.grad = None
        w = w - lr * w.grad

# %% wrong: retain_grad is the cure, as the warning says. | feedback: Your w is no leaf
# -        with torch.no_grad():
# -            w -= lr * w.grad
# -        w.grad = None
        w = w - lr * w.grad
        w.retain_grad()

# %% wrong: A trained weight needs no gradient any more. | feedback: could not be trained any further
# -    return w
    return w.detach()

# %% wrong: A trained weight is a number. | feedback: Return the tensor w itself
# -    return w
    return w.item()

# %% right: a new tensor each round
# -        with torch.no_grad():
# -            w -= lr * w.grad
# -        w.grad = None
        w = torch.tensor(w.item() - lr * w.grad.item(), dtype=w.dtype, requires_grad=True)

# %% right: an optimizer
# -        with torch.no_grad():
# -            w -= lr * w.grad
# -        w.grad = None
        optimizer = torch.optim.SGD([w], lr=lr)
        optimizer.step()
        optimizer.zero_grad()

# %% right: detaches and starts anew
# -        with torch.no_grad():
# -            w -= lr * w.grad
# -        w.grad = None
        w = (w - lr * w.grad).detach().requires_grad_()

# %% right: writes into the data
# -        with torch.no_grad():
# -            w -= lr * w.grad
        w.data = w.data - lr * w.grad
