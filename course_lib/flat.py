"""How a rule is executed on many parameters at once, by machine code if wanted.

An elementwise rule does not care where one parameter ends and the next begins. A :class:`Segment` is a
stretch of parameters that is updated as one tensor: small parameters are copied, end to end, into one long
tensor, updated there, and copied back, so that each stays in its own memory; a large one, and one whose place
or form means something (:func:`stays`), is a segment by itself and is updated where it is.

:class:`Group` divides a parameter group into segments and makes its update, by :func:`update`, which calls
the rule once on a segment and writes the results back, or by :func:`compiled_update`, which is the same
function through ``torch.compile``. There is no second copy of any formula.
"""

from __future__ import annotations

import functools
import itertools
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


def unfit(params: Iterable[torch.Tensor]) -> str:
    """What makes a parameter none that can be joined with others, such as ``"a DTensor"``; "" for none.

    A tensor without memory of its own, or of a class that has its own idea of what an operation does.
    """
    for p in params:
        if p.is_meta:
            return "on the device meta"
        if type(p) not in (torch.Tensor, torch.nn.Parameter):
            return f"a {type(p).__name__}"
        if type(p) is torch.nn.Parameter and type(p.data) is not torch.Tensor:
            return f"a {type(p.data).__name__}"
    return ""


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

    ``w`` and the tensors in ``s`` have one axis; numbers in ``s`` are the same for all parameters. Of several
    parameters, ``w`` is a copy, which :meth:`fetch` brings up to date and :meth:`put_back` writes back; of a
    single one it is the parameter's own memory. A single parameter that is ``shaped`` keeps its own shape and
    strides; a state of a single parameter that is not as large as the parameter stays what it is. ``step`` is
    the number of updates made.

    ``states`` are the parameters' states, one dict a parameter, of which the entries called ``names`` are the
    rule's: :meth:`put_back` writes views of ``s`` into them. Other entries stay as they are.
    """

    def __init__(
        self, params: Sequence[torch.Tensor], states: Sequence[State], names: set[str], shaped: bool = False
    ) -> None:
        self.params = list(params)
        self.states = list(states)
        self.shaped = shaped
        self.step: int = self.states[0].get("step", 0)
        # .data: torch.compile makes other code for what it knows to be a view of something else.
        self._places = [p.data for p in self.params]
        self.w = self._join(self._places)
        self._joined: list[torch.Tensor] = []
        if len(self.params) > 1:
            self._g = torch.empty_like(self.w)
            self._joined = [*self._split(self.w), *self._split(self._g)]
        self.s: State = {}
        for name, value in self.states[0].items():
            if name in names:
                like_w = isinstance(value, torch.Tensor) and value.shape == self.params[0].shape
                self.s[name] = self._join([state[name] for state in self.states]) if like_w else value
        self._s_views: dict[str, list[Any]] = {}
        if self.s:
            self._hand_out(self.step)
        self._sizes = [len(state) for state in self.states]

    def _join(self, tensors: Sequence[torch.Tensor]) -> torch.Tensor:
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
            place = self._places[i]
            if p is not self.params[i] or p.dtype != place.dtype or not p.is_set_to(place):
                return False
            if state is not self.states[i] or len(state) != self._sizes[i]:
                return False
            if state.get("step", 0) != self.step:
                return False
            for name, views in self._s_views.items():
                if state.get(name) is not views[i]:
                    return False
        return True

    def fetch(self, maximize: bool) -> torch.Tensor:
        """Bring ``w`` up to date, and return the gradients, joined as it is, and negated when climbing.

        They are only to be read.
        """
        grads: Any = [p.grad for p in self.params]
        if not self._joined:
            return -self._join(grads) if maximize else self._join(grads)
        torch._foreach_copy_(
            self._joined, [*self.params, *(torch._foreach_neg(grads) if maximize else grads)]
        )
        return self._g

    def put_back(self, numbers: State, step: int) -> None:
        """Write ``w``, ``s`` and its new numbers into the parameters and their states, after an update."""
        if self._joined:
            torch._foreach_copy_(self.params, self._joined[: len(self.params)])
        else:
            # w is written, not the parameter: tell autograd, which refuses a backward() through old values.
            torch.autograd.graph.increment_version(self.params)
        self.s = {**tensors_of(self.s), **numbers}
        self._hand_out(step)
        self._sizes = [len(state) for state in self.states]

    def _hand_out(self, step: int) -> None:
        for name in self._s_views.keys() - self.s.keys():
            del self._s_views[name]
            for state in self.states:
                state.pop(name, None)
        self.step = step
        for state in self.states:
            state["step"] = step
        for name, value in self.s.items():
            if not isinstance(value, torch.Tensor):
                self._s_views[name] = [value] * len(self.states)
            elif name not in self._s_views:
                self._s_views[name] = self._split_state(name, value)
            else:
                continue  # views of a tensor that was written in place
            for state, view in zip(self.states, self._s_views[name], strict=True):
                state[name] = view


class Group:
    """A parameter group, updated at once: its parameters in segments, segments that are alike in batches."""

    def __init__(self) -> None:
        self.params: list[Any] = []
        self.batches: list[list[Segment]] = []

    def step(
        self,
        params: list[Any],
        states: list[State],
        rule: Rule,
        hyper: dict[str, Any],
        *,
        unit: str,
        maximize: bool,
        names: set[str],
        everybody: Iterable[torch.Tensor],
        compiled: bool,
    ) -> str:
        """Update ``params``, which have gradients, once. Returns why it was not compiled; mostly "".

        ``names`` are those that the rule has given to its states so far; new ones are added. ``everybody`` is
        every parameter that there is, of other groups too: some may share memory with these.
        """
        if not self._holds(params, states):
            for axes in {p.dim() for p in params if any(states)}:
                names.update(first_state(rule, hyper, axes))
            self._lay_out(params, states, unit, names, everybody)
        failure = ""
        for segments in self.batches:
            first = segments[0]
            t = first.step + 1
            numbers = {}
            if not first.s or len(tensors_of(first.s)) < len(first.s):
                numbers = new_numbers(rule, first.w, first.s, t, hyper)
            work = [(segment.w, segment.fetch(maximize), segment.s) for segment in segments]
            if compiled and not failure:
                failure = compiled_update(rule)(work, t, hyper)
            for w, g, s in work if failure or not compiled else ():
                update(rule, w, g, s, t, hyper)
            for segment in segments:
                segment.put_back(numbers, t)
            names.update(first.s)
        return failure

    def _holds(self, params: list[Any], states: list[State]) -> bool:
        if len(params) != len(self.params) or not all(map(operator.is_, params, self.params)):
            return False
        state_of = dict(zip(params, states, strict=True))
        return all(
            segment.holds(segment.params, [state_of[p] for p in segment.params])
            for segment in itertools.chain(*self.batches)
        )

    def _lay_out(
        self,
        params: list[Any],
        states: list[State],
        unit: str,
        names: set[str],
        everybody: Iterable[torch.Tensor],
    ) -> None:
        """Join parameters to segments, reusing those that there are, and segments alike to batches."""
        together: dict[Any, list[tuple[Any, State]]] = {}
        tied = overlapping(everybody)
        for position, (p, state) in enumerate(zip(params, states, strict=True)):
            alone = position if unit != "entry" or stays(p) or p in tied else None
            together.setdefault((p.dtype, p.device, _kept(state, names), alone), []).append((p, state))
        known = {segment.params[0]: segment for batch in self.batches for segment in batch}
        batches: dict[Any, list[Segment]] = {}
        for (*kind, _), members in together.items():
            of_kind, their_states = [p for p, _ in members], [state for _, state in members]
            segment = known.get(of_kind[0])
            if segment is None or not segment.holds(of_kind, their_states):
                shaped = unit == "matrix" or not of_kind[0].is_contiguous()
                segment = Segment(of_kind, their_states, names, shaped)
            batches.setdefault((*kind, segment.w.shape), []).append(segment)
        self.params, self.batches = params, list(batches.values())


def _kept(state: State, names: set[str]) -> tuple[Any, ...]:
    """What parameters must have in common to be updated together: the update count, names, numbers."""
    own = sorted(name for name in state if name == "step" or name in names)
    return tuple(name if isinstance(state[name], torch.Tensor) else (name, state[name]) for name in own)


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


def first_state(rule: Rule, hyper: dict[str, Any], axes: int) -> State:
    """What the rule keeps after the first update of a small parameter: the names of its states, its numbers.

    The parameter's sizes are 2, 3, …, so that :func:`shape_of` can tell whose each size of a state is.
    """
    small = torch.zeros(tuple(range(2, 2 + axes)))
    return rule(small, small, {}, 1, **hyper)[1]


def shape_of(state: torch.Tensor, p: torch.Tensor) -> tuple[int, ...]:
    """The shape that a state has for ``p``, if this is what :func:`first_state` made of it."""
    return tuple(p.shape[size - 2] if size > 1 else size for size in state.shape)


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

    def __call__(self, work: list[tuple[torch.Tensor, torch.Tensor, State]], t: int, hyper: Any) -> str:
        """Update segments of one shape, given as (w, g, s), and take them out of ``work``.

        Returns what stopped the compiler, mostly "". What then remains in ``work`` is as it was.
        """
        try:
            self._update_all(work, t, hyper)
        except (
            torch._dynamo.exc.BackendCompilerFailed,
            torch._dynamo.exc.FailOnRecompileLimitHit,
        ) as failure:
            return _reason(failure)
        return ""

    def _update_all(self, work: list[Any], t: int, hyper: Any) -> None:
        (w, g, s), *others = work
        first, *rest = [_tensors(*each) for each in work]
        alike = rest if all(_layout(tensors) == _layout(first) for tensors in rest) else []
        self._now.first, self._now.alike = first, alike
        try:
            self._update(self.rule, w, g, s, t, hyper)
            together = bool(alike) and not self._now.alike
        finally:
            self._now.first = self._now.alike = []  # keep nobody's tensors
        work.pop(0)
        for other in others:
            if not together:
                self._update(self.rule, *other, t, hyper)
            work.pop(0)
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


def _reason(failure: Any) -> str:
    """The first line of what stopped the compiler."""
    inner = getattr(failure, "inner_exception", None)
    if inner is None:
        return f"the rule took more than {BRANCHES} branches, each of which is compiled"
    return (str(inner).strip() or type(inner).__name__).splitlines()[0]


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
