# %% wrong: The factor is the share that was not drawn. | feedback: not (n − B)/n
def noise_floor(lr, curvature, sigma2, size, n):
    if lr * curvature >= 2:
        return math.inf
    sigma2_batch = sigma2 / size * (n - size) / n
    return lr * sigma2_batch / (curvature * (2 - lr * curvature))

# %% wrong: The limit is 2. | feedback: return math.inf
# -    """The variance of the weight that stays in the long run, a float."""
# -    if lr * curvature >= 2:
    if lr >= 2 or lr * curvature == 2:

# %% wrong: The formula holds at every rate. | feedback: return math.inf
# -    """The variance of the weight that stays in the long run, a float."""
# -    if lr * curvature >= 2:
    if lr * curvature == 2:

# %% wrong: Drawing without replacement changes nothing. | feedback: the factor (n − B)/(n − 1) is missing
def noise_floor(lr, curvature, sigma2, size, n):
    if lr * curvature >= 2:
        return math.inf
    sigma2_batch = sigma2 / size
    return lr * sigma2_batch / (curvature * (2 - lr * curvature))

# %% wrong: A batch's gradient is as noisy as an example's. | feedback: divide by B
def noise_floor(lr, curvature, sigma2, size, n):
    if lr * curvature >= 2:
        return math.inf
    sigma2_batch = sigma2 * (n - size) / (n - 1)
    return lr * sigma2_batch / (curvature * (2 - lr * curvature))

# %% wrong: The factor of an update stands in the denominator. | feedback: not 1 − ηλ
def noise_floor(lr, curvature, sigma2, size, n):
    if lr * curvature >= 2:
        return math.inf
    sigma2_batch = sigma2 / size * (n - size) / (n - 1)
    return lr * sigma2_batch / (curvature * (1 - lr * curvature))

# %% wrong: The variance falls with the root of the batch size. | feedback: that falls as 1/√B
def noise_floor(lr, curvature, sigma2, size, n):
    if lr * curvature >= 2:
        return math.inf
    sigma2_batch = sigma2 / math.sqrt(size) * (n - size) / (n - 1)
    return lr * sigma2_batch / (curvature * (2 - lr * curvature))

# %% wrong: The floor is ησ²/(2λ). | feedback: that is the formula for small rates
def noise_floor(lr, curvature, sigma2, size, n):
    if lr * curvature >= 2:
        return math.inf
    sigma2_batch = sigma2 / size * (n - size) / (n - 1)
    return lr * sigma2_batch / (curvature * 2)

# %% wrong: sigma2 has to be squared. | feedback: Do not square it
def noise_floor(lr, curvature, sigma2, size, n):
    if lr * curvature >= 2:
        return math.inf
    sigma2_batch = sigma2**2 / size * (n - size) / (n - 1)
    return lr * sigma2_batch / (curvature * (2 - lr * curvature))

# %% wrong: The floor is a distance. | feedback: The floor is the variance: take no root
def noise_floor(lr, curvature, sigma2, size, n):
    if lr * curvature >= 2:
        return math.inf
    sigma2_batch = sigma2 / size * (n - size) / (n - 1)
    return math.sqrt(lr * sigma2_batch / (curvature * (2 - lr * curvature)))

# %% wrong: The floor does not depend on the curvature but for the limit. | feedback: λ is missing
def noise_floor(lr, curvature, sigma2, size, n):
    if lr * curvature >= 2:
        return math.inf
    sigma2_batch = sigma2 / size * (n - size) / (n - 1)
    return lr * sigma2_batch / (2 - lr * curvature)

# %% right: what each update adds, summed as a geometric series
def noise_floor(lr, curvature, sigma2, size, n):
    shrink = (1 - lr * curvature) ** 2
    if shrink >= 1 and lr > 0:
        return float("inf")
    return lr**2 * (sigma2 * (n - size)) / (size * (n - 1)) / (1 - shrink)

