"""One long tensor in place of many: how a rule is executed on all parameters at once.

A rule is elementwise, so it does not care where one parameter ends and the next begins. :class:`FlatBuffer`
lays parameters, gradients and states end to end; the parameters and states themselves become views of the
long tensors, so that everybody else (the model, a checkpoint) sees what they saw before.

:func:`update` then calls the rule once and writes the results back; :func:`compiled_update` is the same
function through ``torch.compile``. There is no second copy of any formula.
"""

from __future__ import annotations

import functools

import torch


class FlatBuffer:
    """Parameters of one dtype and device, with their gradients and states, each laid end to end.

    ``w``, ``g`` and the values of ``s`` are 1-D tensors of as many elements as the parameters have together.
    """

    def __init__(self, params, states):
        self.params = list(params)
        self.w = _lay_out(self.params)
        self.g = torch.empty_like(self.w)
        self._g_views = self._views(self.g)
        self.s = {}
        for name in states[0]:
            if name != "step":
                self.s[name] = _lay_out([state[name] for state in states])
        for p, view in zip(self.params, self._views(self.w), strict=True):
            p.data = view
        self._addresses = [p.data_ptr() for p in self.params]
        self._s_views = {name: self._views(value) for name, value in self.s.items()}

    def _views(self, flat):
        pieces = flat.split([p.numel() for p in self.params])
        return [piece.view(p.shape) for piece, p in zip(pieces, self.params, strict=True)]

    def holds(self, params, states):
        """Whether these parameters and states are (still) views of this buffer, in this order."""
        return (
            len(params) == len(self.params)
            and all(p is q for p, q in zip(params, self.params, strict=True))
            and all(p.data_ptr() == a for p, a in zip(params, self._addresses, strict=True))
            and all(len(state) - ("step" in state) == len(self._s_views) for state in states)
            and all(
                state.get(name) is view
                for name, views in self._s_views.items()
                for state, view in zip(states, views, strict=True)
            )
        )

    def gather_gradients(self, maximize):
        """Copy the gradients into ``g``, negated when climbing."""
        grads = [p.grad for p in self.params]
        torch._foreach_copy_(self._g_views, torch._foreach_neg(grads) if maximize else grads)

    def state_views(self):
        """The state of each parameter, as a list of dicts of views."""
        if self._s_views.keys() != self.s.keys():
            self._s_views = {name: self._views(value) for name, value in self.s.items()}
        return [
            {name: views[i] for name, views in self._s_views.items()} for i in range(len(self.params))
        ]


def _lay_out(tensors):
    return torch.cat([x.detach().reshape(-1) for x in tensors])


def update(rule, w, g, s, t, hyper):
    """Apply a rule and write its results into ``w`` and ``s``."""
    new_w, new_s = rule(w, g, s, t, **hyper)
    w.copy_(new_w)
    for name, value in new_s.items():
        if name in s:
            s[name].copy_(value)
        else:
            s[name] = value.clone() if value is g else value
    for name in s.keys() - new_s.keys():
        del s[name]


@functools.cache
def compiled_update():
    return torch.compile(update, fullgraph=True)
