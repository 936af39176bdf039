"""The tests of assignment 2.1: lines, bends, pieces."""

import itertools

import torch

from course_lib.checks import question, tools
from course_lib.checks.tools import close, expect, parts_of, same

BY_HAND = 2  # points for the question that a person marks

# --- what the tests share ----------------------------------------------------------------------------------

# What most likely led to an error, by a part of its words.
HINTS = {
    "cannot be multiplied": "Two shapes do not fit: print them. Examples are rows: x @ W + b. The outputs "
    "of a "
    "layer are the inputs of the next, so W1 @ W2 is in this order.",
    "must match the size": "Two shapes do not fit: print them. b has shape (1, out), a row.",
    "division by zero": "Something is divided by 0. A unit with input weight 0 has no hinge: leave it out "
    "first.",
    "same dtype": "Two tensors meet that are float32 and float64. float64 is the default here: .float() or "
    "dtype=torch.float32 must have made the other.",
    "Boolean value": "An if asks for one yes or no, and gets one for each unit. Go through the units one by "
    "one.",
    "list index out of range": "There is no such layer in the list. It may hold one only.",
    "values to unpack": "The list has another length than your code takes for granted: it may hold one "
    "layer, or many. Go through it in a loop.",
    "is out of bounds for dimension": "There is no such entry: count them with len(x) or .shape, and take no "
    "number for granted.",
    "expand(": "Two shapes do not fit: print them. b has shape (1, out), a row.",
    "Long but found": "A tensor of whole numbers has crept in: write 1.0, not 1.",
}


def call(function, *inputs):
    def hint_for(error):
        """What most likely led to an error, or None where its own words say it best."""
        said = str(error)
        return next((f"{hint} (Python says: {said})" for part, hint in HINTS.items() if part in said), None)

    answer = tools.call(hint_for, function, *inputs)
    assert answer is not None, "Your function returns nothing. Is the line with return missing at its end?"
    return answer


def tensor(numbers):
    return torch.tensor(numbers, dtype=torch.float64)


def normal(seed, *shape):
    """Normal random numbers, for each seed the same in every run."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def shaped(what, value, shape, hint):
    """See that a value is a float64 tensor of this shape."""
    assert isinstance(value, torch.Tensor), f"{what} must be a tensor, not {type(value).__name__}."
    assert value.is_floating_point(), f"{what} is a tensor of whole numbers: write 1.0, not 1."
    tools.precise(what, value, tensor([0.0]))
    found = tuple(value.shape)
    assert found == shape, f"{what} has shape {found}, not {shape}. {hint}"


def network(x, W1, b1, W2, b2):
    return torch.relu(x @ W1 + b1) @ W2 + b2


def weights_of(answer, inputs, most):
    """The four tensors of a network with one output, in the right shapes, with so many units at most."""
    names = "W1, b1, W2, b2"
    weights = parts_of(answer, 4, names)
    W1 = weights[0]
    assert isinstance(W1, torch.Tensor), f"W1 must be a tensor, not {type(W1).__name__}."
    assert W1.ndim == 2 and len(W1) == inputs, (
        f"W1 has shape {tuple(W1.shape)}. It has a row for each input and a column for each unit: "
        f"({inputs}, H)."
    )
    H = W1.shape[1]
    assert H <= most, f"Your network has {H} units. At most {most} are needed here."
    shapes = ((inputs, H), (1, H), (H, 1), (1, 1))
    for name, value, shape in zip(names.split(", "), weights, shapes, strict=True):
        shaped(name, value, shape, hint="The contract has the shapes.")
    return weights


# --- 1 -----------------------------------------------------------------------------------------------------


def one_layer(stack, layers):
    """An answer's W and b, in the right shapes."""
    # A list of pairs of tensors, so that a change of any of them is seen.
    W, b = parts_of(call(stack, layers), 2, "W, b")
    inputs, outputs = layers[0][0].shape[0], layers[-1][0].shape[1]
    hint = "It has the inputs of the first layer and the outputs of the last."
    shaped("W", W, (inputs, outputs), hint)
    shaped("b", b, (1, outputs), "It is a row, as in every layer.")
    return W, b


def stacked(layers):
    W, b = layers[0]
    for next_W, next_b in layers[1:]:
        W, b = W @ next_W, b @ next_W + next_b
    return W, b


def some_layers(widths, seed):
    """Random layers of these widths."""
    pairs = enumerate(itertools.pairwise(widths))
    return [(normal(100 * seed + k, i, o), normal(100 * seed + 50 + k, 1, o)) for k, (i, o) in pairs]


