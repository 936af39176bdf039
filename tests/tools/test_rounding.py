"""torch as another processor: what is moved, by how much, and what is left alone."""

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from tools import rounding

pytestmark = pytest.mark.deep

# Computes each of the expressions on stdin, in float32 and float64: in a process of its own, since a process
# stays the processor that it has become.
SCRIPT = """
import json, sys
import torch
from tools import rounding
F = torch.nn.functional
torch.set_num_threads(1)
seed, asked = json.load(sys.stdin)
waves = torch.linspace(-2.3, 2.1, 2 * 37 * 40, dtype=torch.float64).sin().reshape(2, 37, 40)
if seed:
    rounding.start(seed)

def optimized(cls, **options):
    w = x.clone().requires_grad_()
    optimizer = cls([w], lr=0.01, **options)
    for _ in range(3):
        w.grad = y.clone()
        optimizer.step()
    return w

def in_place(name, values):
    values = values.clone().requires_grad_()
    with torch.no_grad():
        return getattr(values, name)()

def gradient(f):
    w = x.clone().requires_grad_()
    return torch.autograd.grad(f(w).sum(), w)[0]

answers = {}
for kind in (torch.float32, torch.float64):
    x, y = waves.to(kind)
    a, v, picture = x[:, :37] + 5 * torch.eye(37, dtype=kind), x[0], x[:36].reshape(1, 4, 18, 20)
    for code in asked:
        answer = eval(code)
        for part in answer if isinstance(answer, (tuple, list)) else [answer]:
            part = part.detach().resolve_conj()
            part = torch.view_as_real(part) if part.is_complex() else part
            answers.setdefault(f"{code} {kind}", []).append(part.contiguous().reshape(-1).tolist())
print(json.dumps(answers))
"""

SUMS = ["x.sum(0)", "x.sum(1)", "x.mean(0)", "x.var(1)", "x.std(0)", "torch.std_mean(x, 1)", "x.cumsum(0)"]
SUMS += ["x.norm(dim=0)", "torch.linalg.vector_norm(x, dim=1)", "x.logsumexp(1)", "x.logcumsumexp(0)"]
SUMS += [
    "torch.cdist(x, y)",
    "torch.stack([torch.dist(p, q) for p, q in zip(x, y)])",
    "torch.stack([F.mse_loss(p, q) for p, q in zip(x, y)])",
]
PRODUCTS = ["x @ y.T", "x @ v", "torch.stack([p @ q for p, q in zip(x, y)])", "F.linear(x, y, v[:37])"]
PRODUCTS += ["torch.einsum('ij,kj->ik', x, y)", "x[None] @ y.T[None]", "torch.addmm(a, x, y.T)"]
PRODUCTS += ["F.conv2d(picture, picture[0, :, None, :3, :3].expand(4, 4, 3, 3))", "F.avg_pool2d(picture, 3)"]
PRODUCTS += ["F.scaled_dot_product_attention(picture, picture, picture)", "torch.fft.fft(x)"]
PRODUCTS += ["torch.fft.fft(x).imag"]
FUNCTIONS = [f"x.{name}()" for name in "exp expm1 sin cos tanh sigmoid erf sinh cosh atan exp2".split()]
FUNCTIONS += [f"x.abs().{name}()" for name in "log log1p log2 sqrt rsqrt lgamma".split()]
FUNCTIONS += [
    "x.abs() ** 1.5",
    "x.abs() ** 0.5",
    "2 ** x",
    "x.abs() ** y",
    "torch.atan2(x, y)",
    "torch.xlogy(y, x.abs())",
]
FUNCTIONS += [f"F.{name}(x)" for name in "gelu silu softplus logsigmoid elu mish".split()]
FUNCTIONS += ["x.softmax(0)", "x.log_softmax(1)", "F.layer_norm(x, (40,))", "F.rms_norm(x, (40,))"]
FUNCTIONS += ["F.batch_norm(x, None, None, training=True)", "F.group_norm(picture, 2)"]
FUNCTIONS += ["F.cross_entropy(x, torch.arange(37), reduction='none')", "torch._foreach_exp([x, y])"]
FUNCTIONS += ["torch.linspace(0, 1, 98, dtype=kind)", "torch.xlogy(x, 3.7)", "torch.atan2(x, v[3])"]
DECOMPOSITIONS = [f"torch.linalg.{name}(a)" for name in "inv eigh svd qr eigvals matrix_exp".split()]
DECOMPOSITIONS += ["torch.linalg.solve(a, x)", "torch.linalg.lstsq(x.T, y.T)[0]", "torch.linalg.pinv(x)"]
DECOMPOSITIONS += ["torch.linalg.cholesky(a @ a.T)", "torch.linalg.slogdet(a + v[:20, None, None])"]
MOVED = SUMS + PRODUCTS + FUNCTIONS + DECOMPOSITIONS
MOVED += ["gradient(torch.tanh)", "gradient(lambda w: w.exp())", "gradient(lambda w: w.softmax(0).square())"]

