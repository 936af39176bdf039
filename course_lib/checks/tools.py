"""What the tests of the assignments share: calling an answer, comparing, and saying which slip was made."""

from __future__ import annotations

import dis
import functools
import math
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from numbers import Real
from typing import Any
from unittest import mock

import torch

from course_lib.checks._switches import switches, switches_kept

__all__ = [
    "AUTOGRAD",
    "OTHERWISE",
    "agrees",
    "borrowed",
    "SWITCHED",
    "call",
    "call_undisturbed",
    "close",
    "explain",
    "FIRST_DIGITS",
    "expect",
    "expect_all_digits",
    "flat_of",
    "forbid",
    "locked",
    "mentions",
    "number",
    "parts_of",
    "precise",
    "random",
    "refuse",
    "same",
    "tensor",
    "told",
]

#: Autograd, under all its names: pairs of an owner and functions, as `locked` and `borrowed` take them.
AUTOGRAD = (
    (torch.Tensor, ("backward",)),
    (torch.autograd, ("grad", "backward")),
    (torch.autograd.forward_ad, ("make_dual",)),
    (torch.autograd.functional, ("jacobian", "jvp", "vjp")),
    (torch.func, ("grad", "grad_and_value", "jacfwd", "jacrev", "jvp", "linearize", "vjp")),
)
OTHERWISE = "work it out on paper and compare."
FIRST_DIGITS = "it is right in its first digits only. Is something float32 on the way?"
FLOAT32 = "{what} is float32, with some 7 digits, and what came in is float64, with 16. "
MADE_BY_DEFAULT = (
    "torch.zeros and torch.tensor make float32 unless they are told dtype=torch.float64, or dtype=x.dtype."
)
MADE_BY_HAND = "float64 is the default here: .float() or dtype=torch.float32 must have made it."
GLOBALS = ("LOAD_GLOBAL", "LOAD_NAME")
COUNTS = {2: "two", 3: "three", 4: "four", 5: "five"}


def call(
    hint_for: Callable[[Exception], str | None],
    function: Callable[..., Any],
    *inputs: Any,
    advice: str = "Make a new tensor, without -=, /= and the like.",
    may_change: tuple[int, ...] = (),
    names: tuple[str, ...] = (),
    **settings: Any,
) -> Any:
    """Call an answer, and see that it changes no tensor or list that it was given. Returns its answer.

    Where Python or PyTorch stops it, ``hint_for(error)`` says what most likely led there; after ``None`` the
    error goes on, and the learner is told its own words and line. ``advice`` is for who changed an input;
    the inputs of these numbers, from 1, ``may_change``. ``names`` are what the inputs are called.

    Raises ``AssertionError`` with that sentence, for changed inputs, and for what cannot be called. What is
    not written yet stays a ``NotImplementedError``.
    """
    assert callable(function), f"This must be a function, and is {_brief(function)}."
    before = [_copy(value) for value in inputs]
    try:
        with switches_kept():
            answer = function(*inputs, **settings)
    except NotImplementedError:
        raise
    except Exception as error:
        if (hint := hint_for(error)) is None:
            raise
        raise AssertionError(hint) from error
    for number, (now, then) in enumerate(zip(inputs, before, strict=True), start=1):
        unchanged = number in may_change or _same(now, then)
        what = names[number - 1] if names else f"its input number {number}"
        assert unchanged, f"Your function changed {what}. {advice}"
    return answer


SWITCHED = (
    "a switch of torch's is left in another place: gradients off, or another default dtype. With "
    "torch.no_grad(): ends by itself."
)


def call_undisturbed(
    hint_for: Callable[[Exception], str | None],
    function: Callable[..., Any],
    *inputs: Any,
    chance: str,
    switched: str = SWITCHED,
    **more: Any,
) -> Any:
    """:func:`call`; and see that global switches and torch's own chance stay as they were.

    ``chance`` and ``switched`` are for who moves them.
    """
    usual, left = switches(), {}

    def watched(*inputs: Any, **settings: Any) -> Any:
        answer = function(*inputs, **settings)
        left.update(switches())
        return answer

    state = torch.get_rng_state()
    answer = call(hint_for, watched if callable(function) else function, *inputs, **more)
    assert torch.equal(state, torch.get_rng_state()), chance
    assert left == usual, switched
    return answer


