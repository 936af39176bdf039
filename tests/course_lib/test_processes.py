"""Functions in several processes: what comes back, why they are ended, and that none is left."""

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import psutil
import pytest
import torch
import torch.distributed as dist
from torch import nn

from course_lib import processes
from course_lib.processes import RankError

pytestmark = pytest.mark.skipif(
    not dist.is_available() or not hasattr(os, "fork"), reason="needs gloo, and a server that forks"
)


def ranks(N, *more):
    return [(rank, N, *more) for rank in range(N)]


def ended(function, N=2, **settings):
    """The error that ends a run, after a look at what is left."""
    with pytest.raises(RankError) as caught:
        processes.run(function, ranks(N), **{"limit": 30.0, "patience": 5.0, **settings})
    assert left() == []
    return caught.value


def left():
    """The processes that the server has forked and that still run. (Its own name is in their command.)"""
    servers = [one for one in psutil.Process().children() if "forkserver" in " ".join(one.cmdline())]
    assert servers, "nobody to ask"
    forked = [child for one in servers for child in one.children(recursive=True)]
    return psutil.wait_procs(forked, timeout=5)[1]


# --- what comes back ---------------------------------------------------------------------------------------


def add_up(rank, N, tensor):
    tensor += rank
    dist.all_reduce(tensor)
    print(f"one of {N}")
    print("and", tensor.tolist())
    return tensor, torch.get_default_dtype(), torch.get_num_threads(), os.getpid()


@pytest.mark.parametrize("N", [1, 2, 3])
def test_each_rank_returns_what_it_has(N, capsys):
    mine = torch.tensor([1.0, 2.0])
    done = processes.run(add_up, ranks(N, mine))
    total = N * torch.tensor([1.0, 2.0]) + N * (N - 1) / 2
    assert all(torch.equal(one.returned[0], total) for one in done)
    assert len({one.returned[3] for one in done} | {os.getpid()}) == N + 1
    assert all(one.calls == ("all_reduce",) for one in done)
    assert torch.equal(mine, torch.tensor([1.0, 2.0])), "what a rank changes stays there"
    # What they print comes in the order of the ranks, whoever was first.
    lines = [f"rank {r} | {line}" for r in range(N) for line in (f"one of {N}", f"and {total.tolist()}")]
    assert capsys.readouterr().out.splitlines() == lines
    assert left() == []


def test_a_rank_has_one_thread_and_this_process_s_dtype():
    torch.set_default_dtype(torch.float64)
    try:
        (one,) = processes.run(add_up, ranks(1, torch.zeros(1)))
    finally:
        torch.set_default_dtype(torch.float32)
    assert one.returned[1:3] == (torch.float64, 1)


def test_what_a_function_uses_goes_along():
    factor, net = 3, nn.Linear(2, 2)

    class Own:
        times = factor

    def work(rank, N):
        return Own.times * rank, net.weight.detach()

    done = processes.run(work, ranks(2))
    assert [one.returned[0] for one in done] == [0, 3]
    assert torch.equal(done[1].returned[1], net.weight)


def test_what_is_imported_by_name_is_watched_too():
    from torch.distributed import all_reduce

    def work(rank, N):
        all_reduce(torch.ones(1))

    assert processes.run(work, ranks(2))[1].calls == ("all_reduce",)


def test_the_library_of_torch_works_in_a_rank():
    def work(rank, N):
        model = nn.parallel.DistributedDataParallel(nn.Linear(2, 1))
        model(torch.ones(1, 2) * (rank + 1)).sum().backward()
        torch.optim.SGD(model.parameters(), lr=0.1).step()
        return model.module.weight.grad

    for one in processes.run(work, ranks(2)):
        assert torch.equal(one.returned, torch.tensor([[1.5, 1.5]]))


def test_what_is_not_written_yet_stays_that():
    def work(rank, N):
        raise NotImplementedError

    with pytest.raises(NotImplementedError):
        processes.run(work, ranks(2))


# --- why they are ended ------------------------------------------------------------------------------------


def test_a_rank_that_fails_is_the_one_that_is_told_of():
    def work(rank, N):
        if rank == 1:
            raise ValueError("such a thing")
        dist.all_reduce(torch.ones(1))

    error = ended(work)
    assert (error.reason, error.rank, error.kind, error.words) == ("fails", 1, "ValueError", "such a thing")
    assert error.where.endswith('raise ValueError("such a thing")') and error.where.startswith(
        "in work, line"
    )
    assert str(error) == f"rank 1 stops with ValueError: such a thing\n{error.where}"


def test_a_rank_that_waits_for_one_that_has_returned():
    def work(rank, N):
        if rank:
            dist.barrier()

    start = time.monotonic()
    error = ended(work, patience=60.0)
    assert time.monotonic() - start < 30, "it is known at once, without any patience"
    assert (error.reason, error.rank, error.call) == ("waits", 1, "barrier")
    assert str(error) == "rank 1 waits in barrier for rank 0, which has returned: it would wait for ever."


@pytest.mark.parametrize(
    "other, words",
    [
        (lambda: dist.broadcast(torch.ones(2), src=0), "broadcast of 2 float32 numbers from rank 0 in"),
        (lambda: dist.reduce(torch.ones(2), 1), "reduce of 2 float32 numbers to rank 1 in rank 1"),
        (lambda: dist.all_reduce(torch.ones(3)), "all_reduce of 3 float32 numbers in rank 1"),
        (lambda: dist.all_reduce(torch.ones(2).double()), "all_reduce of 2 float64 numbers in rank 1"),
        (lambda: dist.barrier(), "barrier in rank 1"),
    ],
)
def test_ranks_that_make_other_calls(other, words):
    def work(rank, N):
        if rank:
            other()
        else:
            dist.all_reduce(torch.ones(2))

    error = ended(work, patience=60.0)
    assert error.reason == "differs"
    assert words in str(error) and "all_reduce of 2 float32 numbers in rank 0" in str(error)


