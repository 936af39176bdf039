"""What every lesson must hold, as far as a machine can tell: "The shape of a lesson" in CONTRIBUTING."""

import re

# Recap lessons look back: a quiz and a capstone instead of experiments.
RECAPS = {"1_6_recap", "2_7_recap", "3_9_whats_next"}

# What opens a block of its own: a heading, a MyST directive with its title, a bold line.
OPENING = r"^(?:#{2,6}|(?::{3,}|`{3,})\{[\w-]+\}|\*\*)\s*"
PREDICT = re.compile(OPENING + r".{0,12}\bpredict", re.IGNORECASE | re.MULTILINE)
# "A. It diverges": in a list, as a dropdown's title, in <summary>; the letter may be bold.
CHOICE = re.compile(
    r"^\s*(?:[-*] |#{2,6} |(?::{3,}|`{3,})\{[\w-]+\} ?|.*<summary>)?\**\(?([A-F])[.):]", re.MULTILINE
)
PROMISE_LINE = ("reading time", "run time", "you need", "assignment")
SHORTEST_ALT = 40  # characters

UNCHECKED = {"nbval-ignore-output", "nbval-skip"}
REASON = re.compile(r"#.*\b(?:timings?|GPUs?)\b", re.IGNORECASE)
NBVAL_COMMENT = re.compile(r"#\s*(?:NBVAL_|PYTEST_VALIDATE_)\w+")


def missing_parts(nb, recap=False):
    """Sentences on what a lesson lacks; empty if nothing."""
    words = [cell.source for cell in nb.cells if cell.cell_type == "markdown"]
    everything = "\n\n".join(words)
    opening = "\n\n".join(words[:2])
    if not nb.cells or nb.cells[0].cell_type != "markdown" or not nb.cells[0].source.startswith("# "):
        yield "It does not begin with its title: the first cell must start with '# '."
    for part in PROMISE_LINE:
        if part not in opening.lower():
            yield f"Its first two text cells do not say '{part}': see the promise line of the other lessons."
    if len({letter for cell in words for letter in _choices(cell)}) < 3:
        yield "It has no multiple-choice question: give three choices, in lines that start with A., B. and C."
    if recap:
        return
    if len(PREDICT.findall(everything)) < 2:
        yield "It asks for fewer than two predictions: give two blocks whose title starts with 'Predict'."
    for title in ("Recap", "Further reading"):
        if not re.search(rf"^#{{2,3}}\s.*\b{title}\b", everything, re.MULTILINE | re.IGNORECASE):
            yield f"It has no section '{title}'."
    if "{cite" not in everything:
        yield "It cites nothing: further reading is cited with {cite}."
    if not any(re.search(r"^\s*assert\b", cell.source, re.MULTILINE) for cell in _code(nb)):
        yield "It asserts nothing: put an assertion beside each claim (hidden by remove-cell, if need be)."


def _choices(words):
    return CHOICE.findall(words)


def unexplained(nb):
    """Sentences on cells whose output goes unchecked without a word on timings or a GPU."""
    for cell in _code(nb):
        if comment := NBVAL_COMMENT.search(cell.source):
            yield f"Cell {cell.id} steers nbval with '{comment.group()}': use a tag and say why."
        unchecked = UNCHECKED & set(cell.metadata.get("tags", []))
        if unchecked and not REASON.search(cell.source):
            yield (
                f"Cell {cell.id} is tagged {', '.join(sorted(unchecked))} without a reason: "
                "add a comment that says 'timing' or 'GPU', or remove the tag."
            )


def without_alt_text(nb):
    """Sentences on cells whose picture a reader who does not see it cannot know."""
    for cell in _code(nb):
        pictures = [output for output in cell.outputs if _is_picture(output)]
        if not pictures or {"remove-cell", "remove-output"} & set(cell.metadata.get("tags", [])):
            continue
        # myst-nb gives this one text to every picture of the cell.
        alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
        if len(pictures) > 1:
            yield f"Cell {cell.id} draws {len(pictures)} pictures, but has one alt text: one picture a cell."
        if len(alt.strip()) <= SHORTEST_ALT:
            yield (
                f"Cell {cell.id} draws a picture, but its metadata mystnb.image.alt is {alt!r}: "
                f"say in more than {SHORTEST_ALT} characters what the picture shows."
            )


def _code(nb):
    return [cell for cell in nb.cells if cell.cell_type == "code"]


def _is_picture(output):
    return any(kind.startswith("image/") for kind in output.get("data", {}))
