# %% wrong: A batch is normalized by its own numbers, whenever. | feedback: in eval the running mean and variance count
# -    if training:
# -        n = len(x)
# -        m, v = x.mean(dim=0), x.var(dim=0, correction=0)
    n = len(x)
    m, v = x.mean(dim=0), x.var(dim=0, correction=0)
    if training:

# %% wrong: There is one variance, torch's var. | feedback: that is normalized with the unbiased variance
# -        m, v = x.mean(dim=0), x.var(dim=0, correction=0)
        m, v = x.mean(dim=0), x.var(dim=0)
# -            var = (1 - momentum) * var + momentum * n / (n - 1) * v
            var = (1 - momentum) * var + momentum * v

# %% wrong: What is remembered is what was used. | feedback: moves towards the unbiased variance
# -            var = (1 - momentum) * var + momentum * n / (n - 1) * v
            var = (1 - momentum) * var + momentum * v

# %% wrong: The unbiased variance is already unbiased. | feedback: new_var
# -            var = (1 - momentum) * var + momentum * n / (n - 1) * v
            var = (1 - momentum) * var + momentum * (n - 1) / n * v

# %% wrong: Momentum is the share of the old. | feedback: the momentum is the other way round
# -            mean = (1 - momentum) * mean + momentum * m
# -            var = (1 - momentum) * var + momentum * n / (n - 1) * v
            mean = momentum * mean + (1 - momentum) * m
            var = momentum * var + (1 - momentum) * n / (n - 1) * v

# %% wrong: The variance has a momentum of its own way. | feedback: the momentum is the other way round
# -            var = (1 - momentum) * var + momentum * n / (n - 1) * v
            var = momentum * var + (1 - momentum) * n / (n - 1) * v

# %% wrong: ε keeps the division from 0. | feedback: ε belongs inside the root
# -    y = gamma * (x - m) / (v + eps).sqrt() + beta
    y = gamma * (x - m) / (v.sqrt() + eps) + beta

# %% wrong: A variance is what one divides by. | feedback: the root is missing
# -    y = gamma * (x - m) / (v + eps).sqrt() + beta
    y = gamma * (x - m) / (v + eps) + beta

# %% wrong: The record is made as everything is made. | feedback: autograd watches new_mean
# -        with torch.no_grad():
        with torch.enable_grad():

# %% wrong: Only the mean is a record. | feedback: autograd watches new_var
# -        with torch.no_grad():
# -            mean = (1 - momentum) * mean + momentum * m
# -            var = (1 - momentum) * var + momentum * n / (n - 1) * v
        mean = (1 - momentum) * mean + momentum * m.detach()
        var = (1 - momentum) * var + momentum * n / (n - 1) * v

# %% wrong: The record is kept where it is. | feedback: changed its input number 4
# -            mean = (1 - momentum) * mean + momentum * m
            mean.mul_(1 - momentum).add_(momentum * m)

# %% wrong: The variance's record is kept where it is. | feedback: changed its input number 5
# -            var = (1 - momentum) * var + momentum * n / (n - 1) * v
            var += momentum * (n / (n - 1) * v - var)

# %% wrong: x is not needed any more. | feedback: changed its input number 1
# -    y = gamma * (x - m) / (v + eps).sqrt() + beta
    x -= m
    y = gamma * x / (v + eps).sqrt() + beta

# %% wrong: A norm is over the features. | feedback: that is the mean and variance of each example
def batch_norm(x, gamma, beta, mean, var, training, momentum=0.1, eps=1e-5):
    if not training:
        return gamma * (x - mean) / (var + eps).sqrt() + beta, mean, var
    m, v = x.mean(dim=1, keepdim=True), x.var(dim=1, correction=0, keepdim=True)
    y = gamma * (x - m) / (v + eps).sqrt() + beta
    n = len(x)
    new_mean = (1 - momentum) * mean + momentum * x.mean(dim=0).detach()
    new_var = (1 - momentum) * var + momentum * x.var(dim=0).detach()
    return y, new_mean, new_var

# %% wrong: A batch has one mean and one variance. | feedback: one mean and variance for the whole batch
# -    y = gamma * (x - m) / (v + eps).sqrt() + beta
    if training:
        m, v = x.mean(), x.var(correction=0)
    y = gamma * (x - m) / (v + eps).sqrt() + beta

