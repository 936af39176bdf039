"""Data: made here from a seed, or shipped inside an installed package. Nothing is downloaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import torch

__all__ = [
    "noisy_line",
    "two_moons",
    "rings",
    "xor",
    "sparse_features",
    "diabetes",
    "DIABETES_FEATURES",
    "digits",
    "centred_digits",
    "leaves",
    "batches",
    "stacked_batches",
]


def noisy_line(n: int = 100, *, noise: float = 0.2, seed: int = 42) -> tuple[torch.Tensor, torch.Tensor]:
    """Points around the line y = 2x + 3, at n equally spaced x in [0, 1].

    Returns ``(x, y)``, float64, each of shape (n, 1). ``noise`` is the standard deviation of the added noise.
    """
    _require(n >= 2, f"a line needs at least 2 points, not n={n!r}")
    _require(noise >= 0, f"noise is a standard deviation and cannot be negative: {noise!r}")
    x = torch.linspace(0, 1, n, dtype=torch.float64).unsqueeze(1)
    return x, 2 * x + 3 + noise * _randn(x.shape, seed)


def two_moons(n: int = 200, *, noise: float = 0.15, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Two half circles that reach into each other, as scikit-learn's ``make_moons`` has them.

    Class 0 is the upper half of the circle of radius 1 around (0, 0), class 1 the lower half of the one
    around (1, 0.5). Returns ``(x, y)``, float64: x of shape (n, 2); y of shape (n, 1), the classes 0 and 1 in
    turn. Angles are drawn at random; ``noise`` is the standard deviation of what is added to each coordinate.
    """
    y, angle = _two_classes(n, noise, seed)
    upper = torch.cat([angle.cos(), angle.sin()], dim=1)
    lower = torch.cat([1 - angle.cos(), 0.5 - angle.sin()], dim=1)
    return torch.where(y == 0, upper, lower) + noise * _randn(upper.shape, seed), y


def rings(
    n: int = 200, *, inner: float = 0.5, noise: float = 0.1, seed: int = 0
) -> tuple[torch.Tensor, torch.Tensor]:
    """Two circles around (0, 0), one inside the other: class 0 of radius 1, class 1 of radius ``inner``.

    Returns ``(x, y)``, float64: x of shape (n, 2); y of shape (n, 1), the classes 0 and 1 in turn. Angles are
    drawn at random; ``noise`` is the standard deviation of what is added to each coordinate.
    """
    _require(0 < inner < 1, f"the inner ring's radius lies between 0 and the outer one's, 1, not {inner!r}")
    y, angle = _two_classes(n, noise, seed)
    x = torch.cat([(2 * angle).cos(), (2 * angle).sin()], dim=1)
    return torch.where(y == 0, 1.0, inner) * x + noise * _randn(x.shape, seed), y