@question(points=4)
def stack(stack):
    # 2(3x + 1) + 5 = 6x + 7.
    first, second = (tensor([[3.0]]), tensor([[1.0]])), (tensor([[2.0]]), tensor([[5.0]]))
    W, b = one_layer(stack, [first, second])
    expect(
        "For 3x + 1, then 2x + 5, your W",
        W,
        6,
        {
            5.0: "the weights are added. One after the other, they are multiplied.",
            3.0: "that is the first layer alone.",
            2.0: "that is the last layer alone.",
        },
    )
    expect(
        "For 3x + 1, then 2x + 5, your b",
        b,
        7,
        {
            6.0: "the biases are added as they are. The second layer multiplies the first one's bias, too.",
            16.0: "the layers are in the wrong order: the first of the list comes first.",
            12.0: "the second layer's bias is multiplied, too. It comes after the multiplication.",
            11.0: "the bias is multiplied by the product W so far. Each layer multiplies it by its own "
            "weights.",
            2.0: "the second layer's bias is missing.",
            5.0: "the first layer's bias is lost. The second layer multiplies it, and keeps it.",
            1.0: "that is the first layer's bias alone.",
        },
    )

    # One layer is itself.
    W, b = one_layer(stack, [first])
    alone = "one layer alone is the answer itself."
    expect("For the one layer 3x + 1, your W", W, 3, otherwise=alone)
    expect("For the one layer 3x + 1, your b", b, 1, otherwise=alone)

    # Two layers, two wide: turn and stretch.
    turn, stretch = tensor([[0.0, 1.0], [-1.0, 0.0]]), tensor([[2.0, 0.0], [0.0, 1.0]])
    layers = [(turn, tensor([[1.0, 0.0]])), (stretch, tensor([[0.0, 1.0]]))]
    W, b = one_layer(stack, layers)
    same(
        "For two layers of width 2, your W, row by row,",
        W,
        turn @ stretch,
        [
            (stretch @ turn, "that is W2 @ W1. With examples as rows, the first layer stands left: W1 @ W2."),
            (turn * stretch, "that is the product entry by entry. Layers are multiplied with @."),
            ((turn @ stretch).T, "it is transposed: a column for each output."),
        ],
    )
    same(
        "For two layers of width 2, your b",
        b,
        tensor([[2.0, 1.0]]),
        [(tensor([[1.0, 1.0]]), "the second layer multiplies the first one's bias, too.")],
        otherwise="send x = 0 through both layers: what comes out is b.",
    )

    # Three layers, of different widths.
    layers = some_layers((3, 4, 2, 5), seed=1)
    W, b = one_layer(stack, layers)
    want_W, want_b = stacked(layers)
    assert close(W, want_W), "For three layers, 3 → 4 → 2 → 5, W is wrong. It is W1 @ W2 @ W3."
    assert close(b, want_b), (
        "For three layers, 3 → 4 → 2 → 5, b is wrong. Each further layer multiplies the b that has come so "
        "far, and adds its own."
    )


# --- 2 -----------------------------------------------------------------------------------------------------


def output(forward, x, layers):
    """What an answer says, in the right shape."""
    said = call(forward, x, layers)
    shaped("The output", said, (len(x), layers[-1][0].shape[1]), "A row for each example.")
    return said


def passed(x, layers):
    for W, b in layers[:-1]:
        x = torch.relu(x @ W + b)
    return x @ layers[-1][0] + layers[-1][1]


