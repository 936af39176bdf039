# %% wrong: A second name is a copy. | feedback: a second name for w
def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        right, left = w, w
        step = h * max(1.0, abs(w[i].item()))
        right[i] += step
        above = f(right)
        left[i] -= step
        slopes[i] = (above - f(left)) / (2 * step)
    return slopes

# %% wrong: All slopes can be measured with one nudge of all weights. | feedback: all weights are nudged at once
def measure(f, w, h=6e-6):
    nudge = h * w.abs().clamp(min=1.0)
    return (f(w + nudge) - f(w - nudge)) / (2 * nudge)

# %% wrong: The best measurement is autograd. | feedback: Measure it, with the h that was given
def measure(f, w, h=6e-6):
    leaf = w.clone().requires_grad_()
    f(leaf).backward()
    return leaf.grad

# %% wrong: Evaluations cost nothing. | feedback: you evaluate f 8 times
def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h * max(1.0, abs(w[i].item()))
        right = (f(w + nudge) - f(w)) / nudge[i]
        left = (f(w) - f(w - nudge)) / nudge[i]
        slopes[i] = (right + left) / 2
    return slopes

# %% wrong: The step is h, so the difference is divided by h. | feedback: are 2h apart. Divide by 2h
def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h * max(1.0, abs(w[i].item()))
        slopes[i] = (f(w + nudge) - f(w - nudge)) / nudge[i]
    return slopes

# %% wrong: The h of the division is the h of the argument. | feedback: Divide by twice the nudge that you made
def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h * max(1.0, abs(w[i].item()))
        slopes[i] = (f(w + nudge) - f(w - nudge)) / (2 * h)
    return slopes

# %% wrong: One nudge shows the slope. | feedback: that is the forward difference
def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h * max(1.0, abs(w[i].item()))
        slopes[i] = (f(w + nudge) - f(w)) / nudge[i]
    return slopes

# %% wrong: A slope is the rise times the step, by a slip of precedence. | feedback: you multiply by h at the end
def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h * max(1.0, abs(w[i].item()))
        slopes[i] = (f(w + nudge) - f(w - nudge)) / 2 * nudge[i]
    return slopes

# %% wrong: A weight is at least as large as its size. | feedback: with the absolute value of w
def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h * max(1.0, w[i].item())
        slopes[i] = (f(w + nudge) - f(w - nudge)) / (2 * nudge[i])
    return slopes

# %% wrong: The nudge of the weight before does no harm. | feedback: the first weight is still nudged
def measure(f, w, h=6e-6):
    slopes, right, left = torch.zeros_like(w), w.clone(), w.clone()
    for i in range(len(w)):
        step = h * max(1.0, abs(w[i].item()))
        right[i] += step
        left[i] -= step
        slopes[i] = (f(right) - f(left)) / (2 * step)
    return slopes

# %% wrong: One h suits every weight. | feedback: the nudge was 0.1. It must be h
def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h
        slopes[i] = (f(w + nudge) - f(w - nudge)) / (2 * nudge[i])
    return slopes

# %% wrong: Dividing by 2h makes a forward difference central. | feedback: but divide by 2h. Nudge to both
def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h * max(1.0, abs(w[i].item()))
        slopes[i] = (f(w + nudge) - f(w)) / (2 * nudge[i])
    return slopes

# %% wrong: A nudge in proportion to the weight is always right. | feedback: not less than h
def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h * max(abs(w[i].item()), 1e-3)
        slopes[i] = (f(w + nudge) - f(w - nudge)) / (2 * nudge[i])
    return slopes

# %% wrong: The difference is the slope. | feedback: For the slope, divide it by 2h
def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h * max(1.0, abs(w[i].item()))
        slopes[i] = f(w + nudge) - f(w - nudge)
    return slopes

# %% wrong: The weights may be used as scratch paper. | feedback: Nudge a copy: w.clone()
def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        step = h * max(1.0, abs(w[i].item()))
        w[i] += step
        above = f(w)
        w[i] -= 2 * step
        slopes[i] = (above - f(w)) / (2 * step)
        w[i] += step
    return slopes

# %% wrong: A list of slopes is a gradient. | feedback: Return a tensor, not list
# -    """The slopes of f at w, a tensor of shape (n,), by central differences."""
# -    slopes = torch.empty_like(w)
    slopes = []
# -        slopes[i] = (f(w + nudge) - f(w - nudge)) / (2 * nudge[i])
        slopes.append(((f(w + nudge) - f(w - nudge)) / (2 * nudge[i])).item())

# %% wrong: One slope is measured, and the loop is left. | feedback: Does return stand inside of the loop
def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h * max(1.0, abs(w[i].item()))
        slopes[i] = (f(w + nudge) - f(w - nudge)) / (2 * nudge[i])
        return slopes

# %% wrong: The order of the two points does not matter. | feedback: the sign is turned round
def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h * max(1.0, abs(w[i].item()))
        slopes[i] = (f(w - nudge) - f(w + nudge)) / (2 * nudge[i])
    return slopes

# %% wrong: A nudge to the left is as good as two. | feedback: that is a difference to the left
def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        nudge = torch.zeros_like(w)
        nudge[i] = h * max(1.0, abs(w[i].item()))
        slopes[i] = (f(w) - f(w - nudge)) / nudge[i]
    return slopes