# %% wrong: The batch only moves the record. | feedback: and not the running ones
# -        m, v = x.mean(dim=0), x.var(dim=0, correction=0)
        m, v = x.mean(dim=0), x.var(dim=0, correction=0)
        batch = mean, var
# -    y = gamma * (x - m) / (v + eps).sqrt() + beta
    if training:
        m, v = batch
    y = gamma * (x - m) / (v + eps).sqrt() + beta

# %% wrong: The newest record is the best. | feedback: with the running ones after their update
# -    y = gamma * (x - m) / (v + eps).sqrt() + beta
    y = gamma * (x - mean) / (var + eps).sqrt() + beta

# %% wrong: Statistics are numbers, and not part of the graph. | feedback: mean and variance hang on x, too
# -        m, v = x.mean(dim=0), x.var(dim=0, correction=0)
        m, v = x.detach().mean(dim=0), x.detach().var(dim=0, correction=0)

# %% wrong: The mean may be cut off. | feedback: the batch's mean hangs on x, too
# -        m, v = x.mean(dim=0), x.var(dim=0, correction=0)
        m, v = x.detach().mean(dim=0), x.var(dim=0, correction=0)

# %% wrong: The variance may be cut off. | feedback: the batch's variance hangs on x, too
# -        m, v = x.mean(dim=0), x.var(dim=0, correction=0)
        m, v = x.mean(dim=0), x.detach().var(dim=0, correction=0)

# %% wrong: Evaluating moves the record, too. | feedback: In eval they rest
# -    y = gamma * (x - m) / (v + eps).sqrt() + beta
    y = gamma * (x - m) / (v + eps).sqrt() + beta
    if not training and len(x) > 1:
        mean = (1 - momentum) * mean + momentum * x.mean(dim=0)

# %% wrong: β is scaled as well. | feedback: beta is added last
# -    y = gamma * (x - m) / (v + eps).sqrt() + beta
    y = gamma * ((x - m) / (v + eps).sqrt() + beta)

# %% wrong: Only the mean is remembered. | feedback: the running one does not move in training
# -            var = (1 - momentum) * var + momentum * n / (n - 1) * v

# %% wrong: torch has it. | feedback: torch's own norms do not do it for you
def batch_norm(x, gamma, beta, mean, var, training, momentum=0.1, eps=1e-5):
    new_mean, new_var = mean.clone(), var.clone()
    y = nn.functional.batch_norm(x, new_mean, new_var, gamma, beta, training, momentum, eps)
    return y, new_mean, new_var

# %% wrong: In eval nothing is learned. | feedback: autograd cannot follow
# -    y = gamma * (x - m) / (v + eps).sqrt() + beta
    with torch.set_grad_enabled(training):
        y = gamma * (x - m) / (v + eps).sqrt() + beta

# %% wrong: n counts all entries. | feedback: n counts the examples
# -        n = len(x)
        n = x.numel()

# %% wrong: The defaults are the numbers. | feedback: 0.1 stands in your function
# -            mean = (1 - momentum) * mean + momentum * m
            mean = 0.9 * mean + 0.1 * m

# %% wrong: ε is always small. | feedback: 1e-5 stands in your function
# -    y = gamma * (x - m) / (v + eps).sqrt() + beta
    y = gamma * (x - m) / (v + 1e-5).sqrt() + beta

# %% wrong: y is enough. | feedback: Return three things
# -    return y, mean, var
    return y

# %% right: with var_mean and lerp
def batch_norm(x, gamma, beta, mean, var, training, momentum=0.1, eps=1e-5):
    if not training:
        return (x - mean) * torch.rsqrt(var + eps) * gamma + beta, mean.clone(), var.clone()
    unbiased, m = torch.var_mean(x, dim=0)
    v = unbiased * (1 - 1 / x.shape[0])
    y = torch.addcmul(beta, gamma, (x - m) * torch.rsqrt(v + eps))
    return y, torch.lerp(mean, m.detach(), momentum), torch.lerp(var, unbiased.detach(), momentum)