@question(points=3)
def forward(forward):
    # One unit, by hand: x = 2 gives relu(2 − 5) = 0, then 0 · 4 + 1.
    hidden, last = (tensor([[1.0]]), tensor([[-5.0]])), (tensor([[4.0]]), tensor([[1.0]]))
    said = output(forward, tensor([[2.0]]), [hidden, last])
    expect(
        "For x = 2 and the layers x − 5 and 4x + 1, the output",
        said,
        1,
        {
            -11.0: "after the first layer −3 has come through, and relu(−3) is 0. Is the ReLU missing, or "
            "does it come "
            "before the bias?",
            13.0: "that is the absolute value of −3, times 4, plus 1. A ReLU makes 0 of −3.",
            0.0: "does the last layer's bias come in?",
        },
    )
    said = output(forward, tensor([[7.0]]), [hidden, last])
    expect(
        "For x = 7 and the layers x − 5 and 4x + 1, the output",
        said,
        9,
        {1.0: "relu(2) is 2, not 0.", 29.0: "does the first layer's bias come in?"},
    )

    # The last layer has no ReLU; one layer is a line.
    said = output(forward, tensor([[1.0], [-1.0]]), [(tensor([[2.0]]), tensor([[-3.0]]))])
    same(
        "For x = 1 and −1 and the one layer 2x − 3, the output",
        said,
        tensor([[-1.0], [-5.0]]),
        [
            (tensor([[0.0], [0.0]]), "there is a ReLU after the last layer. It has none."),
            (
                tensor([[-1.0], [-3.0]]),
                "the ReLU comes before the layer. It comes after it, and not after the last.",
            ),
        ],
    )
    said = output(forward, tensor([[7.0]]), [hidden, (tensor([[-4.0]]), tensor([[1.0]]))])
    expect(
        "For x = 7 and the layers x − 5 and −4x + 1, the output",
        said,
        -7,
        {0.0: "there is a ReLU after the last layer. It has none."},
    )

    # Deeper, against the rule applied layer by layer.
    for widths in ((2, 4, 1), (3, 4, 4, 2), (1, 3, 5, 2, 1)):
        layers, x = some_layers(widths, seed=sum(widths)), normal(len(widths), 6, widths[0])
        said = output(forward, x, layers)
        arrows = " → ".join(map(str, widths))
        want = passed(x, layers)
        if close(said, want):
            continue
        first_only = torch.relu(x @ layers[0][0] + layers[0][1])
        for W, b in layers[1:]:
            first_only = first_only @ W + b
        assert len(widths) == 3 or not close(said, first_only), (
            f"With the widths {arrows} the ReLU comes after the first layer only. It stands between every "
            "two layers."
        )
        assert not close(said, torch.relu(want)), "There is a ReLU after the last layer. It has none."
        raise AssertionError(
            f"With the widths {arrows} the output is wrong: in each layer but the last, "
            "torch.relu(x @ W + b)."
        )


# --- 3 -----------------------------------------------------------------------------------------------------


def counted(count_pieces, units):
    """An answer's count, for a list of units (w, b, c)."""
    W1, b1, W2 = (tensor(one) for one in zip(*units, strict=True))
    count = call(count_pieces, W1.view(1, -1), b1.view(1, -1), W2.view(-1, 1))
    assert isinstance(count, int) and not isinstance(count, bool), (
        f"Return a Python int, not {type(count).__name__}: int(…), or .item() of a tensor of whole numbers."
    )
    return count


def pieces_are(
    count_pieces, what, units, want, slips, otherwise="go from left to right, and note each bend."
):
    count = counted(count_pieces, units)
    assert count == want, f"{what}: you count {count}, not {want}. {slips.get(count, otherwise.capitalize())}"


