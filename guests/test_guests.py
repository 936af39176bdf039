"""Programs of other people, with our optimizers in the place of torch's: the same losses, the same files."""

import importlib.metadata
import importlib.util
import warnings
from pathlib import Path

import accelerate
import lightning_fabric
import pytest
import safetensors
import safetensors.torch
import torch
from torch import nn

from course_lib import lr_scheduler, optim

EXECUTIONS = ["plain", "flat", "compiled"]
STEPS = 6


def make_model():
    """Eight tensors, all small: those that `flat` and `compiled` update together."""
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(6, 16), nn.Tanh(), nn.LayerNorm(16), nn.Linear(16, 8), nn.Tanh(), nn.Linear(8, 3)
    )


def batches():
    chance = torch.Generator().manual_seed(1)
    x = torch.randn(STEPS, 12, 6, generator=chance)
    return [(one, one[:, :3].sin()) for one in x]


def ours(execution, name="AdamW"):
    """A function that makes our optimizer with this execution, and fails where it falls back to another."""

    def make(params, **more):
        warnings.filterwarnings("error", message="execution='plain' replaces")
        return getattr(optim, name)(params, execution=execution, **more)

    return make


def equal(mine, theirs, most=2e-6):
    assert len(mine) == len(theirs)
    for a, b in zip(mine, theirs, strict=True):
        torch.testing.assert_close(torch.as_tensor(a), torch.as_tensor(b), atol=most, rtol=most)


def same_weights(model, other):
    for (name, a), b in zip(model.state_dict().items(), other.state_dict().values(), strict=True):
        assert torch.equal(a, b), name


# --- accelerate --------------------------------------------------------------------------------------------


def accelerated(make, folder=None, begin=0, end=STEPS):
    """Updates `begin` to `end` under accelerate; from the state in the folder, if there is one."""
    accelerator = accelerate.Accelerator(cpu=True)
    model = make_model()
    optimizer = make(model.parameters(), lr=0.01)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    model, optimizer, scheduler = accelerator.prepare(model, optimizer, scheduler)
    if begin:
        accelerator.load_state(folder)
    losses = []
    for x, y in batches()[begin:end]:
        loss = nn.functional.mse_loss(model(x), y)
        optimizer.zero_grad()
        accelerator.backward(loss)
        accelerator.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
        losses.append(loss.item())
    if folder and not begin:
        accelerator.save_state(folder)
    return losses, accelerator, model


@pytest.mark.parametrize("execution", EXECUTIONS)
def test_accelerate_trains_saves_all_and_resumes(execution, tmp_path):
    theirs, _, _ = accelerated(torch.optim.AdamW)
    whole, accelerator, model = accelerated(ours(execution))
    equal(whole, theirs)

    accelerator.save_model(model, tmp_path / "model")
    with safetensors.safe_open(tmp_path / "model" / "model.safetensors", "pt") as file:
        assert set(file.keys()) == set(model.state_dict())
    other = make_model()
    accelerate.load_checkpoint_in_model(other, tmp_path / "model")
    same_weights(other, model)

    first, _, _ = accelerated(ours(execution), tmp_path / "state", end=3)
    rest, _, resumed = accelerated(ours(execution), tmp_path / "state", begin=3)
    assert first + rest == whole
    same_weights(resumed, model)


# --- safetensors, Fabric -----------------------------------------------------------------------------------


@pytest.mark.parametrize("execution", EXECUTIONS)
def test_safetensors_saves_the_whole_model_in_the_middle_of_training(execution, tmp_path):
    model = make_model()
    optimizer = ours(execution)(model.parameters())
    for x, y in batches():
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
        safetensors.torch.save_model(model, tmp_path / "model.safetensors")
        other = make_model()
        safetensors.torch.load_model(other, tmp_path / "model.safetensors")
        same_weights(other, model)


def on_fabric(make, path=None, begin=0, end=STEPS):
    fabric = lightning_fabric.Fabric(accelerator="cpu", devices=1)
    model = make_model()
    model, optimizer = fabric.setup(model, make(model.parameters(), lr=0.01))
    state = {"model": model, "optimizer": optimizer}
    if begin:
        fabric.load(path, state)
    losses = []
    for x, y in batches()[begin:end]:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        fabric.backward(loss)
        fabric.clip_gradients(model, optimizer, max_norm=1.0)
        optimizer.step()
        losses.append(loss.item())
    if path and not begin:
        fabric.save(path, state)
    return losses


@pytest.mark.parametrize("execution", EXECUTIONS)
def test_fabric_trains_and_resumes(execution, tmp_path):
    whole = on_fabric(ours(execution))
    equal(whole, on_fabric(torch.optim.AdamW))
    path = tmp_path / "state.ckpt"
    assert on_fabric(ours(execution), path, end=3) + on_fabric(ours(execution), path, begin=3) == whole


# --- timm --------------------------------------------------------------------------------------------------