# %% wrong: η enters twice. | feedback: η enters once in the numerator
# -    return lr * sigma2_batch / (curvature * (2 - lr * curvature))
    return lr**2 * sigma2_batch / (curvature * (2 - lr * curvature))

# %% wrong: At the limit itself there is still a floor. | feedback: At η = 1.0 return math.inf
# -    if lr * curvature >= 2:
    if lr * curvature > 2:
# -    return lr * sigma2_batch / (curvature * (2 - lr * curvature))
    return lr * sigma2_batch / max(curvature * (2 - lr * curvature), 1e-12)

# %% wrong: The limit is 1/λ. | feedback: the floor is inf, not 1.167
# -    if lr * curvature >= 2:
    if lr * curvature >= 0.8:

# %% wrong: Only flat directions have a floor. | feedback: the limit is 2/λ
# -    if lr * curvature >= 2:
    if lr * curvature >= 2 or lr > 2:

# %% wrong: A floor of no noise is the number 0. | feedback: Return a Python float, not int
# -    if lr * curvature >= 2:
    if size == n:
        return 0
    if lr * curvature >= 2:

# %% wrong: A tensor with one number is a number. | feedback: Return a Python float, not Tensor
# -    return lr * sigma2_batch / (curvature * (2 - lr * curvature))
    return torch.tensor(lr * sigma2_batch / (curvature * (2 - lr * curvature)))

# %% wrong: The case without a floor returns nothing. | feedback: Is the line with return missing
# -        return math.inf
        return None

# %% right: the recursion for the variance, run until it rests
def noise_floor(lr, curvature, sigma2, size, n):
    if lr >= 2 / curvature:
        return float("inf")
    added, factor, variance = lr**2 * sigma2 / size * (n - size) / (n - 1), (1 - lr * curvature) ** 2, 0.0
    while abs(variance * factor + added - variance) > 1e-14 * variance:
        variance = variance * factor + added
    return variance

# %% wrong: Without noise there is no running away. | feedback: without noise the loop runs away, too
def noise_floor(lr, curvature, sigma2, size, n):
    if size == n:
        return 0.0
    if lr >= 2 / curvature:
        return math.inf
    s = sigma2 / size * (n - size) / (n - 1)
    return lr * s / (curvature * (2 - lr * curvature))

# %% wrong: A denominator below a billionth is zero. | feedback: here η is below it
def noise_floor(lr, curvature, sigma2, size, n):
    s = sigma2 / size * (n - size) / (n - 1)
    below = curvature * (2 - lr * curvature)
    return lr * s / below if below > 1e-9 else math.inf

# %% wrong: At the limit itself the formula still holds. | feedback: Something is divided by 0
def noise_floor(lr, curvature, sigma2, size, n):
    if lr > 2 / curvature:
        return math.inf
    s = sigma2 / size * (n - size) / (n - 1)
    return lr * s / (curvature * (2 - lr * curvature))

# %% wrong: Division goes before multiplication. | feedback: into brackets
def noise_floor(lr, curvature, sigma2, size, n):
    if lr >= 2 / curvature:
        return math.inf
    s = sigma2 / size * (n - size) / (n - 1)
    return lr * s / curvature * (2 - lr * curvature)

# %% right: the sum of a geometric series
def noise_floor(lr, curvature, sigma2, size, n):
    if lr >= 2 / curvature:
        return math.inf
    factor = (1 - lr * curvature) ** 2
    batch_variance = sigma2 * (n - size) / (size * (n - 1))
    return lr**2 * batch_variance / (1 - factor)

# %% wrong: Nearly at the limit is at the limit. | feedback: here η is below it
def noise_floor(lr, curvature, sigma2, size, n):
    if lr * curvature >= 2 - 1e-3:
        return math.inf
    return lr * sigma2 / size * (n - size) / (n - 1) / (curvature * (2 - lr * curvature))
