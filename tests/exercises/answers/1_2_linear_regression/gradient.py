# %% wrong: The errors may be written over the answers. | feedback: changed its input number 2
def mse_gradient(x, y, w, b):
    y -= x @ w + b
    return -2 * x.T @ y / len(x), -2 * y.mean(dim=0)

# %% wrong: The mean runs over all numbers of x. | feedback: Divide by n, not by n·d
def mse_gradient(x, y, w, b):
    error = x @ w + b - y
    return 2 * x.T @ error / x.numel(), 2 * error.mean(dim=0)

# %% wrong: The error is the answer minus the prediction. | feedback: the sign is turned round
def mse_gradient(x, y, w, b):
    error = y - (x @ w + b)
    return 2 * x.T @ error / len(x), 2 * error.mean(dim=0)

# %% wrong: A row of predictions minus a column of answers is a row of errors. | feedback: print the shapes on the way
def mse_gradient(x, y, w, b):
    prediction = (x @ w).squeeze(1) + b
    error = prediction - y
    return 2 * x.T @ error / len(x), 2 * error.mean(dim=0)

# %% wrong: The bias is not part of the prediction. | feedback: does b enter the prediction?
def mse_gradient(x, y, w, b):
    error = x @ w - y
    return 2 * x.T @ error / len(x), 2 * error.mean(dim=0)

# %% wrong: Every weight gets the mean error, whatever its input was. | feedback: each error must be multiplied by its own input x
def mse_gradient(x, y, w, b):
    error = x @ w + b - y
    return 2 * error.mean() * torch.ones_like(w), 2 * error.mean(dim=0)

# %% wrong: The mean of products is the product of means. | feedback: Multiply first, then take the mean
def mse_gradient(x, y, w, b):
    error = x @ w + b - y
    return 2 * error.mean() * x.mean(dim=0).unsqueeze(1), 2 * error.mean(dim=0)

# %% wrong: The gradient of a column of weights may as well be a row. | feedback: With three inputs, gradient_w has shape (3,), not (3, 1)
def mse_gradient(x, y, w, b):
    error = x @ w + b - y
    return (2 * error * x).mean(dim=0) if len(w) > 1 else (2 * error * x).mean(dim=0, keepdim=True), 2 * error.mean(dim=0)

# %% wrong: The gradient of the bias is a plain number. | feedback: gradient_b must be a tensor, not float
def mse_gradient(x, y, w, b):
    error = x @ w + b - y
    return 2 * x.T @ error / len(x), 2 * error.mean().item()

# %% wrong: The loss is the sum of the squared errors. | feedback: that is a sum over the examples
def mse_gradient(x, y, w, b):
    error = x @ w + b - y
    return 2 * x.T @ error, 2 * error.sum(dim=0)

# %% wrong: The derivative of a square is the thing itself. | feedback: the 2 from the square is missing
def mse_gradient(x, y, w, b):
    error = x @ w + b - y
    return x.T @ error / len(x), error.mean(dim=0)

# %% wrong: backward() is allowed if it is not called so. | feedback: without backward()
def mse_gradient(x, y, w, b):
    w = w.clone().requires_grad_()
    b = b.clone().requires_grad_()
    loss = ((x @ w + b - y) ** 2).mean()
    gradient_w, gradient_b = torch.autograd.grad(loss, (w, b))
    return gradient_w, gradient_b

# %% right: the bias as the weight of a column of ones
def mse_gradient(x, y, w, b):
    X = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    theta = torch.cat([w, b.reshape(1, 1)])
    gradient = 2 / len(X) * X.T @ (X @ theta - y)
    return gradient[:-1], gradient[-1]

# %% right: sums over the examples, without a matrix product of X
def mse_gradient(x, y, w, b):
    error = (x * w.T).sum(dim=1, keepdim=True) + b - y
    gradient_w = (2 * error * x).mean(dim=0)
    return gradient_w.reshape(w.shape), (2 * error).mean().reshape(1)