@question(points=5)
def count_pieces(count_pieces):
    add = "Changes at one place add up, and count as one bend, or as none if they cancel."
    pieces_are(
        count_pieces,
        "One unit, max(0, x − 2)",
        [(1.0, -2.0, 3.0)],
        2,
        {1: "Bends are not pieces: one bend makes two pieces.", 3: "One bend makes two pieces."},
    )
    pieces_are(
        count_pieces,
        "Three units, with hinges at 2, −1 and 0.5",
        [(1.0, -2.0, 1.0), (1.0, 1.0, -3.0), (-2.0, 1.0, 0.5)],
        4,
        {3: "Three bends make four pieces.", 8: "Three units switch at three places, not at 2³."},
    )
    pieces_are(
        count_pieces,
        "Two units, one of them with input weight 0",
        [(0.0, 3.0, 5.0), (1.0, -1.0, 1.0)],
        2,
        {3: "A unit with input weight 0 says the same everywhere: it has no hinge."},
    )
    pieces_are(
        count_pieces,
        "Two units, one of them with output weight 0",
        [(1.0, 3.0, 0.0), (1.0, -1.0, 1.0)],
        2,
        {3: "A unit with output weight 0 bends nothing."},
    )
    pieces_are(
        count_pieces,
        "max(0, x) − max(0, −x), which is x",
        [(1.0, 0.0, 1.0), (-1.0, 0.0, -1.0)],
        1,
        {
            3: f"Both hinges lie at 0. {add}",
            2: "The changes at 0 are +1 and −1, together 0. (The change is c·|w|, not c·w: whoever switches "
            "off "
            "to the right takes its slope away.)",
        },
    )
    pieces_are(
        count_pieces,
        "max(0, x) + max(0, −x), which is |x|",
        [(1.0, 0.0, 1.0), (-1.0, 0.0, 1.0)],
        2,
        {
            1: "The slope goes from −1 to +1 at 0. The change is c·|w|, not c·w: a unit that switches off "
            "to the "
            "right takes its slope away.",
            3: f"Both hinges lie at 0. {add}",
        },
    )
    pieces_are(
        count_pieces,
        "max(0, x − 1) + max(0, 2x − 2)",
        [(1.0, -1.0, 1.0), (2.0, -2.0, 1.0)],
        2,
        {3: f"Both hinges lie at 1. {add}"},
    )
    pieces_are(
        count_pieces,
        "Four units, three with their hinge at 1 and changes 2, 1 and −3, one at 4",
        [(2.0, -2.0, 1.0), (1.0, -4.0, 1.0), (1.0, -1.0, 1.0), (-3.0, 3.0, -1.0)],
        2,
        {5: add, 3: add, 4: add},
        otherwise=add,
    )
    pieces_are(
        count_pieces,
        "Two units that both have input weight 0",
        [(0.0, 1.0, 2.0), (0.0, -1.0, 2.0)],
        1,
        {2: "Nothing bends: that is one piece.", 0: "Without a bend there is still one piece."},
    )
    pieces_are(
        count_pieces,
        "max(0, 0.1x − 0.03) and max(0, −x + 0.3) with output weights 3 and −0.3",
        [(0.1, -0.03, 3.0), (-1.0, 0.1 + 0.2, -0.3)],
        1,
        {
            3: "The hinges are at 0.3 both, but for rounding: places less than 1e-9 apart are one.",
            2: "The changes are 0.3 and −0.3, but for rounding: a change below 1e-9 is none.",
        },
    )
    pieces_are(
        count_pieces,
        "Two units with hinges at 0 and at 0.001, with changes of 0.001 each",
        [(1.0, 0.0, 0.001), (1.0, -0.001, 0.001)],
        3,
        {
            2: "0.001 is much more than 1e-9: these are two places. Do you round?",
            1: "0.001 is much more than 1e-9: these are two bends. Do you round?",
        },
    )
    apart = (
        "what counts is how far apart two places are, not their share. (The isclose functions ask for both.)"
    )
    pieces_are(
        count_pieces,
        "Two units with hinges at 1000 and 1000.0000005, with changes of 1 and −1",
        [(1.0, -1000.0, 1.0), (1.0, -1000.0000005, -1.0)],
        3,
        {1: f"5e-7 is much more than 1e-9, at 1000 as well: {apart}"},
    )
    pieces_are(
        count_pieces,
        "Two units with hinges at 0 and at 1e-12, with changes of 1 and −1",
        [(1.0, 0.0, 1.0), (1.0, -1e-12, -1.0)],
        1,
        {3: f"1e-12 is much less than 1e-9, at 0 as well: {apart}"},
    )


# --- 4 -----------------------------------------------------------------------------------------------------


def says(weights, place):
    return network(tensor([[place]]), *weights).item()


def joins(join_points, x, y):
    """An answer's weights, in the right shapes."""
    return weights_of(call(join_points, tensor(x), tensor(y)), 1, len(x))


