# %% wrong: Who counts how much matters only when the result is judged. | feedback: as if all examples counted the same
def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    X, X_val = design((x - m) / s), design((x_val - m) / s)
    c = torch.ones_like(c)
    lr = 0.1 / torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))[-1]
    generator = torch.Generator().manual_seed(seed)
    theta, best, lowest = torch.zeros(X.shape[1], 1), None, math.inf
    for _ in range(80):
        for rows in torch.randperm(len(X), generator=generator).split(32):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        loss = (c_val * (X_val @ theta - y_val) ** 2).mean()
        if loss < lowest:
            best, lowest = theta, loss
    return lambda x_new: design((x_new - m) / s) @ best

# %% wrong: A tiny rate is a safe rate. | feedback: not even the bias has arrived
def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    X, X_val = design((x - m) / s), design((x_val - m) / s)
    lr = 1e-4
    generator = torch.Generator().manual_seed(seed)
    theta, best, lowest = torch.zeros(X.shape[1], 1), None, math.inf
    for _ in range(60):
        for rows in torch.randperm(len(X), generator=generator).split(32):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        loss = (c_val * (X_val @ theta - y_val) ** 2).mean()
        if loss < lowest:
            best, lowest = theta, loss
    return lambda x_new: design((x_new - m) / s) @ best

# %% wrong: The units of the inputs do not matter. | feedback: the loop has exploded
def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = 0.0, 1.0
    X, X_val = design((x - m) / s), design((x_val - m) / s)
    lr = 0.02
    generator = torch.Generator().manual_seed(seed)
    theta, best, lowest = torch.zeros(X.shape[1], 1), None, math.inf
    for _ in range(80):
        for rows in torch.randperm(len(X), generator=generator).split(32):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        loss = (c_val * (X_val @ theta - y_val) ** 2).mean()
        best = theta
    return lambda x_new: design((x_new - m) / s) @ best

# %% wrong: A row of answers is as good as a column. | feedback: Does anything but the bias move
def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    y, y_val, c, c_val = y.squeeze(1), y_val.squeeze(1), c.squeeze(1), c_val.squeeze(1)
    X, X_val = design((x - m) / s), design((x_val - m) / s)
    lr = 0.02
    generator = torch.Generator().manual_seed(seed)
    theta, best, lowest = torch.zeros(X.shape[1], 1), None, math.inf
    for _ in range(80):
        for rows in torch.randperm(len(X), generator=generator).split(32):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error).mean(dim=1, keepdim=True) / len(rows)
        loss = (c_val * (X_val @ theta - y_val) ** 2).mean()
        if loss < lowest:
            best, lowest = theta, loss
    return lambda x_new: design((x_new - m) / s) @ best

# %% wrong: Chance need not be repeatable. | feedback: Draw from a generator of the seed
def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    X, X_val = design((x - m) / s), design((x_val - m) / s)
    lr = 0.1 / torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))[-1]
    generator = torch.Generator()
    generator.seed()
    theta, best, lowest = torch.zeros(X.shape[1], 1), None, math.inf
    for _ in range(80):
        for rows in torch.randperm(len(X), generator=generator).split(32):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        loss = (c_val * (X_val @ theta - y_val) ** 2).mean()
        if loss < lowest:
            best, lowest = theta, loss
    return lambda x_new: design((x_new - m) / s) @ best

# %% wrong: The predictions for the validation patients are the result. | feedback: Return a function predict(x_new)
def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    X, X_val = design((x - m) / s), design((x_val - m) / s)
    lr = 0.1 / torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))[-1]
    generator = torch.Generator().manual_seed(seed)
    theta, best, lowest = torch.zeros(X.shape[1], 1), None, math.inf
    for _ in range(80):
        for rows in torch.randperm(len(X), generator=generator).split(32):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        loss = (c_val * (X_val @ theta - y_val) ** 2).mean()
        if loss < lowest:
            best, lowest = theta, loss
    return X_val @ best

