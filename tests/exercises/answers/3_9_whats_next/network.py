# %% wrong: The norm is left out. | feedback: the norm is missing
# -        h = h + (h / size @ A).relu() @ B
        h = h + (h @ A).relu() @ B

# %% wrong: No skip. | feedback: the skip is missing
# -        h = h + (h / size @ A).relu() @ B
        h = (h / size @ A).relu() @ B

# %% wrong: The branch is taken off. | feedback: the branch is taken off. Add it
# -        h = h + (h / size @ A).relu() @ B
        h = h - (h / size @ A).relu() @ B

# %% wrong: A ReLU behind the sum. | feedback: behind the sum there is no ReLU
# -        h = h + (h / size @ A).relu() @ B
        h = (h + (h / size @ A).relu() @ B).relu()

# %% wrong: The skip takes the norm. | feedback: the skip goes around the norm
# -        h = h + (h / size @ A).relu() @ B
        h = h / size
        h = h + (h @ A).relu() @ B

# %% wrong: The norm behind the sum, as it was in 2017. | feedback: relu(xW), then h + relu(norm(h)A)B
# -        size = (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
# -        h = h + (h / size @ A).relu() @ B
        h = h + (h @ A).relu() @ B
        h = h / (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()

# %% wrong: No ReLU in the branch. | feedback: ReLU is missing in the branch
# -        h = h + (h / size @ A).relu() @ B
        h = h + h / size @ A @ B

# %% wrong: ReLU behind both matrices. | feedback: ReLU stands between A and B
# -        h = h + (h / size @ A).relu() @ B
        h = h + (h / size @ A @ B).relu()

# %% wrong: ReLU before both matrices. | feedback: ReLU stands between A and B
# -        h = h + (h / size @ A).relu() @ B
        h = h + (h / size).relu() @ A @ B

# %% wrong: A ReLU after B as well. | feedback: after B there is no ReLU
# -        h = h + (h / size @ A).relu() @ B
        h = h + ((h / size @ A).relu() @ B).relu()

# %% wrong: The norm behind A. | feedback: the norm stands before A, not behind it
# -        size = (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
# -        h = h + (h / size @ A).relu() @ B
        inner = h @ A
        size = (inner.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
        h = h + (inner / size).relu() @ B

# %% wrong: A and B exchanged. | feedback: A and B are exchanged
# -        h = h + (h / size @ A).relu() @ B
        h = h + (h / size @ B).relu() @ A

# %% wrong: A twice. | feedback: A is used twice
# -        h = h + (h / size @ A).relu() @ B
        h = h + (h / size @ A).relu() @ A

# %% wrong: A turned, as nn.Linear keeps it. | feedback: matrices are turned
# -        h = h + (h / size @ A).relu() @ B
        h = h + (h / size @ A.T).relu() @ B

# %% wrong: The first ReLU is forgotten. | feedback: the first ReLU is missing
# -    h = (x @ W).relu()
    h = x @ W

# %% wrong: tanh bends as well. | feedback: the bends are ReLUs
# -    h = (x @ W).relu()
    h = (x @ W).tanh()

# %% wrong: The mean over the batch. | feedback: the mean of squares is that of a row
# -        size = (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
        size = (h.square().mean(dim=0, keepdim=True) + 1e-6).sqrt()

# %% wrong: One mean for all. | feedback: the mean of squares is that of a row
# -        size = (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
        size = (h.square().mean() + 1e-6).sqrt()

# %% wrong: Without keepdim. | feedback: Two shapes do not fit
# -        size = (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
        size = (h.square().mean(dim=1) + 1e-6).sqrt()

# %% wrong: The length of a row. | feedback: below the root is a mean, not a sum
# -        size = (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
        size = (h.square().sum(dim=1, keepdim=True) + 1e-6).sqrt()

# %% wrong: No root. | feedback: the root is missing
# -        size = (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
        size = h.square().mean(dim=1, keepdim=True) + 1e-6

# %% wrong: The square of the mean. | feedback: square, then take the mean
# -        size = (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
        size = (h.mean(dim=1, keepdim=True).square() + 1e-6).sqrt()

# %% wrong: Multiplied by the size. | feedback: divide by the root, do not multiply
# -        h = h + (h / size @ A).relu() @ B
        h = h + (h * size @ A).relu() @ B

# %% wrong: A layer norm. | feedback: that is a layer norm
# -        size = (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
# -        h = h + (h / size @ A).relu() @ B
        n = torch.nn.functional.layer_norm(h, h.shape[1:], eps=1e-6)
        h = h + (n @ A).relu() @ B

# %% wrong: The standard deviation. | feedback: that is the standard deviation, around the mean
# -        size = (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
        size = (h.var(dim=1, correction=0, keepdim=True) + 1e-6).sqrt()

# %% wrong: ε beside the root. | feedback: 10⁻⁶ stands below the root
# -        size = (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
        size = h.square().mean(dim=1, keepdim=True).sqrt() + 1e-6

# %% wrong: Another ε. | feedback: what is added below the root is 10⁻⁶
# -        size = (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
        size = (h.square().mean(dim=1, keepdim=True) + 1e-5).sqrt()

# %% wrong: torch's rms_norm with an ε of its own. | feedback: what is added below the root is 10⁻⁶
# -        size = (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
# -        h = h + (h / size @ A).relu() @ B
        h = h + (torch.nn.functional.rms_norm(h, h.shape[1:]) @ A).relu() @ B

# %% wrong: No ε. | feedback: entries are not finite
# -        size = (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
        size = h.square().mean(dim=1, keepdim=True).sqrt()

# %% wrong: At least ε. | feedback: what is added below the root is 10⁻⁶
# -        size = (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
        size = h.square().mean(dim=1, keepdim=True).clamp(min=1e-6).sqrt()

# %% wrong: The size hangs on no graph. | feedback: Is a part detached, or cut off
# -        size = (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
        size = (h.detach().square().mean(dim=1, keepdim=True) + 1e-6).sqrt()

# %% wrong: Looking needs no graph. | feedback: z hangs on no graph
# -    W, *inner, V = weights
    W, *inner, V = [w.detach() for w in weights]

# %% wrong: The skip is added in place. | feedback: h is changed in place
# -        h = h + (h / size @ A).relu() @ B
        h += (h / size @ A).relu() @ B

# %% wrong: Branches from the last one on. | feedback: branches come in the order of the list
# -    for A, B in zip(inner[::2], inner[1::2], strict=True):
    for A, B in zip(inner[-2::-2], inner[::-2], strict=True):

# %% wrong: All A first, then all B. | feedback: a pair is one A and the B behind it
# -    for A, B in zip(inner[::2], inner[1::2], strict=True):
    half = len(inner) // 2
    for A, B in zip(inner[:half], inner[half:], strict=True):

# %% wrong: One branch, always. | feedback: the last branch is left out
# -    for A, B in zip(inner[::2], inner[1::2], strict=True):
    for A, B in [inner[:2]] if inner else []:

# %% wrong: At least one branch. | feedback: Your code stops with
# -    for A, B in zip(inner[::2], inner[1::2], strict=True):
    for A, B in [(inner[0], inner[1]), *zip(inner[2::2], inner[3::2], strict=True)]:

# %% wrong: Probabilities come out. | feedback: z are logits: no softmax
# -    return h @ V
    return (h @ V).softmax(dim=1)

# %% wrong: A ReLU at the end. | feedback: behind V there is no ReLU
# -    return h @ V
    return (h @ V).relu()

# %% wrong: A norm before the last layer. | feedback: before V there is no norm
# -    return h @ V
    return h / (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt() @ V

# %% wrong: float64, whatever comes. | feedback: Weights and inputs are torch.float32
# -    return h @ V
    return (h @ V).double()

# %% wrong: Xavier for a ReLU. | feedback: ReLU leaves half of the mean square
# -    weights = [math.sqrt(2 / D) * torch.randn(D, H, generator=g)]
    weights = [math.sqrt(1 / D) * torch.randn(D, H, generator=g)]

# %% wrong: Xavier's mean of both sides. | feedback: that is Xavier's
# -    weights = [math.sqrt(2 / D) * torch.randn(D, H, generator=g)]
    weights = [math.sqrt(2 / (D + H)) * torch.randn(D, H, generator=g)]

# %% wrong: What goes out is counted. | feedback: count what comes in, the rows
# -    weights = [math.sqrt(2 / D) * torch.randn(D, H, generator=g)]
    weights = [math.sqrt(2 / H) * torch.randn(D, H, generator=g)]

# %% wrong: The variance for the deviation. | feedback: that is the variance. The deviation is its root
# -    weights = [math.sqrt(2 / D) * torch.randn(D, H, generator=g)]
    weights = [2 / D * torch.randn(D, H, generator=g)]

# %% wrong: Normal numbers as they are. | feedback: the deviation is missing
# -    weights = [math.sqrt(2 / D) * torch.randn(D, H, generator=g)]
    weights = [torch.randn(D, H, generator=g)]

# %% wrong: A hundredth, at any width. | feedback: it is 0.01, at any width
# -        weights.append(math.sqrt(2 / H) * torch.randn(H, H, generator=g))
        weights.append(0.01 * torch.randn(H, H, generator=g))

# %% wrong: The branch shrinks with the number of branches. | feedback: it knows nothing of how many branches there are
# -        weights.append(math.sqrt(2 / H) * torch.randn(H, H, generator=g))
        weights.append(math.sqrt(2 / H / (2 * branches)) * torch.randn(H, H, generator=g))

# %% wrong: B as He has it, too. | feedback: is not all zeros: the branch adds something
# -        weights.append(torch.zeros(H, H))
        weights.append(math.sqrt(2 / H) * torch.randn(H, H, generator=g))

# %% wrong: B as the unit matrix. | feedback: is not all zeros: the branch adds something
# -        weights.append(torch.zeros(H, H))
        weights.append(torch.eye(H))

# %% wrong: A zero, too, to be safe. | feedback: With A and B at zero neither gets a gradient
# -        weights.append(math.sqrt(2 / H) * torch.randn(H, H, generator=g))
        weights.append(torch.zeros(H, H))

# %% wrong: A zero, and B as He has it. | feedback: B1 is not all zeros
# -        weights.append(math.sqrt(2 / H) * torch.randn(H, H, generator=g))
# -        weights.append(torch.zeros(H, H))
        weights.append(torch.zeros(H, H))
        weights.append(math.sqrt(2 / H) * torch.randn(H, H, generator=g))

# %% wrong: What starts at zero draws all the same. | feedback: what is 0 draws nothing
# -        weights.append(torch.zeros(H, H))
        weights.append(0.0 * torch.randn(H, H, generator=g))

# %% wrong: All branches share one B. | feedback: two weights share their memory
# -    for _ in range(branches):
    closed = torch.zeros(H, H)
    for _ in range(branches):
# -        weights.append(torch.zeros(H, H))
        weights.append(closed)

# %% wrong: V as He has it. | feedback: V starts small: 0.1/√H
# -    weights.append(0.1 / math.sqrt(H) * torch.randn(H, C, generator=g))
    weights.append(math.sqrt(2 / H) * torch.randn(H, C, generator=g))

# %% wrong: V without its tenth. | feedback: the 0.1 is missing
# -    weights.append(0.1 / math.sqrt(H) * torch.randn(H, C, generator=g))
    weights.append(1 / math.sqrt(H) * torch.randn(H, C, generator=g))

# %% wrong: V without the root. | feedback: divide by √H, not by H
# -    weights.append(0.1 / math.sqrt(H) * torch.randn(H, C, generator=g))
    weights.append(0.1 / H * torch.randn(H, C, generator=g))

# %% wrong: V at 0.1. | feedback: the √H is missing
# -    weights.append(0.1 / math.sqrt(H) * torch.randn(H, C, generator=g))
    weights.append(0.1 * torch.randn(H, C, generator=g))

# %% wrong: V at zero. | feedback: V starts small, and not at zero
# -    weights.append(0.1 / math.sqrt(H) * torch.randn(H, C, generator=g))
    weights.append(torch.zeros(H, C))

# %% wrong: V with the classes below the root. | feedback: H is the number of its rows, not C
# -    weights.append(0.1 / math.sqrt(H) * torch.randn(H, C, generator=g))
    weights.append(0.1 / math.sqrt(C) * torch.randn(H, C, generator=g))

# %% wrong: A fresh generator for each weight. | feedback: it begins with the first number again
# -        weights.append(math.sqrt(2 / H) * torch.randn(H, H, generator=g))
        g = torch.Generator().manual_seed(seed)
        weights.append(math.sqrt(2 / H) * torch.randn(H, H, generator=g))

# %% wrong: V is drawn first. | feedback: in the order of the list
# -    weights = [math.sqrt(2 / D) * torch.randn(D, H, generator=g)]
    V = 0.1 / math.sqrt(H) * torch.randn(H, C, generator=g)
    weights = [math.sqrt(2 / D) * torch.randn(D, H, generator=g)]
# -    weights.append(0.1 / math.sqrt(H) * torch.randn(H, C, generator=g))
    weights.append(V)

# %% wrong: Torch's own chance, seeded. | feedback: Torch's own chance is drawn from, or seeded
# -    g = torch.Generator().manual_seed(seed)
    g = torch.manual_seed(seed)

# %% wrong: torch.nn.init draws. | feedback: Torch's own chance is drawn from, or seeded
# -    weights = [math.sqrt(2 / D) * torch.randn(D, H, generator=g)]
    weights = [torch.nn.init.kaiming_normal_(torch.empty(D, H), mode="fan_out")]

# %% wrong: He's start, from the wrong side, in torch.nn.init. | feedback: count what comes in, the rows
# -    weights = [math.sqrt(2 / D) * torch.randn(D, H, generator=g)]
    weights = [torch.nn.init.kaiming_normal_(torch.empty(D, H), generator=g)]

# %% wrong: Uniform numbers. | feedback: holds other numbers
# -    weights = [math.sqrt(2 / D) * torch.randn(D, H, generator=g)]
    weights = [math.sqrt(6 / D) * (2 * torch.rand(D, H, generator=g) - 1)]

# %% wrong: Turned, as nn.Linear keeps it. | feedback: has shape
# -    weights = [math.sqrt(2 / D) * torch.randn(D, H, generator=g)]
    weights = [math.sqrt(2 / D) * torch.randn(H, D, generator=g)]

# %% wrong: A tuple. | feedback: must return a list, not tuple
# -    return weights
    return tuple(weights)

# %% wrong: Each branch is one matrix. | feedback: W, a pair for each branch, V
# -        weights.append(torch.zeros(H, H))

# %% wrong: float32 weights. | feedback: is float32, with some 7 digits
# -    weights = [math.sqrt(2 / D) * torch.randn(D, H, generator=g)]
    weights = [math.sqrt(2 / D) * torch.randn(D, H, generator=g, dtype=torch.float32)]

# %% wrong: The start is kept, by lru_cache. | feedback: a second call returns the tensors of the first
# -def start(D, H, branches, C, seed):
import functools


@functools.lru_cache
def start(D, H, branches, C, seed):

# %% wrong: A root with six digits. | feedback: it is right in its first digits only
# -    weights = [math.sqrt(2 / D) * torch.randn(D, H, generator=g)]
    weights = [1.41421 / math.sqrt(D) * torch.randn(D, H, generator=g)]

# %% wrong: A root in float32. | feedback: it is right in its first digits only
# -    weights = [math.sqrt(2 / D) * torch.randn(D, H, generator=g)]
    weights = [torch.tensor(2 / D, dtype=torch.float32).sqrt() * torch.randn(D, H, generator=g)]

# %% wrong: Drawn as float32. | feedback: they were drawn as float32
# -    weights = [math.sqrt(2 / D) * torch.randn(D, H, generator=g)]
    weights = [math.sqrt(2 / D) * torch.randn(D, H, generator=g, dtype=torch.float32).double()]

# %% wrong: The list of weights is emptied. | feedback: Your function changed the list of weights
# -    W, *inner, V = weights
    W, V = weights.pop(0), weights.pop()
    inner = weights

# %% wrong: A branch that adds nothing is left out. | feedback: Is a branch left out where B is zero
# -        h = h + (h / size @ A).relu() @ B
        if B.any():
            h = h + (h / size @ A).relu() @ B

# %% wrong: A zero B is detached. | feedback: no gradient flows to B1
# -        h = h + (h / size @ A).relu() @ B
        h = h + (h / size @ A).relu() @ (B if B.any() else B.detach())

# %% wrong: Weights that came in are told to ask for gradients. | feedback: ask for gradients now
# -    W, *inner, V = weights
    for w in weights:
        w.requires_grad_(True)
    W, *inner, V = weights

# %% wrong: Gradients that came in are dropped. | feedback: ask for gradients now, or have lost theirs
# -    W, *inner, V = weights
    for w in weights:
        w.grad = None
    W, *inner, V = weights

# %% wrong: What the same tensors said before is kept. | feedback: when a weight has changed in place
# -    W, *inner, V = weights
    key = (*weights, x)
    if key in kept:
        return kept[key]
    W, *inner, V = weights
# -    return h @ V
    kept[key] = h @ V
    return kept[key]


kept = {}

# %% wrong: Zeros that share their memory. | feedback: its entries share their memory
# -        weights.append(torch.zeros(H, H))
        weights.append(torch.zeros(()).expand(H, H))

# %% wrong: Three branches at most. | feedback: only 3 branches take part. There may be any number
# -    for A, B in zip(inner[::2], inner[1::2], strict=True):
    for A, B in list(zip(inner[::2], inner[1::2], strict=True))[:3]:

# %% wrong: Each branch begins at the first h. | feedback: each branch begins at the h before it
# -    for A, B in zip(inner[::2], inner[1::2], strict=True):
# -        size = (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
# -        h = h + (h / size @ A).relu() @ B
    first = h
    for A, B in zip(inner[::2], inner[1::2], strict=True):
        size = (first.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
        h = h + (first / size @ A).relu() @ B

# %% wrong: The little number is added to the sum. | feedback: is added to the mean, not to the sum
# -        size = (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
        size = ((h.square().sum(dim=1, keepdim=True) + 1e-6) / h.shape[1]).sqrt()

# %% wrong: The ReLU ends at six. | feedback: Is a part detached, or cut off
# -        h = h + (h / size @ A).relu() @ B
        h = h + (h / size @ A).clamp(0, 6) @ B

# %% right: places in the list, and torch's own norm
# -    W, *inner, V = weights
# -    h = (x @ W).relu()
# -    for A, B in zip(inner[::2], inner[1::2], strict=True):
# -        size = (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
# -        h = h + (h / size @ A).relu() @ B
# -    return h @ V
    h = torch.relu(x @ weights[0])
    for k in range(1, len(weights) - 1, 2):
        n = torch.nn.functional.rms_norm(h, (h.shape[1],), eps=1e-6)
        h = h + torch.relu(n @ weights[k]) @ weights[k + 1]
    return h @ weights[-1]

# %% right: pops from a copy of the list
# -    W, *inner, V = weights
# -    h = (x @ W).relu()
# -    for A, B in zip(inner[::2], inner[1::2], strict=True):
    left = list(weights)
    h = torch.nn.functional.relu(x.mm(left.pop(0)))
    V = left.pop()
    while left:
        A, B = left.pop(0), left.pop(0)

# %% right: rsqrt, clamp for ReLU, and einsum
# -    h = (x @ W).relu()
    h = torch.einsum("nd,dh->nh", x, W).clamp(min=0)
# -        size = (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
# -        h = h + (h / size @ A).relu() @ B
        small = torch.rsqrt((h * h).sum(dim=1, keepdim=True) / h.shape[1] + 1e-6)
        h = torch.addmm(h, (small * h @ A).clamp(min=0), B)

# %% right: a helper, and recursion
def normed(h):
    return h / torch.sqrt(torch.mean(h**2, dim=-1, keepdim=True) + 1e-6)


def through(h, weights):
    if len(weights) == 1:
        return h @ weights[0]
    A, B, *rest = weights
    return through(h + torch.relu(normed(h) @ A) @ B, rest)


def logits(weights, x):
    return through(torch.relu(x @ weights[0]), list(weights[1:]))


def start(D, H, branches, C, seed):
    draw = torch.Generator()
    draw.manual_seed(seed)

    def normal(rows, columns, deviation):
        return deviation * torch.randn(rows, columns, generator=draw)

    W = normal(D, H, (2 / D) ** 0.5)
    inner = [w for _ in range(branches) for w in (normal(H, H, (2 / H) ** 0.5), torch.zeros(H, H))]
    return [W] + inner + [normal(H, C, 0.1 * H**-0.5)]

# %% right: weights that ask for gradients already
# -    return weights
    return [w.requires_grad_() for w in weights]

# %% right: torch.nn.init, turned, with the right side in mind
# -    weights = [math.sqrt(2 / D) * torch.randn(D, H, generator=g)]
    weights = [torch.empty(D, H).normal_(0, (2 / D) ** 0.5, generator=g)]

# %% right: torch's own RMSNorm, and a checkpoint for each branch
# -    for A, B in zip(inner[::2], inner[1::2], strict=True):
# -        size = (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
# -        h = h + (h / size @ A).relu() @ B
    from torch.utils.checkpoint import checkpoint

    norm = torch.nn.RMSNorm(h.shape[1], eps=1e-6, elementwise_affine=False)
    for A, B in zip(inner[::2], inner[1::2], strict=True):
        h = checkpoint(lambda h, A=A, B=B: h + (norm(h) @ A).relu() @ B, h, use_reentrant=False)

# %% right: lengths by hypot
# -        size = (h.square().mean(dim=1, keepdim=True) + 1e-6).sqrt()
        length = torch.linalg.vector_norm(h, dim=1, keepdim=True)
        size = torch.hypot(length / h.shape[1] ** 0.5, torch.tensor(1e-3))