@question(points=4)
def join_points(join_points):
    # (0, 1), (1, 2), (3, 0): slopes 0, 1, −1, 0.
    x, y = [0.0, 1.0, 3.0], [1.0, 2.0, 0.0]
    points = "Through (0, 1), (1, 2) and (3, 0), what the network says at"
    weights = joins(join_points, x, y)
    lift = "is b2 the first y?"
    expect(f"{points} 0", says(weights, 0.0), 1, {0.0: lift, 2.0: lift})
    expect(
        f"{points} 1",
        says(weights, 1.0),
        2,
        {
            1.0: "nothing rises between 0 and 1. Is there a hinge at the first point?",
            0.0: "is the slope turned round? It is (y₁ − y₀)/(x₁ − x₀).",
        },
        otherwise="the slope between 0 and 1 is 1.",
    )
    expect(
        f"{points} 3",
        says(weights, 3.0),
        0,
        {
            2.0: "the output weights are the slopes. They are the changes of slope: at 1, from +1 to −1, "
            "that is −2.",
            4.0: "the slope after 1 is still that from before. At 1 it changes by −2, from 1 to −1.",
            -2.0: "the piece from 1 to 3 falls by 2 in two steps: its slope is −1. Divide by x₂ − x₁.",
        },
        otherwise="from 1 on the slope is −1, so it changes by −2 there.",
    )
    expect(f"{points} 0.5", says(weights, 0.5), 1.5, otherwise="it is straight between the points.")
    expect(f"{points} 2", says(weights, 2.0), 1, otherwise="it is straight between the points.")
    expect(
        f"{points} −9, outside,",
        says(weights, -9.0),
        1,
        {-8.0: "it falls to the left for ever. No unit may be on there, or their slopes must cancel."},
        otherwise="left of the first point it says y₀.",
    )
    expect(
        f"{points} 10, outside,",
        says(weights, 10.0),
        0,
        {
            -7.0: "it goes on along its last piece for ever. One more hinge, at the last point, brings the "
            "slope back "
            "to 0.",
            -14.0: "at the last point the slope must go back to 0: from −1, that is a change of +1, not −1.",
        },
        otherwise="right of the last point the slope is 0.",
    )

    # Two points, and unequal distances.
    x, y = [-4.0, -2.0], [3.0, 7.0]
    weights = joins(join_points, x, y)
    for place, want in ((-9.0, 3.0), (-4.0, 3.0), (-3.0, 5.0), (-2.0, 7.0), (5.0, 7.0)):
        expect(
            f"Through (−4, 3) and (−2, 7), what the network says at {place:g}",
            says(weights, place),
            want,
            otherwise="level, then a slope of 2, then level.",
        )


# --- 5 -----------------------------------------------------------------------------------------------------


def fence(diamond, r):
    """An answer's weights, in the right shapes."""
    return weights_of(call(diamond, r), 2, 4)


def fenced(weights, r, places):
    """See that each place is on the right side of the fence."""
    for x1, x2 in places:
        said = network(tensor([[x1, x2]]), *weights).item()
        distance = abs(x1) + abs(x2)
        inside = distance < r
        where = (
            f"With r = {r:g}, at ({x1:g}, {x2:g}) |x1| + |x2| is {distance:g}, and the output is {said:.4g}: "
        )
        verdict = said > 0.5 if inside else said < 0.5
        want = "more than 0.5 inside." if inside else "less than 0.5 outside."
        assert verdict, f"{where}it must be {want}"


@question(points=4)
def diamond(diamond):
    weights = fence(diamond, 1.0)
    middle = network(tensor([[0.0, 0.0]]), *weights).item()
    far = network(tensor([[5.0, 5.0], [-5.0, 5.0], [5.0, -5.0], [-5.0, -5.0]]), *weights)
    assert not (middle < 0.5 and (far > 0.5).all()), (
        f"The fence is turned round: in the middle the output is {middle:.4g}, less than 0.5, and outside "
        "it is "
        "more. Turn the signs of the output weights."
    )
    assert middle != 0.5, (
        "In the middle of the diamond the output is exactly 0.5. Inside it must be *more*: let it fall from "
        "the "
        "middle outward, and be 0.5 at the fence."
    )
    square = network(tensor([[0.9, 0.9], [-0.9, 0.9], [0.9, -0.9], [-0.9, -0.9]]), *weights)
    assert not (middle > 0.5 and (square > 0.5).all() and (far < 0.5).all()), (
        "Your fence reaches (0.9, 0.9), where |x1| + |x2| is 1.8: at r = 1 that is outside. Is it a square, "
        "or is r "
        "too large?"
    )
    sides = ((0.6, 0.6), (-0.6, 0.6), (0.6, -0.6), (-0.6, -0.6))
    fenced(weights, 1.0, [(0.0, 0.0), (0.9, 0.0), (-0.9, 0.0), (0.0, 0.9), (0.0, -0.9)])
    fenced(weights, 1.0, [(1.1, 0.0), (-1.1, 0.0), (0.0, 1.1), (0.0, -1.1), *sides])
    fenced(weights, 1.0, [(0.45, 0.45), (-0.45, 0.45), (0.45, -0.45), (-0.45, -0.45), (40.0, -30.0)])

    # Another r.
    weights = fence(diamond, 3.0)
    fenced(
        weights, 3.0, [(0.0, 0.0), (2.9, 0.0), (0.0, -2.9), (1.4, 1.4), (3.1, 0.0), (-1.6, 1.6), (0.0, -99.0)]
    )
    weights = fence(diamond, 0.25)
    fenced(weights, 0.25, [(0.0, 0.0), (0.2, 0.0), (-0.12, 0.12), (0.3, 0.0), (0.13, -0.13)])