# %% wrong: Every group of patients is scaled by its own mean and spread. | feedback: and use them for everybody
def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    X, X_val = design((x - m) / s), design((x_val - m) / s)
    lr = 0.1 / torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))[-1]
    generator = torch.Generator().manual_seed(seed)
    theta, best, lowest = torch.zeros(X.shape[1], 1), None, math.inf
    for _ in range(80):
        for rows in torch.randperm(len(X), generator=generator).split(32):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        loss = (c_val * (X_val @ theta - y_val) ** 2).mean()
        if loss < lowest:
            best, lowest = theta, loss
    return lambda x_new: design((x_new - x_new.mean(dim=0)) / x_new.std(dim=0, correction=0)) @ best

# %% wrong: The exact answer is the best answer. | feedback: Did you solve the equations
def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    best = exact(design((x - m) / s), y, c)
    return lambda x_new: design((x_new - m) / s) @ best

# %% wrong: Two epochs are enough when the data are few. | feedback: not even the bias has arrived
def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    X, X_val = design((x - m) / s), design((x_val - m) / s)
    lr = 0.1 / torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))[-1]
    generator = torch.Generator().manual_seed(seed)
    theta, best, lowest = torch.zeros(X.shape[1], 1), None, math.inf
    for _ in range(2):
        for rows in torch.randperm(len(X), generator=generator).split(32):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        loss = (c_val * (X_val @ theta - y_val) ** 2).mean()
        if loss < lowest:
            best, lowest = theta, loss
    return lambda x_new: design((x_new - m) / s) @ best

# %% wrong: One over L is the right rate for batches of any size. | feedback: the noise of the batches keeps you away
def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    X, X_val = design((x - m) / s), design((x_val - m) / s)
    lr = 1 / torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))[-1]
    generator = torch.Generator().manual_seed(seed)
    theta, best, lowest = torch.zeros(X.shape[1], 1), None, math.inf
    for _ in range(80):
        for rows in torch.randperm(len(X), generator=generator).split(16):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        loss = (c_val * (X_val @ theta - y_val) ** 2).mean()
        best = theta
    return lambda x_new: design((x_new - m) / s) @ best

# %% wrong: The mean and spread are kept in globals. | feedback: each predict its own
mean = spread = None


def project(x, y, c, x_val, y_val, c_val, seed):
    global mean, spread
    mean, spread = x.mean(dim=0), x.std(dim=0, correction=0)
    X = design((x - mean) / spread)
    L = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))[-1].item()
    generator = torch.Generator().manual_seed(seed)
    theta = torch.zeros(X.shape[1], 1)
    for epoch in range(200):
        lr = 0.5 / L * (1 if epoch < 100 else 0.1)
        for rows in torch.randperm(len(X), generator=generator).split(32):
            e = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * e) / len(rows)
    return lambda x_new: design((x_new - mean) / spread) @ theta

# %% wrong: More patients are better: the validation patients are trained on, too. | feedback: training patients only
def project(x, y, c, x_val, y_val, c_val, seed):
    x, y, c = torch.cat([x, x_val]), torch.cat([y, y_val]), torch.cat([c, c_val])
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    X = design((x - m) / s)
    L = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))[-1].item()
    generator = torch.Generator().manual_seed(seed)
    theta = torch.zeros(X.shape[1], 1)
    for epoch in range(200):
        lr = 0.5 / L * (1 if epoch < 100 else 0.1)
        for rows in torch.randperm(len(X), generator=generator).split(32):
            e = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * e) / len(rows)
    return lambda x_new: design((x_new - m) / s) @ theta

