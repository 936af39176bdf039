"""What the tests of the optimizers share: awkward parameters, and gradients that change."""

import functools

import torch

from course_lib import optim, rules

#: The optimizers that torch has too.
TORCHS = ["SGD", "Adagrad", "Adadelta", "RMSprop", "Adam", "AdamW", "Adamax", "NAdam", "RAdam", "Adafactor"]

#: Every optimizer of the course: a function of the parameters, or groups, and options.
OPTIMIZERS = {
    **{
        name: getattr(optim, name)
        for name in (*TORCHS, "AMSGrad", "AdEMAMix", "Lion", "LARS", "LAMB", "SOAP", "Ranger")
    },
    "Muon": functools.partial(optim.Muon, fallback="adamw"),
    "Lookahead": functools.partial(optim.Lookahead, rule=rules.nadam, k=3),
    "SGDScheduleFree": functools.partial(optim.SGDScheduleFree, warmup_steps=3),
    "AdamWScheduleFree": functools.partial(optim.AdamWScheduleFree, warmup_steps=3),
}

#: A matrix, a vector, a scalar, a tensor that is not contiguous, and one without any entries.
SHAPES = [(3, 4), (5,), (), (2, 3), (0, 2)]


class Problem:
    """Five parameters in two groups, and a stream of gradients of very different sizes.

    Two problems with the same seed are twins: the same parameters, the same gradients.
    """

    def __init__(self, seed=0, dtype=torch.float64):
        self.dtype = dtype
        generator = torch.Generator().manual_seed(seed)
        drawn = [torch.randn(shape, generator=generator, dtype=dtype) for shape in SHAPES]
        drawn[3] = drawn[3].t().contiguous().t()
        self.params = [x.requires_grad_() for x in drawn]

    def groups(self, **second):
        """The parameters as two groups; the second may have hyperparameters of its own."""
        return [{"params": self.params[:2]}, {"params": self.params[2:], **second}]

    def set_gradients(self, step):
        """Make the gradients of one step: fresh values, over six orders of magnitude."""
        generator = torch.Generator().manual_seed(1000 + step)
        for p in self.params:
            size = 10 ** (6 * torch.rand((), generator=generator, dtype=self.dtype) - 3)
            p.grad = size * torch.randn(p.shape, generator=generator, dtype=self.dtype)

    def take(self, optimizer, steps):
        """Make the updates numbered ``steps``, an iterable."""
        for step in steps:
            self.set_gradients(step)
            optimizer.step()

    def copy(self):
        """Another problem with the same parameter values now."""
        twin = Problem(dtype=self.dtype)
        with torch.no_grad():
            for mine, theirs in zip(twin.params, self.params, strict=True):
                mine.copy_(theirs)
        return twin


def assert_same(actual, expected, tolerance):
    """Hold two lists of tensors equal, entry by entry, relative to the larger of 1 and the entry."""
    assert len(actual) == len(expected)
    for a, b in zip(actual, expected, strict=True):
        torch.testing.assert_close(a, b, rtol=tolerance, atol=tolerance)
