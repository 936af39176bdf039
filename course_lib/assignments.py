"""What the assignments share: cells to look at, and tests whose messages say which slip led there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import matplotlib.pyplot as plt
import torch

__all__ = ["picture", "show", "call", "close", "explain", "parts_of"]


@contextmanager
def picture() -> Iterator[None]:
    """Show a picture, once there are answers to make it of. One that is still missing is no error here."""
    try:
        yield
    except NotImplementedError:
        plt.close("all")
        print("Nothing to look at yet: an answer that this look needs is still missing.")


def show(look: Callable[[], Any]) -> Any:
    """Run a function that shows something, as :func:`picture` does. Returns what it returns."""
    with picture():
        return look()


def call(
    hint_for: Callable[[Exception], str | None],
    function: Callable[..., Any],
    *inputs: Any,
    advice: str = "Make a new tensor, without -=, /= and the like.",
    **settings: Any,
) -> Any:
    """Call an answer, and see that it changes no tensor or list that it was given. Returns its answer.

    Where Python or PyTorch stops it, ``hint_for(error)`` says what most likely led there; ``None`` stands for
    the error's own words. ``advice`` is for those who changed an input.

    Raises ``AssertionError`` with that sentence, and for changed inputs. What is not written yet stays a
    ``NotImplementedError``.
    """
    before = [_copy(value) for value in inputs]
    try:
        answer = function(*inputs, **settings)
    except NotImplementedError:
        raise
    except (ArithmeticError, AttributeError, IndexError, RuntimeError, TypeError, ValueError) as error:
        said = (str(error) or "no message").splitlines()[0]
        plain = f"Your function stops with {type(error).__name__}: {said}. Print the shapes on the way."
        raise AssertionError(hint_for(error) or plain) from error
    for number, (now, then) in enumerate(zip(inputs, before, strict=True), start=1):
        assert _same(now, then), f"Your function changed its input number {number}. {advice}"
    return answer


def close(a: Any, b: Any, tolerance: float = 1e-9) -> bool:
    """Whether a is b: |a − b| ≤ tolerance · max(1, |b|), in every entry. False for NaN."""
    a, b = torch.as_tensor(a, dtype=torch.float64), torch.as_tensor(b, dtype=torch.float64)
    return bool(((a - b).abs() <= tolerance * b.abs().clamp(min=1)).all())


def explain(
    what: str,
    got: float,
    want: float,
    slips: Mapping[float, str],
    *,
    tolerance: float = 5e-4,
    digits: int = 4,
) -> str:
    """The sentence for a wrong number. ``slips`` says which slip of the pen gives which number."""
    known = [
        hint for number, hint in slips.items() if abs(got - number) <= tolerance * max(abs(number), 0.01)
    ]
    hint = known[0] if known else "work it out on paper and compare."
    return f"{what} is {got:.{digits}g}, not {want:.{digits}g}: {hint}"


def parts_of(answer: Any, count: int, names: str) -> Any:
    """See that an answer has ``count`` parts, called ``names``, and hand it on; or ``AssertionError``."""
    assert isinstance(answer, tuple) and len(answer) == count, f"Return {count} things: return {names}"
    return answer


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
    return True