# %% right: nn.Linear, a DataLoader, a rate that falls, no validation
def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    model = torch.nn.Linear(x.shape[1], 1)
    with torch.no_grad():
        model.weight.zero_(), model.bias.zero_()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.03)
    data = torch.utils.data.TensorDataset((x - m) / s, y, c)
    loader = torch.utils.data.DataLoader(
        data, batch_size=20, shuffle=True, generator=torch.Generator().manual_seed(seed)
    )
    for epoch in range(60):
        if epoch == 40:
            optimizer.param_groups[0]["lr"] = 0.005
        for inputs, answers, counts in loader:
            loss = (counts * (model(inputs) - answers) ** 2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return lambda x_new: model((x_new - m) / s).detach()

# %% right: growing batches until it arrives
def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    X = design((x - m) / s)
    L = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))[-1].item()
    generator = torch.Generator().manual_seed(seed)
    theta = torch.zeros(X.shape[1], 1)
    # Small batches first, because they are cheap; then larger ones, because they are quiet.
    for batch, epochs, share in ((32, 60, 0.1), (128, 100, 0.3), (len(X), 12000, 1.9)):
        for _ in range(epochs):
            before = theta
            for rows in torch.randperm(len(X), generator=generator).split(batch):
                e = X[rows] @ theta - y[rows]
                theta = theta - share / L * 2 * X[rows].T @ (c[rows] * e) / len(rows)
            if (theta - before).norm() < 1e-13 * theta.norm():  # it has arrived
                break
    return lambda x_new: design((x_new - m) / s) @ theta

# %% right: helper named typical
def typical(theta, X, y, c):
    return (c * (X @ theta - y) ** 2).mean().sqrt().item()


def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    X, X_val = design((x - m) / s), design((x_val - m) / s)
    lr = 0.1 / torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))[-1].item()
    generator = torch.Generator().manual_seed(seed)
    theta, best = torch.zeros(X.shape[1], 1), None
    for _ in range(80):
        for rows in torch.randperm(len(X), generator=generator).split(32):
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * (X[rows] @ theta - y[rows])) / len(rows)
        if best is None or typical(theta, X_val, y_val, c_val) < typical(best, X_val, y_val, c_val):
            best = theta
    return lambda x_new: design((x_new - m) / s) @ best

# %% right: all written out, and the best weights chosen by the validation patients
def project(x, y, c, x_val, y_val, c_val, seed):
    """Train on raw data. Returns a function predict(x_new) for raw inputs of shape (n, inputs)."""
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    X, X_val = design((x - m) / s), design((x_val - m) / s)
    # Far below the limit 2/L: a batch's gradient is noisy, and the noise floor grows with the rate.
    lr = 0.1 / torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))[-1]
    generator = torch.Generator().manual_seed(seed)
    theta, best, lowest = torch.zeros(X.shape[1], 1), None, math.inf
    for _ in range(80):
        for rows in torch.randperm(len(X), generator=generator).split(32):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
        loss = (c_val * (X_val @ theta - y_val) ** 2).mean()
        if loss < lowest:
            best, lowest = theta, loss
    return lambda x_new: design((x_new - m) / s) @ best

# %% wrong: With all patients at once, chance is not needed. | feedback: Did you forget to shuffle
def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    X = design((x - m) / s)
    lr, updates = plan(X, c, 0.1)
    theta = torch.zeros(X.shape[1], 1)
    for _ in range(updates + 20):
        theta = theta - lr * gradient(X, y, c, theta)
    return lambda x_new: design((x_new - m) / s) @ theta

# %% wrong: The equations of lesson 1.2 are a model, too. | feedback: Did you solve the equations
def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    X = design((x - m) / s)
    theta = torch.linalg.solve(X.T @ (c * X), X.T @ (c * y))
    return lambda x_new: design((x_new - m) / s) @ theta

# %% wrong: A loop that begins at the solution has little to do. | feedback: Did you solve the equations
def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    X = design((x - m) / s)
    theta = (X.T @ (c * X)).inverse() @ X.T @ (c * y)
    generator = torch.Generator().manual_seed(seed)
    for rows in torch.randperm(len(X), generator=generator).split(32):
        theta = theta - 1e-3 * gradient(X[rows], y[rows], c[rows], theta)
    return lambda x_new: design((x_new - m) / s) @ theta

# %% wrong: One prediction each makes a row. | feedback: becomes a column
# -    return lambda x_new: scaled(x_new) @ theta
    return lambda x_new: (scaled(x_new) @ theta).squeeze(1)