def test_a_message_that_nobody_sends():
    def work(rank, N):
        if rank:
            dist.recv(torch.ones(1), src=0)

    error = ended(work, patience=1.0)
    assert (error.reason, error.rank, error.call) == ("waits", 1, "recv")


def test_waiting_where_no_call_is_seen():
    def work(rank, N):
        if rank:
            dist.all_reduce(torch.ones(1), async_op=True).wait()

    error = ended(work, patience=1.0)
    assert error.reason == "waits" and "rank 1 waits in" in str(error)


def test_a_rank_that_is_gone():
    def work(rank, N):
        if rank:
            os._exit(0)
        dist.all_reduce(torch.ones(1))

    error = ended(work, patience=60.0)
    assert (error.reason, error.rank) == ("ends", 1)


def test_a_loop_without_end():
    def work(rank, N):
        while rank:
            try:
                time.sleep(0.01)
            except BaseException:
                pass
        dist.barrier()

    error = ended(work, limit=1.0)
    assert (error.reason, error.rank) == ("time", 1)
    assert str(error) == "after 1 seconds rank 1 still runs."


def test_more_than_is_printed_is_cut(capsys):
    def work(rank, N):
        for _ in range(1000):
            print("x" * 1000)

    processes.run(work, ranks(1))
    assert len(capsys.readouterr().out) < 20_000


def test_what_cannot_be_sent():
    lock = threading.Lock()

    def work(rank, N):
        return lock

    with pytest.raises(TypeError, match="cannot be sent to another process"):
        processes.run(work, ranks(1))


def test_what_cannot_come_back_is_a_failure():
    def work(rank, N):
        return threading.Lock()

    assert ended(work, N=1).kind == "TypeError"


def test_bad_arguments():
    with pytest.raises(ValueError, match="arguments of one process"):
        processes.run(add_up, [])
    with pytest.raises(ValueError, match="seconds, above 0"):
        processes.run(add_up, ranks(1, torch.zeros(1)), limit=0)


# --- none is left ------------------------------------------------------------------------------------------


@pytest.mark.deep
@pytest.mark.parametrize("how", ["returns", "exits"])
def test_what_a_rank_has_started_ends_with_it(how, tmp_path):
    def work(rank, N):
        child = os.fork()
        if child == 0:
            time.sleep(1000)
        (tmp_path / str(child)).touch()
        if how == "exits":
            os._exit(0)

    try:
        processes.run(work, ranks(2))
    except RankError as error:
        assert error.reason == "ends"
    children = [int(path.name) for path in tmp_path.iterdir()]
    assert children and gone(children)


def gone(numbers):
    """Whether these processes end, or have ended, soon."""
    found = []
    for one in numbers:
        with contextlib.suppress(psutil.NoSuchProcess):
            found.append(psutil.Process(one))
    return psutil.wait_procs(found, timeout=10)[1] == []


@pytest.mark.deep
def test_an_interrupt_leaves_none(tmp_path):
    def work(rank, N):
        (tmp_path / str(rank)).touch()
        time.sleep(1000)

    def interrupt():
        while len(list(tmp_path.iterdir())) < 2:
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            processes.run(work, ranks(2))
    finally:
        thread.join()
        signal.signal(signal.SIGINT, before)
    assert left() == []


KILLED = textwrap.dedent("""
    import os, sys, time
    from course_lib import processes

    def work(rank, folder):
        open(f"{folder}/{rank} {os.getpid()}", "w").close()
        while True:
            pass

    processes.run(work, [(rank, sys.argv[1]) for rank in range(2)])
""")


@pytest.mark.deep
def test_the_parent_s_end_is_the_ranks_end(tmp_path):
    program, folder = tmp_path / "program.py", tmp_path / "ranks"
    program.write_text(KILLED)
    folder.mkdir()
    parent = subprocess.Popen([sys.executable, str(program), str(folder)])
    try:
        while len(found := list(folder.iterdir())) < 2:
            assert parent.poll() is None
            time.sleep(0.05)
        started = [psutil.Process(int(path.name.split()[1])) for path in found]
    finally:
        parent.kill()
        parent.wait()
    assert psutil.wait_procs(started, timeout=30)[1] == []


def in_a_fork(work):
    """Run it in a fork of this process, as grading does. Returns what it says."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(write, repr(work()).encode())
        except BaseException as error:
            os.write(write, repr(error).encode())
        finally:
            os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with os.fdopen(read) as file:
        return file.read()


@pytest.mark.deep
def test_a_fork_of_this_process_shares_its_server_or_starts_one():
    def work(rank, N):
        return os.getppid()

    def server():
        return processes.run(work, ranks(1))[0].returned

    mine = server()
    assert in_a_fork(server) == str(mine)

    def without():
        os.kill(mine, signal.SIGKILL)
        psutil.wait_procs([psutil.Process(mine)], timeout=0.5)
        return server()

    other = in_a_fork(without)
    assert other.isdigit() and other != str(mine)
    assert server() not in (mine, int(other))
