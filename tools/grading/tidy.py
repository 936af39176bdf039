"""Nothing that a student wrote runs, or is loaded, in the browser of whoever reads it."""

import base64
import binascii
import re
from collections import Counter
from html import escape

import bleach
import jinja2
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat.v4 import new_output

TAGS = frozenset(
    "a abbr b blockquote br caption code col dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img kbd li ol p pre "
    "s small span strike strong sub sup table tbody td tfoot th thead tr u ul".split()
)
ATTRIBUTES = {
    "*": ["class", "id", "title"],
    "a": ["href"],
    "img": ["src", "alt"],
    "td": ["align", "colspan"],
    "th": ["align"],
}
PICTURES = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8"}
EMBEDDED = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*")


DEEPEST = 200  # tags in one another: to clean them takes a time that grows with the square of their number
#: Tags that nothing need close.
VOID = frozenset(
    "area base br col dd dt embed hr img input li link meta p source tbody td tfoot th thead tr wbr".split()
)
STYLE = re.compile(r"(?is)<style\b.*?(</style>|$)")
OPENED = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
HTML_MOST = 200_000  # characters of HTML that a notebook may show: to clean them takes some seconds


def html(words):
    """HTML with text, tables, links and embedded pictures; without scripts, styles, frames and forms.

    What no reader would nest as deeply is shown as it was written.
    """
    if _deep(words):
        return f"<pre>{escape(words)}</pre>"
    words = STYLE.sub("", words)  # of which nothing but its text would stay
    return bleach.clean(
        words, tags=TAGS, attributes=_allowed, protocols={"http", "https", "mailto", "data"}, strip=True
    )


def _deep(words):
    left, depth = Counter(), 0  # how often each tag is open
    for closes, tag in OPENED.findall(words):
        tag = tag.lower()
        if not closes and tag not in VOID:
            left[tag] += 1
            depth += 1
        elif left[tag]:
            left[tag] -= 1
            depth -= 1
        if depth > DEEPEST:
            return True
    return False


def _allowed(tag, name, value):
    if tag == "img" and name == "src":
        return bool(EMBEDDED.fullmatch(value))
    if tag == "a" and name == "href":
        return not value.strip().lower().startswith("data")
    return name in ATTRIBUTES["*"] or name in ATTRIBUTES.get(tag, ())


@jinja2.pass_context
def markdown(context, source, **_):
    """What nbconvert's filter of this name makes of a cell's text, with its pictures, cleaned."""
    pictures = context.get("cell", {}).get("attachments", {})
    return html(MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=pictures)).render(source))


ATTACHED = re.compile(r"attachment:([^)\s\"'>]*)")


def attached(source, given):
    """A text with its attachments: of those, the pictures. nbconvert fails at one that is missing."""
    kept = {}
    for name, data in given.items():
        if isinstance(name, str) and isinstance(data, dict) and (pictures := _pictures(data)):
            kept[name] = pictures
    return ATTACHED.sub(lambda found: found[0] if found[1] in kept else f"missing-{found[1]}", source), kept


class Room:
    """How much HTML a notebook may still show."""

    def __init__(self, characters=HTML_MOST):
        self.left = characters

    def take(self, words):
        """The words, if there is room for them; else ""."""
        if len(words) > self.left:
            return ""
        self.left -= len(words)
        return words


def outputs(given, room=None):
    """Outputs as a sandbox sent them, made anew: text, errors and pictures, and nothing else.

    Raises ValueError for what is no list of outputs.
    """
    if not isinstance(given, list):
        raise ValueError("the outputs of a cell are no list")
    room = room or Room()
    return [_output(one, room) for one in given]


def _output(one, room):
    try:
        kind = one["output_type"]
        if kind == "stream":
            name = "stderr" if one["name"] == "stderr" else "stdout"
            return new_output("stream", name=name, text=_text(one["text"]))
        if kind == "error":
            lines = [_text(line) for line in one["traceback"]]
            return new_output(
                "error", ename=_text(one["ename"]), evalue=_text(one["evalue"]), traceback=lines
            )
        if kind in ("display_data", "execute_result"):
            data = {**_pictures(one["data"])}
            if words := room.take(_text(one["data"].get("text/html", ""))):
                data["text/html"] = html(words)
            data["text/plain"] = _text(one["data"].get("text/plain", ""))
            return new_output("display_data", data=data)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"an output is none: {type(error).__name__} {error}") from None
    raise ValueError(f"an output is of the kind {str(kind)[:40]!r}")


def _pictures(data):
    kept = {}
    for mime, begin in PICTURES.items():
        value = data.get(mime)
        if isinstance(value, str):
            try:
                if base64.b64decode(value, validate=False).startswith(begin):
                    kept[mime] = "".join(value.split())
            except (binascii.Error, ValueError):
                continue
    return kept


def _text(value):
    """Text that any file can hold."""
    if not isinstance(value, str):
        raise TypeError(f"text is {type(value).__name__}")
    return value.encode("utf-8", "replace").decode()