def xor(n: int = 200, *, noise: float = 0.35, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Four clouds around (±1, ±1): class 1 where the two signs differ, class 0 where they agree.

    Returns ``(x, y)``, float64: x of shape (n, 2); y of shape (n, 1), the classes 0 and 1 in turn. The four
    clouds are equally large, but for a remainder. ``noise`` is the standard deviation of what is added to
    each coordinate.
    """
    y, _ = _two_classes(n, noise, seed)
    first = 1.0 - 2 * (torch.arange(n) // 2 % 2).double().unsqueeze(1)
    x = torch.cat([first, first * (1 - 2 * y)], dim=1)
    return x + noise * _randn(x.shape, seed), y


def sparse_features(
    frequencies: Sequence[float] | torch.Tensor, *, n: int = 1000, seed: int = 0
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """A noise-free regression on features that are mostly absent.

    ``frequencies`` says for each feature in which share of the examples it is present. Returns ``(x, y, w)``,
    all float64: x of zeros and ones, shape (n, features); y = x·w, shape (n,); and the true weights w, shape
    (features,), each +1 or −1.
    """
    frequencies = torch.as_tensor(frequencies, dtype=torch.float64)
    _require(
        frequencies.ndim == 1 and len(frequencies) >= 1, "frequencies must be a list of at least one number"
    )
    _require(bool(((frequencies > 0) & (frequencies <= 1)).all()), "each frequency must lie in (0, 1]")
    _require(n >= 1, f"there must be at least one example, not n={n!r}")
    generator = torch.Generator().manual_seed(seed)
    size = len(frequencies)
    x = (torch.rand(n, size, generator=generator, dtype=torch.float64) < frequencies).double()
    w = 2 * (torch.rand(size, generator=generator, dtype=torch.float64) < 0.5).double() - 1
    return x, x @ w, w


#: The columns of :func:`diabetes`, in order: age, sex, body mass index, blood pressure, six blood tests.
DIABETES_FEATURES = ("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6")


def diabetes(
    *, test: float = 0.2, seed: int = 0
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """scikit-learn's 442 diabetes patients in their original units, split at random. Efron et al. (2004).

    Returns ``(x_train, y_train, x_test, y_test)``, float64: x of shape (patients, 10), its columns named by
    :data:`DIABETES_FEATURES`; y of shape (patients, 1), how far the disease progressed in the year after, a
    score from 25 to 346. ``test`` is the share of patients held out. Nothing is scaled: that is the lesson's
    job.
    """
    from sklearn.datasets import load_diabetes

    _require(0 < test < 1, f"test is a share between 0 and 1, not {test!r}")
    x, y = load_diabetes(return_X_y=True, scaled=False)
    x, y = torch.tensor(x, dtype=torch.float64), torch.tensor(y, dtype=torch.float64).unsqueeze(1)
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))
    held_out, kept = order.split([round(test * len(x)), len(x) - round(test * len(x))])
    return x[kept], y[kept], x[held_out], y[held_out]


def digits(
    *, test: float = 0.2, seed: int = 0, dtype: torch.dtype = torch.float32
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """scikit-learn's 1797 handwritten digits of 8 × 8 pixels, split at random.

    Returns ``(x_train, y_train, x_test, y_test)``: x of shape (examples, 64), scaled to [0, 1]; y the digits
    0…9. ``test`` is the share of examples held out.
    """
    from sklearn.datasets import load_digits

    _require(0 < test < 1, f"test is a share between 0 and 1, not {test!r}")
    x, y = load_digits(return_X_y=True)
    x, y = torch.tensor(x, dtype=dtype) / 16, torch.tensor(y, dtype=torch.long)
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))
    held_out, kept = order.split([round(test * len(x)), len(x) - round(test * len(x))])
    return x[kept], y[kept], x[held_out], y[held_out]


def centred_digits(
    seed: int = 0, *, dtype: torch.dtype = torch.float32
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Half of the :func:`digits` to train on, half that are new; centred, and of size 1.

    Returns ``(x, y, x_new, y_new)``: ``x`` of shape (896, 64), 14 batches of 64 or 28 of 32, and none
    that is smaller; ``x_new`` of shape (898, 64). From both the mean of each pixel over the images to train
    on is taken, then all are divided by one number, the root of the mean square of what these are left with.
    """
    x, y, x_new, y_new = digits(test=0.5, seed=seed, dtype=dtype)
    x, y = x[:896], y[:896]
    mean = x.mean(dim=0)
    size = (x - mean).square().mean().sqrt()
    return (x - mean) / size, y, (x_new - mean) / size, y_new


def leaves(
    seed: int = 0, *, trees: int = 120, each: int = 5
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Leaves from trees of four kinds; six measurements of each leaf, each in a unit of its own.

    Returns ``(x, y, tree)``, in random order: x of shape (leaves, 6), float64; y the kinds, 0…3; tree the
    number of the tree that each leaf is from, 0…``trees`` − 1. Kinds are equally frequent, but for a
    remainder.

    A kind has two forms, so it is no cloud around its mean. A tree has one of them, and differs from it, in
    each measurement before the units, by noise of standard deviation 0.9; a leaf differs from its tree by
    0.15. **Leaves of one tree are nearly alike:** who divides leaves in place of trees lets the answers in.
    """
    _require(trees >= 4, f"four kinds need at least 4 trees, not trees={trees!r}")
    _require(each >= 1, f"a tree has at least 1 leaf, not each={each!r}")
    generator = torch.Generator().manual_seed(seed)
    kind = torch.randperm(trees, generator=generator) % 4
    form = torch.randint(2, (trees,), generator=generator)
    noise = torch.randn(trees, 6, generator=generator, dtype=torch.float64)
    typical = _leaf_forms()[kind, form] + 0.9 * noise
    tree = torch.arange(trees).repeat_interleave(each)
    tree = tree[torch.randperm(len(tree), generator=generator)]
    noise = torch.randn(len(tree), 6, generator=generator, dtype=torch.float64)
    unit = torch.tensor([10.0, 4.0, 1.0, 0.1, 60.0, 0.02], dtype=torch.float64)
    return unit * (5 + typical[tree] + 0.15 * noise), kind[tree], tree


def _leaf_forms() -> torch.Tensor:
    """The two forms of each of the four kinds, of shape (4, 2, 6): drawn once, the same for all seeds."""
    return 1.5 * _randn(torch.Size((4, 2, 6)), seed=3)


def batches(
    x: torch.Tensor, y: torch.Tensor, size: int, *, seed: int = 0
) -> torch.utils.data.DataLoader[tuple[torch.Tensor, ...]]:
    """Mini-batches of ``size`` examples, shuffled anew each epoch by a generator of their own.

    Returns a ``torch.utils.data.DataLoader`` over pairs ``(x, y)``. The last batch of an epoch may be
    smaller.
    """
    _require(len(x) == len(y), f"x and y differ in length: {len(x)} and {len(y)}")
    _require(1 <= size <= len(x), f"a batch holds between 1 and {len(x)} examples, not {size!r}")
    index = torch.utils.data.BatchSampler(
        torch.utils.data.RandomSampler(range(len(x)), generator=torch.Generator().manual_seed(seed)),
        size,
        False,
    )
    # One indexing for a whole batch is many times faster than collating single examples.
    return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), sampler=index, batch_size=None)


def stacked_batches(
    x: torch.Tensor, y: torch.Tensor, size: int, *, seeds: Iterable[int]
) -> Iterable[tuple[torch.Tensor, torch.Tensor]]:
    """Mini-batches for many runs that train at once, each on data of its own, in an order of its own.

    ``x`` and ``y`` are of shape (runs, examples, …); ``seeds`` holds one for each run. Each loop over what
    this returns is one epoch, of pairs ``(x, y)`` of shape (runs, size, …); the last may be smaller. As it
    begins, each seed's generator draws one ``torch.randperm(examples)``, for all runs with that seed; the
    generators go on from epoch to epoch. (In the first one a run's order is that of :func:`batches`. Later
    ones differ: torch's ``RandomSampler`` draws twice an epoch.)
    """
    seeds = list(seeds)
    shapes = f"not {tuple(x.shape)} and {tuple(y.shape)}"
    _require(x.ndim >= 2 and y.ndim >= 2, f"x and y must have the shape (runs, examples, …), {shapes}")
    _require(x.shape[:2] == y.shape[:2], f"x and y must hold as many runs and examples, {shapes}")
    _require(1 <= size <= x.shape[1], f"a batch holds between 1 and {x.shape[1]} examples, not {size!r}")
    _require(len(seeds) == len(x), f"each of the {len(x)} runs needs a seed: there are {len(seeds)} seeds")
    return _Stacked(x, y, size, seeds, {seed: torch.Generator().manual_seed(seed) for seed in seeds})


@dataclass(frozen=True)
class _Stacked:
    x: torch.Tensor
    y: torch.Tensor
    size: int
    seeds: list[int]
    generators: dict[int, torch.Generator]

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        orders = {
            seed: torch.randperm(self.x.shape[1], generator=generator)
            for seed, generator in self.generators.items()
        }
        runs = torch.arange(len(self.seeds)).unsqueeze(1)
        for pick in torch.stack([orders[seed] for seed in self.seeds]).split(self.size, dim=1):
            yield self.x[runs, pick], self.y[runs, pick]


def _two_classes(n: int, noise: float, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The classes 0 and 1 in turn, and an angle between 0 and π for each example, both of shape (n, 1)."""
    _require(n >= 2, f"two classes need at least 2 points, not n={n!r}")
    _require(noise >= 0, f"noise is a standard deviation and cannot be negative: {noise!r}")
    # A generator apart from the noise's: with the same seed both would be made of the same draws.
    generator = torch.Generator().manual_seed(seed + 1_000_000_007)
    y = (torch.arange(n) % 2).double().unsqueeze(1)
    return y, torch.pi * torch.rand(n, 1, generator=generator, dtype=torch.float64)


def _randn(shape: torch.Size, seed: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)
