"""A Sphinx extension that keeps a second build honest: it shows what was changed, and what is still wrong.

Sphinx looks at the pages' texts only: it copies a changed script or style when some page has changed too, and
it warns of a page when it reads it, so that a build after a failed one would pass.
"""

from pathlib import Path


def pages_to_write(app, env):
    """All pages, if a file of ``_static`` is not the built one: each names the version of its scripts."""
    source = Path(app.srcdir, "_static")
    for file in source.rglob("[!.]*"):
        built = Path(app.outdir, "_static", file.relative_to(source))
        if file.is_file() and not (built.is_file() and built.read_bytes() == file.read_bytes()):
            return env.found_docs
    return []


def forget_if_wrong(app, exception):
    """After a warning, read everything anew next time, as Sphinx itself does after an exception."""
    if app._warncount:
        Path(app.doctreedir, "environment.pickle").unlink(missing_ok=True)


def setup(app):
    app.connect("env-updated", pages_to_write)
    app.connect("build-finished", forget_if_wrong)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