# %% wrong: The largest weight sets the nudge of all. | feedback: h·max(1, |w_i|)
def measure(f, w, h=6e-6):
    nudge = h * max(1.0, w.abs().max().item())
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        up, down = w.clone(), w.clone()
        up[i] += nudge
        down[i] -= nudge
        slopes[i] = (f(up) - f(down)) / (2 * nudge)
    return slopes

# %% right: a clone each time
# The nudged weights are copies.


def measure(f, w, h=6e-6):
    slopes = torch.empty_like(w)
    for i, weight in enumerate(w.tolist()):
        step = h * max(1.0, abs(weight))
        above, below = w.clone(), w.clone()
        above[i] += step
        below[i] -= step
        slopes[i] = (f(above) - f(below)) / (2 * step)
    return slopes

# %% right: rows of a matrix
# The nudges are the rows of a diagonal matrix.


def measure(f, w, h=6e-6):
    steps = h * torch.clamp(w.abs(), min=1.0)
    rises = [f(w + row) - f(w - row) for row in torch.diag(steps)]
    return torch.stack(rises) / (2 * steps)

# %% right: helper named measured
def measured(f, w, i, step):
    nudged = w.clone()
    nudged[i] += step
    return float(f(nudged))


def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        hi = h * max(1.0, abs(w[i].item()))
        slopes[i] = (measured(f, w, i, hi) - measured(f, w, i, -hi)) / (2 * hi)
    return slopes

# %% wrong: w[i] keeps the old number. | feedback: w[i].item() the number
def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        old = w[i]
        step = h * max(1.0, abs(w[i].item()))
        w[i] = old + step
        above = f(w)
        w[i] = old - step
        slopes[i] = (above - f(w)) / (2 * step)
        w[i] = old
    return slopes

# %% wrong: Slopes may be float32. | feedback: is float32
# -    slopes = torch.empty_like(w)
    slopes = torch.zeros(len(w), dtype=torch.float32)

# %% wrong: f takes one weight. | feedback: f takes the tensor of all weights
def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        step = h * max(1.0, abs(w[i].item()))
        slopes[i] = (f(w[i] + step) - f(w[i] - step)) / (2 * step)
    return slopes

# %% wrong: The default of h is free. | feedback: the default of h
# -def measure(f, w, h=6e-6):
def measure(f, w, h=1e-5):

# %% wrong: Slopes stand in a column. | feedback: Your slopes have shape (1, 1), not (1,)
# -    return slopes
    return slopes.unsqueeze(1)

# %% wrong: A function that fills a tensor need not return it. | feedback: Your function returns nothing
# -    return slopes

# %% wrong: A weight of zero has the slope zero. | feedback: at w = 0 your slope
# -        nudge = torch.zeros_like(w)
        if w[i] == 0:
            continue
        nudge = torch.zeros_like(w)

# %% wrong: A slope that is nearly zero is zero. | feedback: at w = 0 your slope
# -    return slopes
    return torch.where(slopes.abs() < 0.7, 0.0, slopes)

# %% wrong: The smallest weight sets the nudge of all. | feedback: the nudge was 0.1, not 1
# -        nudge[i] = h * max(1.0, abs(w[i].item()))
        nudge[i] = h * max(1.0, w.abs().min().item())

# %% right: in place, and put back
def measure(f, w, h=6e-6):
    slopes = torch.zeros_like(w)
    for i in range(len(w)):
        old = w[i].item()
        step = h * max(1.0, abs(old))
        w[i] = old + step
        above = f(w).item()
        w[i] = old - step
        slopes[i] = (above - f(w).item()) / (2 * step)
        w[i] = old
    return slopes

# %% right: without recording
def measure(f, w, h=6e-6):
    torch.set_grad_enabled(False)
    torch.set_num_threads(2)
    steps = w.abs().clamp(min=1) * h
    return torch.tensor(
        [
            (f(w + step * e) - f(w - step * e)).item() / (2 * step.item())
            for step, e in zip(steps, torch.eye(len(w)), strict=True)
        ]
    )

# %% wrong: The nudge is h, and h in proportion to the weight on top. | feedback: do not add them
def measure(f, w, h=6e-6):
    hi = h * (1 + w.abs())
    return torch.stack([(f(w + e) - f(w - e)) / (2 * e.sum()) for e in torch.diag(hi)])

# %% wrong: The last number is len(w) − 1, so the loop ends before it. | feedback: Does your loop reach the last weight
def measure(f, w, h=6e-6):
    out = torch.zeros(len(w))
    for i in range(len(w) - 1):
        hi = h * max(1, abs(w[i].item()))
        nudge = torch.zeros(len(w))
        nudge[i] = hi
        out[i] = (f(w + nudge) - f(w - nudge)) / (2 * hi)
    return out

# %% wrong: The best h is 6e-6, whatever is given. | feedback: measured with an h of your own
def measure(f, w, h=6e-6):
    out = torch.zeros(len(w))
    for i in range(len(w)):
        hi = 6e-6 * max(1, abs(w[i].item()))
        nudge = torch.zeros(len(w))
        nudge[i] = hi
        out[i] = (f(w + nudge) - f(w - nudge)) / (2 * hi)
    return out

# %% wrong: A second name for w may be nudged. | feedback: two names of one tensor
def measure(f, w, h=6e-6):
    slopes = torch.empty_like(w)
    for i in range(len(w)):
        left, right = w, w
        nudge = h * max(1.0, abs(w[i].item()))
        right[i] += nudge
        left[i] -= nudge
        slopes[i] = (f(right) - f(left)) / (2 * nudge)
    return slopes