def told(value: Any, slips: Iterable[tuple[Any, str]], near: float = 1e-9) -> str | None:
    """The sentence of the first slip that gives this value, or None."""
    return next((words for slip, words in slips if close(value, slip, near)), None)


def close(a: Any, b: Any, tolerance: float = 1e-9) -> bool:
    """Whether a is b: |a − b| ≤ tolerance · max(1, |b|), in every entry. False for NaN, and for no number."""
    try:
        a, b = torch.as_tensor(a, dtype=torch.float64), torch.as_tensor(b, dtype=torch.float64)
        near = (a - b).abs() <= tolerance * b.abs().clamp(min=1)
        return bool(torch.where(b.isinf(), a == b, near).all())  # nothing is near infinity but itself
    except (TypeError, ValueError, RuntimeError):
        return False


def explain(
    what: str,
    got: Any,
    want: float,
    slips: Mapping[float, str],
    *,
    tolerance: float = 5e-4,
    digits: int = 4,
    otherwise: str = OTHERWISE,
) -> str:
    """The sentence for a wrong number. ``slips`` says which slip of the pen gives which number.

    The number and the right one are shown with so many digits that they differ.
    """
    got = number(got, what)
    known = [hint for value, hint in slips.items() if abs(got - value) <= tolerance * max(abs(value), 0.01)]
    for shown in range(digits, 18):
        if f"{got:.{shown}g}" != f"{want:.{shown}g}":
            break
    return f"{what} is {got:.{shown}g}, not {want:.{shown}g}: {known[0] if known else otherwise}"


def expect(
    what: str,
    got: Any,
    want: float,
    slips: Mapping[float, str] | None = None,
    *,
    tolerance: float = 1e-9,
    **rest: Any,
) -> None:
    """See that a number is the right one, to 1e-9, or say which slip gives the wrong one: :func:`explain`."""
    got = number(got, what)
    assert close(got, want, tolerance), explain(what, got, want, slips or {}, **rest)


def agrees(
    what: str,
    got: torch.Tensor,
    want: torch.Tensor,
    slips: Iterable[tuple[Any, str]] = (),
    otherwise: str = OTHERWISE,
    *,
    near: float = 1e-9,
) -> None:
    """See that a tensor is right in every entry, or show the entry that is farthest off, and say why.

    ``slips`` are pairs: what a slip gives, a tensor or a number, and its sentence. It is told where the
    answer is as ``near`` to that as :func:`close` says.
    """
    if close(got, want):
        return
    known = [
        hint
        for value, hint in slips
        if getattr(value, "shape", got.shape) == got.shape
        and not close(value, want)
        and close(got, value, near)
    ]
    if not known and close(got, want, 1e-6):
        known = [FIRST_DIGITS]
    got, want = got.detach(), want.detach()
    place = (got - want).abs().nan_to_num(math.inf).argmax()
    index = tuple(int(i) for i in torch.unravel_index(place, want.shape))
    entry = f"{what}, entry {list(index)}," if want.numel() > 1 else what
    words = known[0] if known else otherwise
    raise AssertionError(explain(entry, got[index], want[index].item(), {}, otherwise=words))


def expect_all_digits(
    what: str,
    got: Any,
    want: float,
    slips: Mapping[float, str] | None = None,
    *,
    otherwise: str = OTHERWISE,
    **rest: Any,
) -> None:
    """As :func:`expect`; and a number that is right to six digits only is told so."""
    otherwise = FIRST_DIGITS if close(got, want, 1e-6) else otherwise
    expect(what, got, want, slips, otherwise=otherwise, **rest)


