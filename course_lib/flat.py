"""One long tensor in place of many: how a rule is executed on all parameters at once.

A rule is elementwise, so it does not care where one parameter ends and the next begins. :class:`FlatBuffer`
lays parameters, gradients and states end to end; the parameters and states themselves become views of the
long tensors, so that everybody else (the model, a checkpoint) sees what they saw before.

:func:`update` then calls the rule once and writes the results back; :func:`compiled_update` is the same
function through ``torch.compile``. There is no second copy of any formula.
"""

from __future__ import annotations

import functools
import operator

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
        self._w_views = self._views(self.w)
        for p, view in zip(self.params, self._w_views, strict=True):
            p.data = view
        self._s_views = {name: self._views(value) for name, value in self.s.items()}

    def _views(self, flat):
        pieces = flat.split([p.numel() for p in self.params])
        return [piece.view(p.shape) for piece, p in zip(pieces, self.params, strict=True)]

    def holds(self, params, states):
        """Whether these parameters and states are (still) views of this buffer, in this order."""
        return (
            len(params) == len(self.params)
            and all(p is q for p, q in zip(params, self.params, strict=True))
            and all(_same_place(p, view) for p, view in zip(params, self._w_views, strict=True))
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
        return [{name: views[i] for name, views in self._s_views.items()} for i in range(len(self.params))]


def _same_place(x, y):
    return x.data_ptr() == y.data_ptr() and x.shape == y.shape and x.stride() == y.stride()


def _lay_out(tensors):
    return torch.cat([x.detach().reshape(-1) for x in tensors])


def update(rule, w, g, s, t, hyper):
    """Apply a rule and write its results into ``w`` and ``s``."""
    given = [w, g, *s.values()]
    new_w, new_s = rule(w, g, dict(s), t, **hyper)
    # A rule may return what it was given (a velocity that is g): copy that before the first of them changes.
    new_s = {name: x.clone() if any(x is y for y in given) else x for name, x in new_s.items()}
    w.copy_(new_w)
    for name in s.keys() - new_s.keys():
        del s[name]
    for name, value in new_s.items():
        if name in s:
            s[name].copy_(value)
        else:
            s[name] = value


@functools.cache
def compiled_update(rule):
    """:func:`update` through ``torch.compile``, one for each rule: they share no limit on recompiling.

    ``dynamic=True`` makes sizes, ``t`` and the hyperparameters arguments of the machine code: one graph for
    each branch that the rule takes, however the learning rate changes.
    """
    return torch.compile(
        update, fullgraph=True, dynamic=True, isolate_recompiles=True, recompile_limit=64, backend=_compile
    )


def _compile(module, inputs):
    """torch's compiler, told in two ways what it does not see: a number is the same for all entries."""
    from torch._inductor.compile_fx import compile_fx  # takes two seconds: only for those who compile

    for node in module.graph.nodes:
        if node.target is operator.truediv and _is_tensor(node.args[0]) and not _is_tensor(node.args[1]):
            # x / number: divide once, not for each entry. Division is the slowest arithmetic there is.
            tensor, number = node.args
            with module.graph.inserting_before(node):
                inverse = module.graph.call_function(operator.truediv, (1.0, number))
            node.target, node.args = operator.mul, (tensor, inverse)
    module.recompile()
    # Left to itself, the compiler inlines β**t into the loop and computes it anew for every few entries,
    # which takes as long as all the rest. Told to store each intermediate result, it computes numbers once,
    # before the loop; those of whole tensors it fuses again.
    return compile_fx(module, inputs, config_patches={"realize_opcount_threshold": 0})


def _is_tensor(argument):
    return isinstance(argument, torch.fx.Node) and isinstance(argument.meta["example_value"], torch.Tensor)