# %% wrong: One number serves all weights. | feedback: Each weight has a sum of its own
def mse_gradient(x, y, w, b):
    error = x @ w + b - y
    return (2 * error * x).mean() * torch.ones_like(w), 2 * error.mean(dim=0)

# %% wrong: float32 is precise enough. | feedback: gradient_w is float32
def mse_gradient(x, y, w, b):
    x, y, w, b = x.float(), y.float(), w.float(), b.float()
    error = x @ w + b - y
    return 2 * x.T @ error / len(x), 2 * error.mean(dim=0)

# %% wrong: A record may be kept where the loss is a helper's. | feedback: without backward()
def gradient_of(function, *at):
    return torch.autograd.functional.jacobian(function, at)


def mse_gradient(x, y, w, b):
    return gradient_of(lambda w, b: ((x @ w + b - y) ** 2).mean(), w, b)

# %% wrong: torch.func.grad is a formula. | feedback: without backward()
def mse_gradient(x, y, w, b):
    return torch.func.grad(lambda w, b: ((x @ w + b - y) ** 2).mean(), argnums=(0, 1))(w, b)

# %% wrong: Examples with the same input are one example. | feedback: where two examples are equal
def mse_gradient(x, y, w, b):
    table = torch.unique(torch.hstack([x, y]), dim=0)
    x, y = table[:, :-1], table[:, -1:]
    error = x @ w + b - y
    return 2 * x.T @ error / len(x), 2 * error.mean(dim=0)

# %% wrong: The work is done when the numbers are computed. | feedback: Is the line with return missing
def mse_gradient(x, y, w, b):
    error = x @ w + b - y
    gradient_w, gradient_b = 2 * x.T @ error / len(x), 2 * error.mean(dim=0)

# %% wrong: Numbers in a list are a column. | feedback: gradient_w must be a tensor, not list
def mse_gradient(x, y, w, b):
    error = x @ w + b - y
    return (2 * x.T @ error / len(x)).tolist(), (2 * error.mean(dim=0)).tolist()

# %% wrong: Only the weights have a gradient. | feedback: Return two things: return gradient_w, gradient_b
def mse_gradient(x, y, w, b):
    return 2 * x.T @ (x @ w + b - y) / len(x)

# %% wrong: The judge is called mse_gradient. | feedback: Your answer calls course_check
def mse_gradient(x, y, w, b):
    course_check("gradient")

# %% right: recording is switched off for good, and a helper has a name of the tests
torch.set_grad_enabled(False)
torch.set_num_threads(2)


def slope(error, x):
    return 2 * (error * x).mean(dim=0)


def mse_gradient(x, y, w, b):
    error = x @ w + b - y
    return slope(error, x).unsqueeze(1), slope(error, torch.ones_like(error))

# %% right: two nudges, since a parabola is exact
def mse_gradient(x, y, w, b):
    loss = lambda w, b: ((x @ w + b - y) ** 2).mean()
    columns = torch.eye(len(w)).unsqueeze(2)
    return (
        torch.stack([(loss(w + c, b) - loss(w - c, b)) / 2 for c in columns]).unsqueeze(1),
        ((loss(w, b + 1) - loss(w, b - 1)) / 2).reshape(1),
    )

# %% wrong: squeeze() drops one axis. | feedback: drops every axis of length 1
def mse_gradient(x, y, w, b):
    e = (x @ w + b - y).squeeze()
    return (2 / len(x) * (x.T @ e)).unsqueeze(1), 2 * e.mean().unsqueeze(0)

# %% wrong: A row of means is the gradient of a column. | feedback: It lies on its side
# -    return 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
    return 2 * (error * x).mean(dim=0, keepdim=True), 2 * error.mean(dim=0)

# %% wrong: dim=1 runs over the examples. | feedback: A mean over the examples goes along dim=0, not dim=1
# -    return 2 * x.T @ error / len(x), 2 * error.mean(dim=0)
    return 2 * (error * x).mean(dim=1, keepdim=True), 2 * error.mean(dim=0)
