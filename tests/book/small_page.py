"""A small page with players, of the book's style and scripts: the book need not be built."""

import base64
import random
from pathlib import Path

from browser import size, wait

STATIC = Path(__file__).resolve().parents[2] / "_static"

PAGE = """<!DOCTYPE html>
<html lang="en" data-theme="light">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A player</title>
<link rel="stylesheet" href="{static}/player.css">
<style>
  body {{ margin: 10px auto; padding: 0 16px; max-width: 700px; font: 16px/1.65 'DejaVu Sans', sans-serif; }}
  img {{ max-width: 100%; }}
  html[data-theme="dark"] {{
    --pst-color-background: #14181e; --pst-color-text-base: #ced6dd; --pst-color-text-muted: #9ca4af;
    --pst-color-border: #48566b; --pst-color-surface: #29313d; --pst-color-danger: #e78894;
    background: #14181e; color: #ced6dd;
  }}
</style>
{scripts}
{cells}
<div style="height: 3000px"></div>
"""


def cell(shown):
    """A player's output as the book has it: the still picture, then the data."""
    picture = base64.b64encode(shown.still()).decode()
    return f'<div class="cell_output"><img src="data:image/png;base64,{picture}">{shown.markup()}</div>'


def write(file, *cells, order=None, defer=False):
    """Write a page of such cells. The scripts come by their names, or in an ``order``: a seed, or a list."""
    names = sorted(script.name for script in STATIC.glob("*.js"))
    if isinstance(order, int):
        random.Random(order).shuffle(names)
    elif order is not None:
        names = order
    attribute = " defer" if defer else ""
    scripts = "\n".join(f'<script src="{STATIC.as_uri()}/{name}"{attribute}></script>' for name in names)
    text = PAGE.format(static=STATIC.as_uri(), scripts=scripts, cells="\n".join(cells))
    file.write_text(text, encoding="utf-8")
    return file


def opened(driver, file, width=1280):
    """The page, on a screen of a width, once its players live."""
    size(driver, width)
    driver.get(file.as_uri())
    wait(lambda: driver.find_elements("css selector", ".player-live"), "the player", seconds=30)
    return driver
