"""How a rule is executed on many parameters at once, by machine code if wanted.

An elementwise rule does not care where one parameter ends and the next begins. A :class:`Segment` is a
stretch of parameters that is updated as one tensor: small parameters are laid end to end, and become views of
one long tensor, so that everybody else (the model, a checkpoint) sees what they saw before; a large one, and
one whose place or form means something (:func:`stays`), is a segment by itself and stays where it is.

:func:`update` calls the rule once on a segment and writes the results back; :func:`compiled_update` is the
same function through ``torch.compile``. There is no second copy of any formula.
"""

from __future__ import annotations

import functools
import operator
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch

#: From how many entries a parameter is large: calling the machine code costs as much as copying so many.
LARGE = 2**16
#: How many versions of a rule may be compiled: one for each branch that it takes and each kind of argument.
BRANCHES = 64

Rule = Callable[..., tuple[Any, dict[str, Any]]]
State = dict[str, Any]


def stays(p: torch.Tensor) -> bool:
    """Whether a parameter is its own segment: it is large, not laid out row by row, or in shared memory."""
    shared = p.device.type == "cpu" and p.is_shared()  # on a GPU, all memory is
    return p.numel() >= LARGE or not p.is_contiguous() or shared


def overlapping(params: Iterable[torch.Tensor]) -> set[torch.Tensor]:
    """The parameters that share memory with another one: tied by ``.data``, so that one update moves both."""
    found: set[torch.Tensor] = set()
    last, end = None, 0
    for p in sorted((p for p in params if p.numel()), key=torch.Tensor.data_ptr):
        if last is not None and p.data_ptr() < end:
            found |= {last, p}
        if p.data_ptr() + p.nbytes > end:
            last, end = p, p.data_ptr() + p.nbytes
    return found


class Segment:
    """Parameters of one dtype and device that are updated as one tensor ``w``, with states ``s``.

    ``w`` and the tensors in ``s`` have one axis; numbers in ``s`` are the same for all parameters. A single
    parameter that is ``shaped`` keeps its own shape and strides; a state of a single parameter that is not as
    large as the parameter stays what it is. ``step`` is the number of updates made.

    ``states`` are the parameters' states, one dict a parameter: :meth:`hand_out` writes views into them.
    """

    def __init__(self, params: Sequence[torch.Tensor], states: Sequence[State], shaped: bool = False) -> None:
        self.params = list(params)
        self.states = list(states)
        self.shaped = shaped
        self.step: int = self.states[0].get("step", 0)
        self.w = self._join(self.params)
        self._w_views = self._split(self.w)
        for p, view in zip(self.params, self._w_views, strict=True):
            if not p.is_set_to(view):
                p.data = view
        self._g = None if len(self.params) == 1 else torch.empty_like(self.w)
        self._g_views = [] if self._g is None else self._split(self._g)
        self.s: State = {}
        for name, value in self.states[0].items():
            if name != "step":
                like_w = isinstance(value, torch.Tensor) and value.shape == self.params[0].shape
                self.s[name] = self._join([state[name] for state in self.states]) if like_w else value
        self._s_views: dict[str, list[Any]] = {}
        if self.s:
            self.hand_out(self.step)

    def _join(self, tensors: Sequence[torch.Tensor]) -> torch.Tensor:
        # .data: torch.compile makes other code for what it knows to be a view of something else.
        if self.shaped:
            return tensors[0].data
        pieces = [x.detach().reshape(-1) for x in tensors]
        return pieces[0].data if len(pieces) == 1 else torch.cat(pieces)

    def _split(self, joined: torch.Tensor) -> list[torch.Tensor]:
        if self.shaped:
            return [joined]
        pieces = joined.split([p.numel() for p in self.params])
        return [piece.view(p.shape) for piece, p in zip(pieces, self.params, strict=True)]

    def _split_state(self, name: str, value: torch.Tensor) -> list[torch.Tensor]:
        if value.shape == self.w.shape:
            return self._split(value)
        if len(self.params) == 1:
            return [value]
        shape = tuple(value.shape)
        raise ValueError(
            f"the rule keeps a state, {name}, of shape {shape} for parameters of {self.w.numel()} entries in "
            "all: a rule that measures whole parameters needs unit='layer'"
        )

    def holds(self, params: Sequence[torch.Tensor], states: Sequence[State]) -> bool:
        """Whether these parameters and states are (still) the ones that this segment updates."""
        if len(params) != len(self.params):
            return False
        for i, (p, state) in enumerate(zip(params, states, strict=True)):
            if p is not self.params[i] or not p.is_set_to(self._w_views[i]) or state is not self.states[i]:
                return False
            if len(state) != len(self.s) + ("step" in state) or state.get("step", 0) != self.step:
                return False
            for name, views in self._s_views.items():
                if state.get(name) is not views[i]:
                    return False
        return True

    def gradient(self, maximize: bool) -> torch.Tensor:
        """The gradients, joined as ``w`` is, and negated when climbing. Only to be read."""
        grads: Any = [p.grad for p in self.params]
        if self._g is None:
            return -self._join(grads) if maximize else self._join(grads)
        torch._foreach_copy_(self._g_views, torch._foreach_neg(grads) if maximize else grads)
        return self._g

    def hand_out(self, step: int) -> None:
        """Write into the parameters' states what ``s`` is after update number ``step``."""
        if self._s_views.keys() != self.s.keys():
            for state in self.states:
                state.clear()
            self._s_views.clear()
        self.step = step
        for name, value in self.s.items():
            if not isinstance(value, torch.Tensor):
                self._s_views[name] = [value] * len(self.states)
            elif name not in self._s_views:
                self._s_views[name] = self._split_state(name, value)
            else:
                continue  # views of a tensor that was written in place
            for state, view in zip(self.states, self._s_views[name], strict=True):
                state[name] = view
        for state in self.states:
            state["step"] = step


