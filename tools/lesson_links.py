"""A Sphinx extension: where a page names another lesson, as in "lesson 3.4", its number leads there.

The first time in each section. An author need not write the link, and a notebook by itself shows the number.
"""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

NUMBER = re.compile(r"\b\d\.\d\b")
NAMED = re.compile(rf"\b[Ll]essons?\s+{NUMBER.pattern}(?:(?:,\s+|,?\s+(?:and|or|to)\s+|–){NUMBER.pattern})*")
LESSON = re.compile(r"chapters/part\d_\w+/(\d)_(\d)_\w+")
ELSEWHERE = (nodes.reference, nodes.title, nodes.literal, nodes.literal_block, nodes.raw)


def lessons(names):
    """Number → page, of those pages that are lessons."""
    found = {name: LESSON.fullmatch(name) for name in names}
    return {".".join(match.groups()): name for name, match in found.items() if match}


class LinkLessons(SphinxPostTransform):
    default_priority = 220  # what cells print is there by then
    formats = ("html",)

    def run(self, **kwargs):
        here, pages = self.env.docname, lessons(self.env.found_docs)
        linked = set()
        for text in list(self.document.findall(nodes.Text)):
            section = text.parent
            while section is not None and not isinstance(section, (nodes.section, *ELSEWHERE)):
                section = section.parent
            if isinstance(section, ELSEWHERE):
                continue
            parts, end = [], 0
            for named in NAMED.finditer(text):
                for number in NUMBER.finditer(named.group()):
                    page = pages.get(number.group())
                    if page in (None, here) or (id(section), page) in linked:
                        continue
                    linked.add((id(section), page))
                    start = named.start() + number.start()
                    address = self.app.builder.get_relative_uri(here, page)
                    parts += [
                        nodes.Text(text[end:start]),
                        nodes.reference("", number.group(), internal=True, refuri=address),
                    ]
                    end = start + len(number.group())
            if parts:
                text.parent.replace(text, [*parts, nodes.Text(text[end:])])


def setup(app):
    app.add_post_transform(LinkLessons)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
