# %% wrong: Lists compute like tensors, all entries at once. | feedback: Take one number at a time
def learn(x, y, lr, steps, w=0.0):
    """Fit y = w·x by gradient descent. Returns (w, losses)."""
    losses = []
    for _ in range(steps):
        prediction = w * x
        losses.append((prediction - y) ** 2)
        w = w - lr * 2 * (prediction - y) * x
    return w, losses

# %% wrong: The loss is the mean error. | feedback: errors of both signs would cancel
# -        losses.append(sum((prediction[i] - y[i]) ** 2 for i in range(n)) / n)
        losses.append(sum((prediction[i] - y[i]) for i in range(n)) / n)

# %% wrong: The loop always begins at zero. | feedback: the first guess, the argument w, was ignored
# -    losses = []
    losses = []
    w = 0.0

# %% wrong: An assignment in the inner loop adds up. | feedback: only the last example counts
def learn(x, y, lr, steps, w=0.0):
    n = len(x)
    losses = []
    for _ in range(steps):
        loss = 0.0
        for i in range(n):
            error = w * x[i] - y[i]
            loss += error**2 / n
            gradient = 2 * error * x[i]
        w = w - lr * gradient
        losses.append(loss)
    return w, losses

# %% wrong: The loss belongs to the weight that the update made. | feedback: that is the loss after the update
def learn(x, y, lr, steps, w=0.0):
    n = len(x)
    losses = []
    for _ in range(steps):
        gradient = sum(2 * (w * x[i] - y[i]) * x[i] for i in range(n)) / n
        w = w - lr * gradient
        losses.append(sum((w * x[i] - y[i]) ** 2 for i in range(n)) / n)
    return w, losses

# %% wrong: The sum of the gradients is set to zero once, before the loop. | feedback: the gradient of the first round is still inside
def learn(x, y, lr, steps, w=0.0):
    n = len(x)
    losses = []
    gradient = 0.0
    for _ in range(steps):
        loss = 0.0
        for i in range(n):
            error = w * x[i] - y[i]
            loss += error**2 / n
            gradient += 2 * error * x[i] / n
        w = w - lr * gradient
        losses.append(loss)
    return w, losses

# %% wrong: The derivative of a square keeps no factor 2. | feedback: the factor 2 of the derivative is missing
# -        gradient = sum(2 * (prediction[i] - y[i]) * x[i] for i in range(n)) / n
        gradient = sum((prediction[i] - y[i]) * x[i] for i in range(n)) / n

# %% wrong: The derivative of the square is all; the inner one is forgotten. | feedback: the factor x of the derivative is missing
# -        gradient = sum(2 * (prediction[i] - y[i]) * x[i] for i in range(n)) / n
        gradient = sum(2 * (prediction[i] - y[i]) for i in range(n)) / n

# %% wrong: The gradient itself is the step. | feedback: the learning rate is missing
# -        w = w - lr * gradient
        w = w - gradient

# %% wrong: One prediction, before the loop, serves all rounds. | feedback: Predict inside of the loop
def learn(x, y, lr, steps, w=0.0):
    n = len(x)
    losses = []
    prediction = [w * x[i] for i in range(n)]
    for _ in range(steps):
        losses.append(sum((prediction[i] - y[i]) ** 2 for i in range(n)) / n)
        gradient = sum(2 * (prediction[i] - y[i]) * x[i] for i in range(n)) / n
        w = w - lr * gradient
    return w, losses

# %% wrong: return belongs to the lines of the loop. | feedback: Does return stand inside of the loop?
# -    return w, losses
        return w, losses

# %% wrong: What is computed in a function is known outside. | feedback: Is the line with return missing
# -    return w, losses

# %% wrong: The losses need not come out. | feedback: Return two things
# -    return w, losses
    return w

# %% wrong: The square of the mean error is the mean of the squares. | feedback: that is the square of the mean error
# -        prediction = [w * x[i] for i in range(n)]
# -        losses.append(sum((prediction[i] - y[i]) ** 2 for i in range(n)) / n)
# -        gradient = sum(2 * (prediction[i] - y[i]) * x[i] for i in range(n)) / n
# -        w = w - lr * gradient
        error = [w * x[i] - y[i] for i in range(n)]
        losses.append((sum(error) / n) ** 2)
        w = w - lr * sum(2 * error[i] * x[i] for i in range(n)) / n

# %% wrong: The gradient is the sum over the examples. | feedback: Divide by n, for the mean
# -        gradient = sum(2 * (prediction[i] - y[i]) * x[i] for i in range(n)) / n
        gradient = sum(2 * (prediction[i] - y[i]) * x[i] for i in range(n))

