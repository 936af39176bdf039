# %% wrong: The threshold is λ. | feedback: the threshold was λ
# -    return soft(w - lr * g, lr * lam)
    return soft(w - lr * g, lam)

# %% wrong: First the threshold, then the step. | feedback: The soft threshold stops
# -    return soft(w - lr * g, lr * lam)
    return w - lr * (g + lam * w.sign())

# %% wrong: The order does not matter. | feedback: the threshold came before the gradient step
# -    return soft(w - lr * g, lr * lam)
    return soft(w, lr * lam) - lr * g

# %% wrong: No clamp is needed. | feedback: 0.5 went past 0
# -    return v.sign() * (v.abs() - threshold).clamp(min=0)
    return v - threshold * v.sign()

# %% wrong: Negative numbers are below any threshold. | feedback: negative entries move up
# -    return v.sign() * (v.abs() - threshold).clamp(min=0)
    return (v - threshold).clamp(min=0)

# %% wrong: A hard threshold. | feedback: what is larger than the threshold must shrink, too
# -    return v.sign() * (v.abs() - threshold).clamp(min=0)
    return torch.where(v.abs() > threshold, v, 0.0)

# %% wrong: The sign comes back by itself. | feedback: the signs are lost
# -    return v.sign() * (v.abs() - threshold).clamp(min=0)
    return (v.abs() - threshold).clamp(min=0)

# %% wrong: The derivative of a square has no 2. | feedback: the factor 2 of the gradient is missing
# -    g = 2 / len(X) * X.T @ (X @ w - y)
    g = 1 / len(X) * X.T @ (X @ w - y)

# %% wrong: The loss is a sum. | feedback: the gradient is a sum over the examples
# -    g = 2 / len(X) * X.T @ (X @ w - y)
    g = 2 * X.T @ (X @ w - y)

# %% wrong: The penalty has a 2, as L2 has. | feedback: the threshold was 2·lr·λ
# -    return soft(w - lr * g, lr * lam)
    return soft(w - lr * g, 2 * lr * lam)

# %% wrong: Nothing is left to do after the step. | feedback: that is the gradient step alone
# -    return soft(w - lr * g, lr * lam)
    return w - lr * g

# %% wrong: If the entry is small, it is 0. | feedback: An if asks for one yes or no
# -    return v.sign() * (v.abs() - threshold).clamp(min=0)
    if abs(v) <= threshold:
        return 0.0 * v
    return v - threshold * v.sign()

# %% right: with two relus and autograd
def soft(v, threshold):
    return torch.relu(v - threshold) - torch.relu(-v - threshold)


def lasso_update(X, y, w, lr, lam):
    leaf = w.clone().requires_grad_()
    ((X @ leaf - y) ** 2).mean().backward()
    return soft(w - lr * leaf.grad, lr * lam)

# %% right: what is clipped is taken away
def soft(v, threshold):
    return v - v.clamp(-threshold, threshold)


def lasso_update(X, y, w, lr, lam):
    error = X @ w - y
    step = w - 2 * lr * (X * error[:, None]).mean(dim=0)
    return soft(step, lam * lr)

# %% wrong: A weight that is 0 is out for good. | feedback: a weight that is 0 may leave it again
# -    return soft(w - lr * g, lr * lam)
    new = soft(w - lr * g, lr * lam)
    return new * (w != 0) if w.any() else new

# %% wrong: Each weight sees those before it. | feedback: All entries step from the same, old w
# -    g = 2 / len(X) * X.T @ (X @ w - y)
# -    return soft(w - lr * g, lr * lam)
    w = w.clone()
    for i in range(len(w)):
        g = 2 / len(X) * X[:, i] @ (X @ w - y)
        w[i] = soft(w[i] - lr * g, lr * lam)
    return w