def lookahead_of_timm():
    """timm's Lookahead. (All of timm wants torchvision; this file of it needs torch alone.)"""
    files = importlib.metadata.files("timm")
    path = next(one.locate() for one in files if str(one).endswith("timm/optim/lookahead.py"))
    spec = importlib.util.spec_from_file_location("timm_lookahead", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Lookahead


@pytest.mark.parametrize("execution", EXECUTIONS)
def test_timms_lookahead_keeps_its_slow_weights_in_our_state(execution):
    lookahead = lookahead_of_timm()

    def losses(make, wrap):
        model = make_model()
        optimizer = wrap(make(model.parameters(), lr=0.05))
        found = []
        for x, y in batches() * 3:
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(x), y)
            loss.backward()
            optimizer.step()
            found.append(loss.item())
        return found

    with_it = losses(torch.optim.AdamW, lambda one: lookahead(one, k=5))
    equal(losses(ours(execution), lambda one: lookahead(one, k=5)), with_it, 1e-5)
    without = losses(torch.optim.AdamW, lambda one: one)
    assert max(abs(a - b) for a, b in zip(with_it, without, strict=True)) > 1e-3  # it does something


# --- scripts in the form of those that everybody has -------------------------------------------------------

TEXT = "to train is to predict, to compare, to differentiate, to update, and to begin again. " * 40


class GPT(nn.Module):
    """A small language model, with the weights of the first and the last layer tied."""

    def __init__(self, letters, width=32, heads=4, length=24):
        super().__init__()
        self.letters = nn.Embedding(letters, width)
        self.places = nn.Embedding(length, width)
        layer = nn.TransformerEncoderLayer(
            width, heads, 4 * width, 0.0, nn.functional.gelu, batch_first=True, norm_first=True
        )
        self.blocks = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, letters, bias=False)
        self.head.weight = self.letters.weight

    def forward(self, x):
        seen = nn.Transformer.generate_square_subsequent_mask(x.shape[1])
        hidden = self.letters(x) + self.places(torch.arange(x.shape[1]))
        return self.head(self.norm(self.blocks(hidden, mask=seen, is_causal=True)))


def trained(make, path=None, begin=0, end=12, accumulate=4):
    """Train the GPT as such scripts do: decay for matrices alone, accumulation, clipping, warmup, cosine."""
    torch.manual_seed(0)
    letters = sorted(set(TEXT))
    data = torch.tensor([letters.index(one) for one in TEXT])
    model = GPT(len(letters))
    params = dict(model.named_parameters())  # a tied weight is there once
    groups = [
        {"params": [p for p in params.values() if p.dim() >= 2], "weight_decay": 0.1},
        {"params": [p for p in params.values() if p.dim() < 2], "weight_decay": 0.0},
    ]
    optimizer = make(groups, lr=3e-3, betas=(0.9, 0.95), fused=False)
    scheduler = lr_scheduler.WarmupCosine(optimizer, warmup=3, total=12, floor=0.1)
    if begin:
        checkpoint = torch.load(path, weights_only=True)
        model.load_state_dict(checkpoint["model"])
        optimizer.load_state_dict(checkpoint["optimizer"])
        scheduler.load_state_dict(checkpoint["scheduler"])
    losses = []
    for t in range(begin, end):
        total = 0.0
        for part in range(accumulate):
            chance = torch.Generator().manual_seed(100 * t + part)
            starts = torch.randint(len(data) - 25, (8,), generator=chance)
            pieces = torch.stack([data[one : one + 25] for one in starts])
            scores = model(pieces[:, :-1])
            loss = nn.functional.cross_entropy(scores.flatten(0, 1), pieces[:, 1:].flatten()) / accumulate
            loss.backward()
            total += loss.item()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(total)
    if path and not begin:
        state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
        torch.save({**state, "scheduler": scheduler.state_dict()}, path)
    return losses


@pytest.mark.parametrize("execution", EXECUTIONS)
def test_a_gpt_trains_as_with_torch_and_resumes(execution, tmp_path):
    theirs, whole = trained(torch.optim.AdamW), trained(ours(execution))
    equal(whole, theirs, 2e-4)
    assert whole[-1] < 0.8 * whole[0]
    path = tmp_path / "state.pt"
    assert trained(ours(execution), path, end=7) + trained(ours(execution), path, begin=7) == whole


@pytest.mark.parametrize("execution", EXECUTIONS)
def test_adadelta_on_digits_with_a_step_an_epoch(execution):
    from sklearn.datasets import load_digits

    x, y = (torch.as_tensor(one) for one in load_digits(return_X_y=True))
    x = (x / 16).float().view(-1, 1, 8, 8)

    def losses(make):
        torch.manual_seed(0)
        model = nn.Sequential(
            nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(72, 10), nn.LogSoftmax(1)
        )
        optimizer = make(model.parameters(), lr=1.0)
        scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.7)
        found = []
        for _ in range(5):
            for begin in range(0, 1280, 64):
                optimizer.zero_grad()
                loss = nn.functional.nll_loss(model(x[begin : begin + 64]), y[begin : begin + 64])
                loss.backward()
                optimizer.step()
                found.append(loss.item())
            scheduler.step()
        return found

    theirs = losses(torch.optim.Adadelta)
    equal(losses(ours(execution, "Adadelta")), theirs, 1e-3)
    assert theirs[-1] < 0.5 * theirs[0]


# --- the list itself ---------------------------------------------------------------------------------------


def test_what_is_installed_is_what_the_lock_says():
    lock = (Path(__file__).parent / "requirements.lock").read_text()
    pinned = dict(line.split("==") for line in lock.splitlines() if not line.startswith("#"))
    assert {name: importlib.metadata.version(name) for name in pinned} == pinned