ALONE = [
    "x + y",
    "x - y",
    "x * y",
    "x / y",
    "1 / x",
    "x**2",
    "x**-1",
    "-x",
]
ALONE += [
    "(x > 0).sum(0)",
    "torch.arange(12).reshape(3, 4).sum(1)",
    "x.round().sum(0)",
    "x.round() @ y.T.round()",
]
ALONE += ["torch.tensor([0.5, 0.25, 0.125], dtype=kind).sum()", "torch.zeros(5, dtype=kind).exp()"]
ALONE += ["x[:2].sum(0)", "x[:2].mean(0)", "x[:2].prod(0)", "x[:, :1] @ y[:1]", "torch.outer(v, v)"]
ALONE += [
    "x.max(0)",
    "x.sort(0)[0]",
    "x.clamp(-0.5, 0.5)",
    "F.relu(x)",
    "x.clone()",
    "x[torch.tensor([3, 1])]",
]
ALONE += ["torch.tensor([torch.inf, -torch.inf, torch.nan], dtype=kind).exp()", "x.median(0)", "x.cummax(0)"]
ALONE += ["optimized(torch.optim.SGD)", "optimized(torch.optim.SGD, momentum=0.9)"]
MOVED += [f"optimized(torch.optim.{name})" for name in ("Adam", "RMSprop", "NAdam")]  # by their roots
ALONE += [
    "optimized(torch.optim.AdamW, fused=True)",
    "torch.lerp(x, y, 0.1)",
    "torch.add(x, y, alpha=0.1)",
]
ALONE += ["x[:0].sum(0)", "x[:, :0].exp()", "gradient(lambda w: w * 3)", "torch.eye(5, dtype=kind).inverse()"]

# These pairs are the same computation, so they must have the same result.
SAME = {
    "x.exp()": ["x.exp()", "in_place('exp_', x)", "torch.exp(x, out=x.clone())", "x.T.exp().T"],
    "x.sum(0)": ["-((-x).sum(0))", "(8 * x).sum(0) / 8"],
    "x @ y.T": ["-(x @ -y.T)", "torch.mm(x, y.T, out=torch.empty(37, 37, dtype=kind))"],
    "v.mean()": ["v.sum() / 40"],
    "gradient(torch.exp)": ["x.exp()"],
}


def compute(seed, codes):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=json.dumps([seed, codes]),
        capture_output=True,
        text=True,
        cwd=Path(rounding.__file__).parent.parent,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", "a notebook would show this"
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def answers():
    """For no seed, seed 1 and seed 2: what all the expressions here give, {expression and kind: values}."""
    codes = [
        *MOVED,
        *ALONE,
        *SAME,
        GRADIENTS_ARE_RIGHT,
        *(code for others in SAME.values() for code in others),
    ]
    return {seed: compute(seed, list(dict.fromkeys(codes))) for seed in (0, 1, 2)}


GRADIENTS_ARE_RIGHT = """torch.tensor(float(torch.autograd.gradcheck(
    lambda w: (w.tanh() @ waves[1, 0, :9]).softmax(0), waves[0, :9, :9].clone().requires_grad_()
)))"""

KINDS = pytest.mark.parametrize("kind", ["torch.float32", "torch.float64"])


def units(answers, code, kind, seed):
    """By how many units in the last place each number that `code` gives is moved, for each result."""
    numbers = np.dtype(kind.removeprefix("torch."))
    bits = f"int{8 * numbers.itemsize}"
    pairs = zip(answers[seed][f"{code} {kind}"], answers[0][f"{code} {kind}"], strict=True)
    return [np.subtract(*(np.array(part, numbers).view(bits) for part in pair)) for pair in pairs]


@KINDS
@pytest.mark.parametrize("code", MOVED)
def test_what_processors_differ_in_is_moved(answers, code, kind):
    for seed in (1, 2):
        assert any(part.any() for part in units(answers, code, kind, seed))
    assert answers[1][f"{code} {kind}"] != answers[2][f"{code} {kind}"]


@KINDS
@pytest.mark.parametrize(
    "code", ["x.sum(0)", "x @ y.T", "x.exp()", "x.abs().log()", "x.softmax(0)", "x.tanh()"]
)
def test_by_one_unit_up_or_down_or_not_at_all(answers, code, kind):
    (moved,) = units(answers, code, kind, 1)
    assert set(moved) == {-1, 0, 1}
    assert np.all([(moved == step).mean() > 0.1 for step in (-1, 0, 1)])


@KINDS
@pytest.mark.parametrize("code", ALONE)
def test_what_they_agree_on_is_left_alone(answers, code, kind):
    assert str(answers[1][f"{code} {kind}"]) == str(answers[0][f"{code} {kind}"])  # as words, nan is nan


@KINDS
@pytest.mark.parametrize("code, other", [(code, other) for code in SAME for other in SAME[code]])
def test_the_same_computation_has_the_same_result(answers, code, other, kind):
    assert answers[1][f"{other} {kind}"] == answers[1][f"{code} {kind}"]


@KINDS
def test_gradients_are_right(answers, kind):
    assert answers[1][f"{GRADIENTS_ARE_RIGHT} {kind}"] == [[1.0]]


def test_a_seed_is_the_same_processor_tomorrow():
    """Else nobody could repeat a failure."""
    # Python's root is rounded the same everywhere; torch's, of many at once, is not.
    values = torch.tensor([math.sqrt(n) for n in range(2, 18)], dtype=torch.float64)
    before = values.numpy().view("int64").copy()
    rounding.move(values, rounding.make_movers(1, "sum"))
    assert (values.numpy().view("int64") - before).tolist() == [
        -1,
        -1,
        0,
        1,
        1,
        1,
        -1,
        0,
        0,
        1,
        -1,
        -1,
        0,
        0,
        0,
        1,
    ]


def test_each_operation_that_is_moved_exists():
    assert {rounding.base(name) for name in rounding.operations()} == rounding.MOVED


def test_it_is_only_called_once(monkeypatch):
    monkeypatch.setattr(rounding, "_library", torch)
    with pytest.raises(RuntimeError, match="start a new one"):
        rounding.start(1)
