"""The unseen tests of assignment 2.1."""

import random

from course_lib.checks import module
from course_lib.checks.tools import close, expect

the = module("2_1_nonlinearity")


def stack(stack, seed=0):
    # One to six layers, of any widths.
    for number in range(6):
        chance = random.Random(100 * seed + number)
        widths = [chance.randint(1, 5) for _ in range(number + 2)]
        layers = the.some_layers(widths, seed=10 * seed + number)
        W, b = the.one_layer(stack, layers)
        want_W, want_b = the.stacked(layers)
        where = f"for layers of the widths {' → '.join(map(str, widths))} (seed {seed})"
        assert close(W, want_W), f"{where} W is wrong."
        assert close(b, want_b), f"{where} b is wrong. Each further layer multiplies it, and adds its own."

    # All alike: the same layer, four times.
    (layer,) = the.some_layers((3, 3), seed=7 + seed)
    W, b = the.one_layer(stack, [layer] * 4)
    want_W, want_b = the.stacked([layer] * 4)
    assert close(W, want_W) and close(b, want_b), (
        "where one layer stands four times in the list, you are wrong."
    )


def forward(forward, seed=0):
    for number in range(6):
        chance = random.Random(100 * seed + number)
        widths = [chance.randint(1, 5) for _ in range(number + 2)]
        layers = the.some_layers(widths, seed=10 * seed + number)
        x = the.normal(1000 + seed, chance.randint(1, 7), widths[0])
        said = the.output(forward, x, layers)
        where = f"for layers of the widths {' → '.join(map(str, widths))} and {len(x)} examples (seed {seed})"
        assert close(said, the.passed(x, layers)), f"{where} the output is wrong."
    (layer,) = the.some_layers((3, 3), seed=7 + seed)
    x = the.normal(2000 + seed, 4, 3)
    said = the.output(forward, x, [layer] * 4)
    assert close(said, the.passed(x, [layer] * 4)), (
        "where one layer stands four times in the list, you are wrong."
    )


def count_pieces(count_pieces, seed=0):
    # Random units, none of which share a place.
    for number in range(4):
        chance = random.Random(100 * seed + number)
        H = chance.randint(1, 9)
        units = [
            (chance.uniform(0.5, 2) * chance.choice((-1, 1)), chance.uniform(-1, 1), 1.0) for _ in range(H)
        ]
        count = the.counted(count_pieces, units)
        assert count == H + 1, (
            f"for {H} units with {H} different hinges you count {count} pieces, not {H + 1}."
        )

    # Places from a small set, changes from a small set; shuffled.
    for number in range(25):
        chance = random.Random(1000 * (seed + 1) + number)
        units, changes = [], {}
        for _ in range(chance.randint(2, 10)):
            place, change = chance.choice((-2.0, -0.3, 0.0, 0.1, 5.0, 1e4)), chance.choice((-2, -1, 0, 1, 2))
            w = chance.choice((-3.0, -1.0, -0.7, 0.1, 1.0, 2.5))
            units.append((w, -w * place, change / abs(w)))
            changes[place] = changes.get(place, 0) + change
        for _ in range(chance.randint(0, 2)):
            units.insert(0, (0.0, chance.uniform(-1, 1), chance.uniform(-2, 2)))
        want = 1 + sum(change != 0 for change in changes.values())
        count = the.counted(count_pieces, units)
        listed = ", ".join(f"({w:g}, {b:.3g}, {c:.3g})" for w, b, c in units)
        assert count == want, f"for the units (w, b, c) = {listed} you count {count} pieces, not {want}."

    # Small is not nothing.
    for gap in (1e-4, 1e-7):
        count = the.counted(count_pieces, [(1.0, 0.0, 1.0), (1.0, -gap, -1.0)])
        assert count == 3, (
            f"for hinges at 0 and {gap:g} you count {count} pieces, not 3: that is more than 1e-9."
        )
        count = the.counted(count_pieces, [(gap, -gap, 1.0)])
        assert count == 2, f"for one unit with a change of {gap:g} you count {count} pieces, not 2."


def join_points(join_points, seed=0):
    for number, n in enumerate((2, 3, 5, 8, 12)):
        chance = random.Random(100 * seed + number)
        x, y = [chance.uniform(-3, 3)], [chance.uniform(-2, 2) for _ in range(n)]
        for _ in range(n - 1):
            x.append(x[-1] + chance.uniform(0.2, 2))
        weights = the.joins(join_points, x, y)
        where = f"through {n} random points (seed {seed}), what the network says"
        for i in range(n):
            expect(f"{where} at point {i}", the.says(weights, x[i]), y[i], tolerance=1e-8)
        for i in range(n - 1):
            for share in (0.1, 0.5, 0.8):
                place, want = x[i] + share * (x[i + 1] - x[i]), y[i] + share * (y[i + 1] - y[i])
                expect(
                    f"{where} between points {i} and {i + 1}", the.says(weights, place), want, tolerance=1e-8
                )
        for far in (0.5, 7.0, 1000.0):
            expect(f"{where} {far:g} left of the first", the.says(weights, x[0] - far), y[0], tolerance=1e-8)
            expect(
                f"{where} {far:g} right of the last", the.says(weights, x[-1] + far), y[-1], tolerance=1e-8
            )

    # All on one level; and a roof.
    weights = the.joins(join_points, [0.0, 1.0, 2.0], [4.0, 4.0, 4.0])
    for place in (-1.0, 0.5, 3.0):
        expect("where all y are 4, what the network says", the.says(weights, place), 4.0)


def diamond(diamond, seed=0):
    for number in range(5):
        chance = random.Random(100 * seed + number)
        r = round(chance.uniform(0.1, 6), 3) if number < 3 else (0.01, 70.0)[number - 3]
        weights = the.fence(diamond, r)
        places = []
        for _ in range(60):
            distance = r * chance.choice((0.05, 0.5, 0.9, 0.9999, 1.0001, 1.1, 1.5, 4.0, 50.0))
            share = chance.uniform(0, 1)
            signs = chance.choice((-1, 1)), chance.choice((-1, 1))
            places.append((signs[0] * share * distance, signs[1] * (1 - share) * distance))
        the.fenced(weights, r, places)
    weights = the.fence(diamond, 2)  # a whole number
    the.fenced(weights, 2, [(0.0, 0.0), (1.9, 0.0), (0.0, 2.1), (-1.1, -1.1)])
