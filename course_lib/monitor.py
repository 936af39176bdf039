"""What a training run is doing: one line of numbers an update, in a plain file, and in TensorBoard if asked.

::

    with Monitor(net, optimizer, "run.jsonl") as monitor:
        for x, y in batches:
            loss = loss_fn(net(x), y)
            optimizer.zero_grad()
            loss.backward()
            with monitor(loss, len(x)):
                optimizer.step()

It reads and never writes: the weights are bit for bit those of the run without it.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import nn

__all__ = ["Monitor", "read_log"]


class Monitor:
    """Watches the updates of a model: ``with monitor(loss, examples): optimizer.step()`` makes one line.

    A line is a dict, name → number. w₀ and w₁ are a weight before and after the update, g is the gradient,
    a what a layer answers, η the learning rate:

    - ``update``: the number of the update, from 1; ``examples``: examples seen, this batch included.
    - ``loss``: what was given, so the loss of before the update.
    - ``gradient``: √Σg² over all parameters of the optimizer, as it finds them. Before or after clipping,
      wherever the ``with`` stands.
    - ``lr/0``, ``lr/1`` …: η of each parameter group, in this update.
    - ``ratio/<name>``: ‖w₁ − w₀‖ / ‖w₀‖ of each parameter of two or more dimensions, whatever moved it
      (gradient, momentum, decay). For plain SGD η‖g‖/‖w₀‖; for Adam's first update η√n/‖w₀‖, with n entries,
      none of which has a gradient of 0. It is 0 for what stands still, infinity for what leaves 0. (Biases
      begin at 0, where a ratio says nothing.)
    - ``seconds``: since the monitor was made; ``per_second``: examples per second since the line before.
    - ``size/<layer>``, ``zeros/<layer>``, with ``activations``: √mean(a²), and the share of a that is exactly
      0, of each layer that has no layers in it and answers one tensor, when it was last called.

    ``history`` holds the lines. ``path`` names a file to which each is added as soon as its update is done,
    as one line of JSON (with Python's ``NaN`` and ``Infinity``); what the file held stays. :func:`read_log`
    reads it. ``every`` is the number of updates from one line to the next; the first has one. ``writer`` has
    TensorBoard's ``add_scalar(tag, value, step)``, as ``torch.utils.tensorboard.SummaryWriter`` has. Whoever
    resumes a run sets ``update`` and ``examples`` to what was done before.

    A line costs a copy of the weights, two passes over them, and on a GPU a wait for each number. An update
    without a line costs nothing.

    Raises ``ValueError`` for ``every`` below 1 and for an optimizer that holds nothing of the model; and
    before an update, which then is not made, if nothing has a gradient.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: torch.optim.Optimizer,
        path: str | Path | None = None,
        *,
        every: int = 1,
        activations: bool = False,
        writer: Any = None,
    ) -> None:
        if every < 1:
            raise ValueError(f"every is a number of updates, at least 1, not {every!r}")
        self.params = [p for group in optimizer.param_groups for p in group["params"]]
        if not {id(p) for p in self.params} & {id(p) for p in model.parameters()}:
            raise ValueError("the optimizer holds no weight of the model: it was made for another one")
        self.weights = {name: p for name, p in model.named_parameters() if p.dim() > 1}
        self.optimizer, self.every, self.writer = optimizer, every, writer
        self.update = self.examples = 0
        self.history: list[dict[str, Any]] = []
        self.seen: dict[str, torch.Tensor] = {}
        self.begun = self.last = time.perf_counter()
        self.new = 0  # examples since the last line
        self.file = open(path, "a", buffering=1, encoding="utf-8") if path else None
        layers = [(n, m) for n, m in model.named_modules() if activations and not list(m.children())]
        self.hooks = [layer.register_forward_hook(partial(self._see, name)) for name, layer in layers]

    def _see(self, name: str, layer: nn.Module, inputs: Any, a: Any) -> None:
        if isinstance(a, torch.Tensor) and self.update % self.every == 0:
            a = a.detach()
            self.seen[f"size/{name}"] = a.square().mean().sqrt()
            self.seen[f"zeros/{name}"] = (a == 0).double().mean()

    @contextmanager
    def __call__(self, loss: torch.Tensor, examples: int, **more: float) -> Iterator[None]:
        """Goes around ``optimizer.step()``. ``more``: numbers of your own for the line, as ``epoch=3``."""
        gradients = [p.grad for p in self.params if p.grad is not None]
        if not gradients:
            raise ValueError("no parameter of the optimizer has a gradient: call backward() first")
        watch = self.update % self.every == 0  # without a line nothing is read: no GPU is waited for
        line: dict[str, Any] = {}
        if watch:
            gradient = math.hypot(*(g.norm().item() for g in gradients))
            line = dict(update=self.update + 1, loss=loss.item(), gradient=gradient, **more)
            line |= {f"lr/{k}": float(group["lr"]) for k, group in enumerate(self.optimizer.param_groups)}
        before = {name: w.detach().clone() for name, w in self.weights.items() if watch}
        yield
        self.update, self.examples, self.new = self.update + 1, self.examples + examples, self.new + examples
        if not watch:
            return
        for name, old in before.items():
            moved, size = (self.weights[name].detach() - old).norm().item(), old.norm().item()
            line[f"ratio/{name}"] = moved / size if size else math.inf if moved else 0.0
        line |= {name: number.item() for name, number in self.seen.items()}
        now = time.perf_counter()
        line |= {
            "examples": self.examples,
            "seconds": now - self.begun,
            "per_second": self.new / (now - self.last),
        }
        self.last, self.new = now, 0
        self.history.append(line)
        if self.file:
            self.file.write(json.dumps(line) + "\n")
        if self.writer:
            for name, number in line.items():
                self.writer.add_scalar(name, number, self.update)

    def __enter__(self) -> Monitor:
        return self

    def __exit__(self, *error: object) -> None:
        """Closes the file, and takes the hooks off."""
        for hook in self.hooks:
            hook.remove()
        if self.file:
            self.file.close()


def read_log(path: str | Path) -> list[dict[str, Any]]:
    """The lines of a monitor's file, in the order of their updates.

    Of an update that stands there twice, as where a run was resumed from a checkpoint before it, the later
    line counts. A last line that was cut off, as by a crash, is left out. Raises ``ValueError`` for any other
    line that is no line of a monitor.
    """
    lines: dict[int, dict[str, Any]] = {}
    text = Path(path).read_text(encoding="utf-8").splitlines()
    for number, words in enumerate(text, start=1):
        try:
            line = json.loads(words)
            lines[line["update"]] = line
        except (ValueError, TypeError, KeyError):
            if number < len(text):
                raise ValueError(f"line {number} of {path} is no line of a monitor: {words[:40]!r}") from None
    return [lines[update] for update in sorted(lines)]