# %% wrong: Seven digits are enough for a patient. | feedback: is float32
# -    return lambda x_new: scaled(x_new) @ theta
    return lambda x_new: (scaled(x_new) @ theta).float()

# %% wrong: What predict gets is its own. | feedback: changed its input number 1
# -    return lambda x_new: scaled(x_new) @ theta
    def predict(x_new):
        x_new -= m
        return design(x_new / s) @ theta

    return predict

# %% wrong: The weights are the result. | feedback: Return a function predict(x_new)
# -    return lambda x_new: scaled(x_new) @ theta
    return theta

# %% right: Adam, answers scaled as well, a rate that falls, and gradients off at the end
def project(x, y, c, x_val, y_val, c_val, seed):
    torch.set_num_threads(1)
    m, s, middle, spread = x.mean(dim=0), x.std(dim=0), y.mean(), y.std()
    X, answers = design((x - m) / s), (y - middle) / spread
    theta = torch.zeros(X.shape[1], 1, requires_grad=True)
    optimizer = torch.optim.Adam([theta], lr=0.02)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.95)
    torch.manual_seed(seed)
    for _ in range(70):
        for rows in torch.randperm(len(X)).split(16):
            optimizer.zero_grad()
            (c[rows] * (X[rows] @ theta - answers[rows]) ** 2).mean().backward()
            optimizer.step()
        schedule.step()
    torch.set_grad_enabled(False)
    return lambda x_new: middle + spread * (design((x_new - m) / s) @ theta)

# %% wrong: A triangular system is not solved, only substituted. | feedback: Did you solve the equations
def project(x, y, c, x_val, y_val, c_val, seed):
    torch.manual_seed(seed)
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    X = design((x - m) / s)
    Q, R = torch.linalg.qr(c.sqrt() * X)
    theta = torch.linalg.solve_triangular(R, Q.T @ (c.sqrt() * y), upper=True) + 1e-4 * torch.randn(X.shape[1], 1)
    return lambda x_new: design((x_new - m) / s) @ theta

# %% wrong: Five epochs are enough. | feedback: the loop has not quite arrived
def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    X = design((x - m) / s)
    L = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))[-1].item()
    theta = torch.zeros(X.shape[1], 1)
    generator = torch.Generator().manual_seed(seed)
    for _ in range(5):
        for rows in torch.randperm(len(X), generator=generator).split(32):
            theta = theta - 0.3 / L * 2 / len(rows) * X[rows].T @ (c[rows] * (X[rows] @ theta - y[rows]))
    return lambda x_new: design((x_new - m) / s) @ theta

# %% wrong: The first rise of the validation loss is the end. | feedback: the loop has not quite arrived
def project(x, y, c, x_val, y_val, c_val, seed):
    m, s = x.mean(dim=0), x.std(dim=0, correction=0)
    X, V = design((x - m) / s), design((x_val - m) / s)
    L = torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))[-1].item()
    theta, generator = torch.zeros(X.shape[1], 1), torch.Generator().manual_seed(seed)
    low, best = math.inf, theta
    for epoch in range(300):
        for rows in torch.randperm(len(X), generator=generator).split(32):
            theta = theta - 0.2 / L * 2 / len(rows) * X[rows].T @ (c[rows] * (X[rows] @ theta - y[rows]))
        now = (c_val * (V @ theta - y_val) ** 2).mean().item()
        if now >= low:
            break
        low, best = now, theta
    return lambda z: design((z - m) / s) @ best

# %% wrong: A rate that suits the raw inputs will do. | feedback: Did you standardize
def project(x, y, c, x_val, y_val, c_val, seed):
    X = design(x)
    lr = 0.1 / torch.linalg.eigvalsh(2 * X.T @ (c * X) / len(X))[-1]
    generator = torch.Generator().manual_seed(seed)
    theta = torch.zeros(X.shape[1], 1)
    for _ in range(80):
        for rows in torch.randperm(len(X), generator=generator).split(32):
            error = X[rows] @ theta - y[rows]
            theta = theta - lr * 2 * X[rows].T @ (c[rows] * error) / len(rows)
    return lambda x_new: design(x_new) @ theta