def same(
    what: str,
    got: torch.Tensor,
    want: torch.Tensor,
    slips: Iterable[tuple[Any, str]] = (),
    otherwise: str = OTHERWISE,
) -> None:
    """See that a tensor is the right one in every entry, to 1e-9, or say which slip gives the wrong one.

    The two have the same shape. ``slips`` are pairs: what a slip gives, and its sentence.
    """
    if close(got, want):
        return
    known = [hint for value, hint in slips if close(got, value, 1e-6)]
    for digits in range(4, 18):
        mine, right = (", ".join(f"{n:.{digits}g}" for n in one.flatten().tolist()) for one in (got, want))
        if mine != right:
            break
    raise AssertionError(f"{what} is ({mine}), not ({right}): {known[0] if known else otherwise}")


def number(got: Any, what: str) -> float:
    """``got`` as a Python number, or ``AssertionError`` that says what it is instead."""
    if isinstance(got, torch.Tensor):
        assert got.numel() == 1, f"{what} must be one number, and is a tensor of shape {tuple(got.shape)}."
        got = got.item()
    assert isinstance(got, (Real, Decimal)), f"{what} must be a number, and is {_brief(got)}."
    return float(got)


def parts_of(answer: Any, count: int, names: str) -> Any:
    """See that an answer has ``count`` parts, called ``names``, and hand it on, as a tuple.

    A list will do, too: it comes apart like a tuple. Otherwise ``AssertionError``.
    """
    assert isinstance(answer, (tuple, list)) and len(answer) == count, (
        f"Return {COUNTS[count]} things: return {names}"
    )
    return tuple(answer)


def tensor(what: str, answer: Any, like: torch.Tensor) -> torch.Tensor:
    """See that an answer is a tensor of the shape and precision of another one, and hand it on."""
    assert answer is not None, f"{what} is None. Is a line with return missing, or does it leave that out?"
    assert isinstance(answer, torch.Tensor), f"{what} must be a tensor, not {type(answer).__name__}."
    assert answer.shape == like.shape, f"{what} has shape {tuple(answer.shape)}, not {tuple(like.shape)}."
    precise(what, answer, like)
    return answer


def precise(what: str, tensor: torch.Tensor, like: torch.Tensor) -> None:
    """See that float64 has not become float32 on the way, before any number is compared."""
    lost = tensor.dtype == torch.float32 and like.dtype == torch.float64
    by_hand = torch.get_default_dtype() == torch.float64
    assert not lost, FLOAT32.format(what=what) + (MADE_BY_HAND if by_hand else MADE_BY_DEFAULT)


def random(*shape: int, seed: int, scale: float = 1.0) -> torch.Tensor:
    """Normal random numbers, for each seed the same in every run."""
    return scale * torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def flat_of(net: torch.nn.Module) -> torch.Tensor:
    """All parameters of a network, as one vector without a graph."""
    return torch.cat([p.detach().flatten() for p in net.parameters()])


# --- what a question forbids -------------------------------------------------------------------------------


def mentions(function: Any, *names: str) -> str | None:
    """Which of the names a function uses: itself, in a function inside of it, or in one that it calls.

    Only what its own module (the notebook) defines is looked into. Returns the name, or None.
    """
    seen: set[Any] = set()
    waiting = [function]
    while waiting:
        one = waiting.pop()
        if isinstance(one, type):
            waiting += [f for f in vars(one).values() if isinstance(f, types.FunctionType)]
            continue
        one = getattr(one, "__wrapped__", one)
        if not isinstance(one, types.FunctionType) or one.__code__ in seen:
            continue
        seen.add(one.__code__)
        codes = [one.__code__]
        for code in codes:
            codes += [const for const in code.co_consts if isinstance(const, types.CodeType)]
            used = {*code.co_names, *(c for c in code.co_consts if isinstance(c, str))}
            for name in names:
                if name in used:
                    return name
            # Only these are names of the notebook: x.show is no use of its show.
            for name in (step.argval for step in dis.get_instructions(code) if step.opname in GLOBALS):
                value = one.__globals__.get(name)
                if isinstance(value, types.ModuleType) and value.__name__.split(".")[0] in names:
                    return value.__name__
                if callable(value) and str(getattr(value, "__module__", "")).split(".")[0] in names:
                    return f"{value.__module__}.{name}"
                if getattr(value, "__module__", None) == one.__module__:
                    waiting.append(value)
        waiting += [cell.cell_contents for cell in one.__closure__ or () if _is_set(cell)]
    return None


