"""The page "Use it in your project": each of its blocks runs, after the first one, and trains."""

import re
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.fsdp import fully_shard

from course_lib import optim

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "chapters" / "reference" / "use_it.md"
FIRST, *BLOCKS = re.findall(r"(?ms)^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"))
NAMES = ["loop", "save", "dcp", "accelerate", "lightning", "transformers", "ddp", "fsdp"]


def test_each_block_has_a_name():
    assert len(BLOCKS) == len(NAMES)


@pytest.fixture
def alone(monkeypatch):
    """As torchrun sets it up, for a single process."""
    for variable, value in {"RANK": 0, "WORLD_SIZE": 1, "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": 0}.items():
        monkeypatch.setenv(variable, str(value))
    yield
    if dist.is_initialized():
        dist.destroy_process_group()


@pytest.mark.parametrize("name", NAMES)
def test_a_block_runs_and_trains(name, alone, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    parts = [FIRST, BLOCKS[NAMES.index(name)]]
    if name in ("save", "dcp"):
        parts.insert(1, BLOCKS[NAMES.index("loop")])
    if name == "fsdp":
        parts.insert(1, BLOCKS[NAMES.index("ddp")])
    names = {"__name__": "__main__"}
    for part in parts:
        exec(compile(part, str(PAGE), "exec"), names)
    model, x = names["sharded" if name == "fsdp" else "model"], names["x"]
    y = x.sin().sum(1, keepdim=True)
    assert nn.functional.mse_loss(model(x), y) < y.var()  # better than the mean


def test_on_shards_it_warns_once_and_goes_on_plain(alone):
    dist.init_process_group("gloo")
    model = fully_shard(nn.Linear(4, 2))
    optimizer = optim.AdamW(model.parameters(), execution="flat")
    said = "execution='plain' replaces 'flat', which takes no .* DTensor"
    with pytest.warns(UserWarning, match=said) as told:
        for _ in range(3):
            optimizer.zero_grad()
            model(torch.ones(3, 4)).sum().backward()
            optimizer.step()
    assert len(told) == 1
