# misconception: After a for loop over range(most), its counter stands at most.
# feedback: count the updates that were made


def train_until(x, y, lr, tolerance, most):
    w, b = torch.zeros(x.shape[1], 1), torch.zeros(1)
    for updates in range(most):
        error = x @ w + b - y
        gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
        length = (gradient_w.square().sum() + gradient_b.square().sum()).sqrt()
        if updates == 0:
            first = length
        if length <= tolerance * first:
            break
        w, b = w - lr * gradient_w, b - lr * gradient_b
    return w, b, updates