def tensors_of(s: State) -> State:
    """A state without its numbers."""
    return {name: x for name, x in s.items() if isinstance(x, torch.Tensor)}


def update(rule: Rule, w: torch.Tensor, g: torch.Tensor, s: State, t: int, hyper: dict[str, Any]) -> None:
    """Apply a rule and write its results into ``w`` and the tensors of ``s``. Numbers in ``s`` stay."""
    kept = tensors_of(s)
    given = [w, g, *kept.values()]
    new_w, new_s = rule(w, g, dict(s), t, **hyper)
    new_s = tensors_of(new_s)
    # A rule may return what it was given (a velocity that is g): copy that before the first of them changes.
    new_s = {name: x.clone() if any(x is y for y in given) else x for name, x in new_s.items()}
    w.copy_(new_w)
    for name in kept.keys() - new_s.keys():
        del s[name]
    for name, value in new_s.items():
        if name in s:
            s[name].copy_(value)
        else:
            s[name] = value


def new_numbers(rule: Rule, w: torch.Tensor, s: State, t: int, hyper: dict[str, Any]) -> State:
    """The numbers in the state after update ``t``: those that the rule returns for a single entry."""
    entry = w.new_zeros((1,) * w.dim())
    s = {name: entry if isinstance(x, torch.Tensor) else x for name, x in s.items()}
    _, new_s = rule(entry, entry, s, t, **hyper)
    return {name: x for name, x in new_s.items() if not isinstance(x, torch.Tensor)}


class CompiledUpdate:
    """:func:`update` through ``torch.compile``, for one rule.

    ``dynamic=True`` makes sizes, ``t`` and the hyperparameters arguments of the machine code: one graph for
    each branch that the rule takes, however the learning rate changes.

    Before torch runs machine code, it checks that the code fits what it is given; for a large parameter that
    takes as long as the update. Segments that are laid out alike need one check together.
    """

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._now = threading.local()  # what this thread's call updates
        self._update = torch.compile(  # type: ignore[call-overload]  # its stubs lack the last options
            update,
            fullgraph=True,
            dynamic=True,
            isolate_recompiles=True,
            recompile_limit=BRANCHES,
            backend=self._compile,
        )

    def __call__(self, work: Sequence[tuple[torch.Tensor, torch.Tensor, State]], t: int, hyper: Any) -> None:
        """Update segments of one shape, given as (w, g, s)."""
        (w, g, s), *others = work
        first, *rest = [_tensors(*each) for each in work]
        alike = rest if all(_layout(tensors) == _layout(first) for tensors in rest) else []
        self._now.first, self._now.alike = first, alike
        try:
            self._update(self.rule, w, g, s, t, hyper)
            together = bool(alike) and not self._now.alike
        finally:
            self._now.first = self._now.alike = []  # keep nobody's tensors
        for other in others:
            if not together:
                self._update(self.rule, *other, t, hyper)
            for name in other[2].keys() - s.keys():
                del other[2][name]

    def _compile(self, module: torch.fx.GraphModule, inputs: Any) -> Callable[..., Any]:
        code = _compile(module, inputs)

        def run(*arguments: Any) -> Any:
            result = code(*arguments)
            if not result:  # it makes no new states
                places = {id(tensor): place for place, tensor in enumerate(self._now.first)}
                swaps = [(i, places[id(x)]) for i, x in enumerate(arguments) if id(x) in places]
                instead = list(arguments)
                for tensors in self._now.alike:
                    for i, place in swaps:
                        instead[i] = tensors[place]
                    code(*instead)
                self._now.alike = []
            return result

        return run


def _tensors(w: torch.Tensor, g: torch.Tensor, s: State) -> list[torch.Tensor]:
    return [w, g, *(x for _, x in sorted(tensors_of(s).items()))]


def _layout(tensors: Sequence[torch.Tensor]) -> list[Any]:
    """What machine code takes for granted of the tensors that it is given."""
    return [(x.shape, x.stride(), x.dtype, x.device) for x in tensors]


@functools.cache
def compiled_update(rule: Rule) -> CompiledUpdate:
    """The one :class:`CompiledUpdate` of a rule: rules share no limit on recompiling."""
    return CompiledUpdate(rule)


def _compile(module: torch.fx.GraphModule, inputs: Any) -> Callable[..., Any]:
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
    code: Any = compile_fx(module, inputs, config_patches={"realize_opcount_threshold": 0})
    return code


def _is_tensor(argument: Any) -> bool:
    return isinstance(argument, torch.fx.Node) and isinstance(argument.meta["example_value"], torch.Tensor)