def forbid(function: Any, *names: str, because: str) -> None:
    """See that a function uses none of these names, or ``AssertionError``: because …"""
    found = mentions(function, *names)
    assert found is None, f"{because} (Yours uses {found}.)"


@contextmanager
def refuse(owner: Any, *names: str, because: str) -> Iterator[None]:
    """While an answer runs, let calls of ``owner``'s functions of these names fail: because …"""

    def refusal() -> Callable[..., Any]:  # a new one for each: torch._dynamo wants no function twice
        def refused(*_: Any, **__: Any) -> Any:
            raise AssertionError(because)

        return refused

    with ExitStack() as all_of_them:
        for name in names:
            all_of_them.enter_context(mock.patch.object(owner, name, refusal()))
        yield


@contextmanager
def locked(*ready: tuple[Any, Iterable[str]], because: str) -> Iterator[None]:
    """:func:`refuse` for many owners: pairs of an owner and names of its functions, those it has."""
    with ExitStack() as all_of_them:
        for owner, names in ready:
            there = [name for name in names if hasattr(owner, name)]  # torch moves some of them about
            all_of_them.enter_context(refuse(owner, *there, because=because))
        yield


def borrowed(function: Any, *ready: tuple[Any, Iterable[str]]) -> str | None:
    """Which ready function an answer is, or has under another name: as a default, or as a global.

    ``ready`` are pairs, an owner and names of its functions. :func:`refuse` stops calls by these names;
    this finds what was bound before, such as ``s = torch.sigmoid``. Returns the name, or None.
    """
    known = [(getattr(owner, name), name) for owner, names in ready for name in names if hasattr(owner, name)]
    seen: list[Any] = []
    waiting = [function]
    while waiting:
        one = waiting.pop()
        if any(one is other for other in seen):
            continue
        seen.append(one)
        for value, name in known:
            if one is value:
                return name
        if isinstance(one, functools.partial):
            waiting.append(one.func)
        one = getattr(one, "__wrapped__", one)
        if getattr(one, "__module__", None) != getattr(function, "__module__", None):
            continue
        if isinstance(one, type):
            waiting += vars(one).values()
        if not isinstance(one, types.FunctionType):
            continue
        waiting += [*(one.__defaults__ or ()), *(one.__kwdefaults__ or {}).values()]
        waiting += [cell.cell_contents for cell in one.__closure__ or () if _is_set(cell)]
        codes = [one.__code__]
        for code in codes:
            codes += [const for const in code.co_consts if isinstance(const, types.CodeType)]
            loads = {step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"}
            waiting += [one.__globals__[name] for name in loads if name in one.__globals__]
    return None


# --- values ------------------------------------------------------------------------------------------------


def _is_set(cell: Any) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _copy(value: Any) -> Any:
    """A copy that no change in place reaches: of a tensor, or of a list or tuple with all that lies in it."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    return [_copy(part) for part in value] if isinstance(value, (list, tuple)) else value


def _same(now: Any, then: Any) -> bool:
    """Whether a value is still what its copy is. What was not copied counts as the same."""
    if isinstance(now, torch.Tensor):
        return now.shape == then.shape and bool(((now == then) | now.isnan() & then.isnan()).all())
    if isinstance(now, (list, tuple)):
        return len(now) == len(then) and all(map(_same, now, then))
    if isinstance(now, (int, float, str)):
        return type(now) is type(then) and (now == then or now != now and then != then)
    return True
