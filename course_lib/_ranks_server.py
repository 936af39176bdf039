"""What the server of :mod:`course_lib.processes` imports once, so that no rank has to."""

import torch

import course_lib._ranks  # noqa: F401

_weight = torch.ones(1, requires_grad=True)
torch.optim.SGD([_weight], lr=0.1)  # the first optimizer imports 800 modules
(_weight * _weight).sum().backward()
