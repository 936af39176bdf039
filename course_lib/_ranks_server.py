"""What the server of :mod:`course_lib.processes` does once, so that no rank has to: it imports torch."""

import torch

import course_lib._ranks  # noqa: F401

torch.set_num_threads(1)  # an open pool of threads does not survive a fork
_weight = torch.ones(1, requires_grad=True)
torch.optim.SGD([_weight], lr=0.1)  # the first optimizer imports 800 modules
(_weight * _weight).sum().backward()