# %% wrong: The loss is the sum over the examples. | feedback: that is the sum of the squares
# -        losses.append(sum((prediction[i] - y[i]) ** 2 for i in range(n)) / n)
        losses.append(sum((prediction[i] - y[i]) ** 2 for i in range(n)))

# %% wrong: Each example updates w at once. | feedback: you update after each example
def learn(x, y, lr, steps, w=0.0):
    n = len(x)
    losses = []
    for _ in range(steps):
        losses.append(sum((w * x[i] - y[i]) ** 2 for i in range(n)) / n)
        for i in range(n):
            w = w - lr * 2 * (w * x[i] - y[i]) * x[i]
    return w, losses

# %% wrong: The gradient points to the answer. | feedback: you walk uphill
# -        w = w - lr * gradient
        w = w + lr * gradient

# %% wrong: The list x can hold the predictions. | feedback: Your loop may only read the lists
# -        prediction = [w * x[i] for i in range(n)]
        prediction = x
        for i in range(n):
            prediction[i] = w * x[i]

# %% wrong: PyTorch does the same, so it may be used. | feedback: No PyTorch
def learn(x, y, lr, steps, w=0.0):
    xs, ys = tensor(x), tensor(y)
    w = weight(w)
    losses = []
    for _ in range(steps):
        loss = ((w * xs - ys) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        w.grad = None
    return w.item(), losses

# %% wrong: x.index(one) finds the place of an example. | feedback: examples may have equal x
def learn(x, y, lr, steps, w=0.0):
    losses = []
    n = len(x)
    for _ in range(steps):
        loss, gradient = 0.0, 0.0
        for one in x:
            i = x.index(one)
            error = w * one - y[i]
            loss += error**2 / n
            gradient += 2 * error * one / n
        losses.append(loss)
        w -= lr * gradient
    return w, losses

# %% wrong: A dict of x to y holds all examples. | feedback: examples may have equal x
def learn(x, y, lr, steps, w=0.0):
    data = dict(zip(x, y))
    n = len(data)
    losses = []
    for _ in range(steps):
        losses.append(sum((w * a - b) ** 2 for a, b in data.items()) / n)
        w = w - lr * sum(2 * (w * a - b) * a for a, b in data.items()) / n
    return w, losses

# %% wrong: The best weight is wanted, not the last. | feedback: the last w
def learn(x, y, lr, steps, w=0.0):
    n = len(x)
    losses = []

    def loss_at(w):
        return sum((w * a - b) ** 2 for a, b in zip(x, y)) / n

    best = w
    for _ in range(steps):
        losses.append(loss_at(w))
        w = w - lr * sum(2 * (w * a - b) * a for a, b in zip(x, y)) / n
        if loss_at(w) < loss_at(best):
            best = w
    return best, losses

# %% wrong: A loop may stop as soon as the loss is small. | feedback: beginning in the minimum
def learn(x, y, lr, steps, w=0.0):
    n = len(x)
    losses = []
    for _ in range(steps):
        error = [w * a - b for a, b in zip(x, y)]
        losses.append(sum(e * e for e in error) / n)
        if losses[-1] < 1e-6:
            break
        w = w - lr * sum(2 * e * a for e, a in zip(error, x)) / n
    return w, losses

# %% wrong: A loop must stop when the loss rises. | feedback: also when the loss is small, and when it rises
def learn(x, y, lr, steps, w=0.0):
    n = len(x)
    losses = []
    for _ in range(steps):
        error = [w * a - b for a, b in zip(x, y)]
        loss = sum(e * e for e in error) / n
        if losses and loss > losses[-1]:
            break
        losses.append(loss)
        w = w - lr * sum(2 * e * a for e, a in zip(error, x)) / n
    return w, losses

# %% right: pairs and errors
def learn(x, y, lr, steps, w=0.0):
    losses = []
    for _ in range(steps):
        errors = [w * a - b for a, b in zip(x, y)]
        losses.append(sum(e * e for e in errors) / len(errors))
        w -= lr * 2 / len(x) * sum(e * a for e, a in zip(errors, x))
    return w, losses

# %% right: running sums
def learn(x, y, lr, steps, w=0.0):
    losses, step = [], 0
    while step < steps:
        loss = gradient = 0.0
        for i in range(len(x)):
            error = w * x[i] - y[i]
            loss = loss + error**2
            gradient = gradient + 2 * error * x[i]
        losses += [loss / len(x)]
        w = w - lr * gradient / len(x)
        step += 1
    return w, losses

# %% right: helpers named like the tools
def loss_of(x, y, w):
    return sum((w * a - b) ** 2 for a, b in zip(x, y)) / len(x)


def gradient_of(x, y, w):
    return sum(2 * (w * a - b) * a for a, b in zip(x, y)) / len(x)


def learn(x, y, lr, steps, w=0.0):
    losses = []
    for _ in range(steps):
        losses.append(loss_of(x, y, w))
        w = w - lr * gradient_of(x, y, w)
    return w, losses

# %% wrong: There are five storms, always. | feedback: you divide by 5
def learn(x, y, lr, steps, w=0.0):
    losses = []
    for _ in range(steps):
        errors = [w * a - b for a, b in zip(x, y)]
        losses.append(sum(e * e for e in errors) / 5)
        w -= lr * sum(2 * e * a for e, a in zip(errors, x)) / 5
    return w, losses

# %% wrong: The lesson's storms are the data. | feedback: reads the storms of the lesson
def learn(x, y, lr, steps, w=0.0):
    losses = []
    n = len(seconds)
    for _ in range(steps):
        errors = [w * seconds[i] - kilometres[i] for i in range(n)]
        losses.append(sum(e**2 for e in errors) / n)
        w -= lr * sum(2 * e * seconds[i] for i, e in enumerate(errors)) / n
    return w, losses

# %% wrong: Six digits of a loss are enough. | feedback: do not round
def learn(x, y, lr, steps, w=0.0):
    losses = []
    n = len(x)
    for _ in range(steps):
        e = [w * x[i] - y[i] for i in range(n)]
        losses.append(round(sum(v**2 for v in e) / n, 6))
        w -= lr * 2 * sum(e[i] * x[i] for i in range(n)) / n
    return w, losses

# %% wrong: Each example takes its share of the step at once. | feedback: you update after each example
def learn(x, y, lr, steps, w=0.0):
    losses = []
    for _ in range(steps):
        total = 0.0
        for xi, yi in zip(x, y):
            error = w * xi - yi
            total += error**2
            w = w - lr * 2 * error * xi / len(x)
        losses.append(total / len(x))
    return w, losses

# %% right: sums of squares first, by math.fsum
def learn(x, y, lr, steps, w=0.0):
    n = len(x)
    a = math.fsum(p * p for p in x) / n
    b = math.fsum(p * q for p, q in zip(x, y)) / n
    losses = []
    for _ in range(steps):
        losses.append(math.fsum((w * p - q) ** 2 for p, q in zip(x, y)) / n)
        w -= lr * 2 * (w * a - b)
    return w, losses

# %% right: recursion, with a helper named loss_of
def mean(numbers):
    numbers = list(numbers)
    return sum(numbers) / len(numbers)


def loss_of(w, x, y):
    return mean((w * a - b) ** 2 for a, b in zip(x, y))


def learn(x, y, lr, steps, w=0.0):
    if steps == 0:
        return w, []
    now = loss_of(w, x, y)
    w_next = w - lr * mean(2 * (w * a - b) * a for a, b in zip(x, y))
    w_end, rest = learn(x, y, lr, steps - 1, w_next)
    return w_end, [now] + rest

# %% wrong: A gradient must be clipped. | feedback: the error grows 35-fold
def learn(x, y, lr, steps, w=0.0):
    losses = []
    n = len(x)
    for _ in range(steps):
        losses.append(sum((w * x[i] - y[i]) ** 2 for i in range(n)) / n)
        g = sum(2 * (w * x[i] - y[i]) * x[i] for i in range(n)) / n
        g = max(-100.0, min(100.0, g))
        w = w - lr * g
    return w, losses

# %% wrong: A tiny step is no step. | feedback: also where w hardly changes
def learn(x, y, lr, steps, w=0.0):
    losses = []
    n = len(x)
    for _ in range(steps):
        losses.append(sum((w * x[i] - y[i]) ** 2 for i in range(n)) / n)
        g = sum(2 * (w * x[i] - y[i]) * x[i] for i in range(n)) / n
        if abs(g) > 1e-9:
            w = w - lr * g
    return w, losses

# %% wrong: The update may be made as the sum grows. | feedback: you update after every example
def learn(x, y, lr, steps, w=0.0):
    losses = []
    for _ in range(steps):
        losses.append(sum((w * a - b) ** 2 for a, b in zip(x, y)) / len(x))
        gradient = 0.0
        for a, b in zip(x, y):
            gradient += 2 * (w * a - b) * a / len(x)
            w = w - lr * gradient
    return w, losses
