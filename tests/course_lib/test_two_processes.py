"""Two processes train one model, each with a part of the optimizer's state: ZeRO."""

import os

import pytest
import torch
import torch.distributed as dist
import torch.multiprocessing
from problem import assert_same
from torch.distributed.optim import ZeroRedundancyOptimizer

from course_lib import optim

EXECUTIONS = ["plain", "flat"]
STEPS = 5


def train(rank, folder):
    """What one process does, for each execution and for torch's own; it leaves its weights in a file."""
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{folder}/meeting", rank=rank, world_size=2)
    ends = {}
    for name in (*EXECUTIONS, "torch"):
        torch.manual_seed(0)
        layers = torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 8), torch.nn.Linear(8, 1)
        model = torch.nn.parallel.DistributedDataParallel(torch.nn.Sequential(*layers).double())
        optimizer = ZeroRedundancyOptimizer(
            model.parameters(),
            optimizer_class=torch.optim.AdamW if name == "torch" else optim.AdamW,
            parameters_as_bucket_view=True,
            lr=0.05,
            **({} if name == "torch" else {"execution": name}),
        )
        data = torch.Generator().manual_seed(rank)
        for _ in range(STEPS):
            optimizer.zero_grad()
            model(torch.randn(6, 4, generator=data).double()).square().mean().backward()
            optimizer.step()
        ends[name] = [p.detach().clone() for p in model.parameters()]
    torch.save(ends, f"{folder}/{rank}.pt")
    dist.destroy_process_group()


@pytest.mark.skipif(not dist.is_available() or not hasattr(os, "fork"), reason="needs gloo, and fork")
def test_zero_with_bucket_views_keeps_the_ranks_together(tmp_path):
    # Forked: a process that is spawned imports torch first, which takes longer than all the rest.
    torch.multiprocessing.start_processes(train, (str(tmp_path),), nprocs=2, start_method="fork")
    first, second = (torch.load(tmp_path / f"{rank}.pt") for rank in range(2))
    for execution in EXECUTIONS:
        assert_same(first[execution], second[execution], 0)
        assert_same(first[execution], first["torch"], 1e-12)
