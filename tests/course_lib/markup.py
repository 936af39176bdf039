"""What a player puts into a page."""

import json
import re


def stored(markup):
    """The data that a player's script reads."""
    (text,) = re.findall(r'<script type="application/json">(.*?)</script>', markup, re.DOTALL)
    return json.loads(text)
