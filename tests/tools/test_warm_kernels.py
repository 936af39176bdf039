"""A warm kernel finds what a fresh one finds, and ends when a fresh one does."""

import subprocess
import sys
import time

import psutil
import pytest
from nbval.kernel import start_new_kernel

from tools import warm_kernels

pytestmark = [
    pytest.mark.deep,
    pytest.mark.skipif(sys.platform != "linux", reason="kernels are warmed where forking is safe"),
]


@pytest.fixture
def started(monkeypatch, tmp_path):
    """Start a warm kernel; ask it for the value of an expression."""
    monkeypatch.setattr("jupyter_client.provisioning.local_provisioner.launch_kernel", None)
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    warm_kernels.use()
    running = []

    def start(folder=tmp_path):
        running.append(start_new_kernel(kernel_name=":nbval-parent-env", cwd=str(folder)))
        return running[-1]

    yield start
    for manager, client in running:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def value(kernel, expression, before="pass"):
    _, client = kernel
    said = []
    client.execute_interactive(
        f"{before}\nprint({expression})",
        timeout=60,
        output_hook=lambda message: said.append(message["content"].get("text") or message["content"]),
    )
    texts = [each for each in said if isinstance(each, str)]
    assert texts, said
    return "".join(texts).strip()


def test_it_has_no_names_its_own_folder_and_its_own_environment(started, tmp_path, monkeypatch):
    monkeypatch.setenv("SAID", "yes")
    kernel = started()
    assert value(kernel, "sorted(set(dir()) & {'asked', 'line', 'child', 'torch', 'json'})") == "[]"
    assert value(kernel, "os.getcwd()", "import os") == str(tmp_path)
    assert value(kernel, "os.environ['SAID']", "import os") == "yes"
    assert value(kernel, "{'course_lib', 'tools'} & set(sys.modules)", "import sys") == "set()"
    assert value(kernel, "sys.argv[1:] and sys.path[0]", "import sys") == ""


@pytest.mark.parametrize(
    "before, draw",
    [
        ("import random", "random.random()"),
        ("import numpy as np", "np.random.rand()"),
        ("import numpy as np", "np.random.default_rng().random()"),
        ("import torch", "torch.rand(()).item()"),
        ("import torch", "torch.randperm(1000).tolist()"),
    ],
)
def test_a_draw_without_a_seed_is_another_in_each(started, before, draw):
    one, other = value(started(), draw, before), value(started(), draw, before)
    assert one != other


def test_a_figure_is_shown_where_the_cell_is(started):
    _, client = started()
    shown = []
    client.execute_interactive(
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
        timeout=60,
        output_hook=lambda message: shown.append(message["content"].get("data", {}).keys()),
    )
    assert any("image/png" in kinds for kinds in shown)


def test_it_ends_when_it_is_told_and_when_it_kills_itself(started):
    manager, _ = kernel = started()
    pid = manager.provisioner.pid
    assert manager.is_alive() and int(value(kernel, "os.getpid()", "import os")) == pid
    manager.shutdown_kernel(now=True)
    assert not manager.is_alive() and not psutil.pid_exists(pid)
    manager, client = started()
    client.execute("import os; os._exit(3)")
    end = time.monotonic() + 20
    while manager.is_alive() and time.monotonic() < end:
        time.sleep(0.05)
    assert not manager.is_alive()


def test_it_outlives_nobody_who_started_it(tmp_path):
    code = (
        "import os, sys\n"
        f"sys.path[:0] = [{str(warm_kernels.__file__.rpartition('/tools/')[0])!r}]\n"
        "from nbval.kernel import start_new_kernel\nfrom tools import warm_kernels\n"
        "warm_kernels.use()\nmanager, _ = start_new_kernel(kernel_name=':nbval-parent-env')\n"
        "print(manager.provisioner.pid, flush=True)\nos._exit(1)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, timeout=60
    )
    kernel = int(said.stdout)
    end = time.monotonic() + 20
    while psutil.pid_exists(kernel) and time.monotonic() < end:
        time.sleep(0.05)
    assert not psutil.pid_exists(kernel)
