"""A Sphinx extension: a citation is resolved without a search for plugins.

At each citation sphinxcontrib-bibtex asks pybtex for the same plugins, and pybtex looks for them among all
that is installed: a seventh of a build. Those that are registered it has at once.
"""

from pybtex import plugin

USED = [("pybtex.backends", "docutils"), ("pybtex.backends", "plaintext")]


def register(app, config):
    for group, name in [*USED, ("pybtex.style.formatting", config.bibtex_default_style)]:
        plugin.register_plugin(group, name, plugin.find_plugin(group, name), force=True)


def setup(app):
    app.connect("config-inited", register)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