# %% right: by sums, in place on copies, in a list
def batch_norm(x, gamma, beta, mean, var, training, momentum=0.1, eps=1e-5):
    new_mean, new_var = mean.clone(), var.clone()
    if training:
        n = x.size(0)
        m = x.sum(0) / n
        v = ((x - m) ** 2).sum(0) / n
        new_mean.mul_(1 - momentum).add_(m.detach(), alpha=momentum)
        new_var.mul_(1 - momentum).add_(v.detach(), alpha=momentum * n / (n - 1))
    else:
        m, v = new_mean, new_var
    scale = gamma / torch.sqrt(v + eps)
    return [x * scale + (beta - m * scale), new_mean, new_var]

# %% right: with a helper of the tests' name
def normed(x, m, v, eps):
    return (x - m) / (v + eps) ** 0.5


def batch_norm(x, gamma, beta, mean, var, training, momentum=0.1, eps=1e-5):
    if not training:
        return normed(x, mean, var, eps) * gamma + beta, mean, var
    m = x.mean(0, keepdim=True)
    v = (x - m).pow(2).mean(0, keepdim=True)
    y = normed(x, m, v, eps) * gamma + beta
    n = x.shape[0]
    record = mean + momentum * (m[0] - mean), var + momentum * (v[0] * n / (n - 1) - var)
    return y, record[0].detach(), record[1].detach()

# %% wrong: Training is when gradients are wanted. | feedback: in training the batch's own mean and variance count
# -    if training:
    if x.requires_grad:

# %% wrong: The root, squared, is what it was. | feedback: is NaN. The root of 0
# -    y = gamma * (x - m) / (v + eps).sqrt() + beta
    v = v.sqrt() ** 2
    y = gamma * (x - m) / (v + eps).sqrt() + beta

# %% wrong: A momentum of 0 is none. | feedback: also where that is 0
# -    m, v = mean, var
    m, v = mean, var
    momentum = momentum or 0.1

# %% wrong: In eval there is nothing to remember. | feedback: new_mean is None
# -    return y, mean, var
    return (y, mean, var) if training else (y, None, None)

# %% wrong: ε is the least that a variance can be. | feedback: and no maximum
# -    y = gamma * (x - m) / (v + eps).sqrt() + beta
    y = gamma * (x - m) / v.clamp(min=eps).sqrt() + beta

# %% wrong: The spread is measured around the record. | feedback: new_var
# -            var = (1 - momentum) * var + momentum * n / (n - 1) * v
            var = (1 - momentum) * var + momentum * (x - mean).square().sum(dim=0) / (n - 1)

# %% wrong: The record keeps its axis. | feedback: new_mean has shape
# -        m, v = x.mean(dim=0), x.var(dim=0, correction=0)
        m, v = x.mean(dim=0, keepdim=True), x.var(dim=0, correction=0, keepdim=True)

# %% wrong: A batch of one kind is in eval. | feedback: in eval the running mean and variance count
# -    if training:
    if training or len(x) > 1:

# %% right: by the standard deviation, whose slope at 0 torch takes to be 0
# -        m, v = x.mean(dim=0), x.var(dim=0, correction=0)
        m, v = x.mean(dim=0), x.std(dim=0, correction=0) ** 2

# %% right: as an object that is called, with a named tuple
import collections

Three = collections.namedtuple("Three", "y new_mean new_var")


class Norm:
    def __call__(self, x, gamma, beta, mean, var, training, momentum=0.1, eps=1e-5):
        m, v = (x.mean(0), x.var(0, unbiased=False)) if training else (mean, var)
        y = (x - m) / torch.sqrt(v + eps)
        y = y.mul(gamma).add(beta)
        if training:
            with torch.no_grad():
                mean = mean.lerp(m, momentum)
                var = var.lerp(x.var(0), momentum)
        return Three(y, mean, var)


batch_norm = Norm()

# %% right: on the transposed, by products of matrices
def batch_norm(x, gamma, beta, mean, var, training, momentum=0.1, eps=1e-5):
    if training:
        n = x.shape[0]
        share = torch.full((n,), 1 / n)
        m = share @ x
        c = x - m
        v = share @ c**2
        mean = mean.clone().detach() * (1 - momentum) + m.data * momentum
        var = var.clone().detach() * (1 - momentum) + v.data * momentum * n / (n - 1)
    else:
        m, v = mean, var
        c = x - m
    return c @ torch.diag(gamma / (v + eps) ** 0.5) + beta, mean, var

# %% right: by the mean of the squares
# -        m, v = x.mean(dim=0), x.var(dim=0, correction=0)
        m = sum(x) / n
        v = sum((row - m) ** 2 for row in x) / n
