"""Read what a learner wrote, before it runs, for what no answer of this course needs: an instructor's hint.

Code in the process that judges it can always lie, if it knows how it is judged. What lies has to reach for
the frames, the modules or the channels of that process, and that can be read. It is no proof, and costs no
points; nor is it complete: names can be made up while the code runs, in ways that nobody has listed.
"""

import ast

LONGEST = 200_000  # characters of a cell that are read
MOST = 8  # remarks of a notebook

#: Names that lead out of an answer: to frames, code, objects and the interpreter.
NAMES = frozenset(
    "_getframe _current_frames settrace setprofile f_locals f_globals f_back f_builtins tb_frame gi_frame "
    "cr_frame ag_frame currentframe getouterframes getinnerframes __code__ __globals__ __closure__ "
    "__builtins__ __subclasses__ __getattribute__ __torch_function__ __torch_dispatch__ get_objects "
    "get_referrers get_referents meta_path ast_transformers input_transformers_post "
    "input_transformer_manager set_custom_exc user_ns".split()
)
BUILT_IN = frozenset({"exec", "eval", "compile", "__import__", "globals", "breakpoint"})
IMPORTS = frozenset(
    {"course_hidden", "course_lib.checks", "ctypes", "fcntl", "importlib", "builtins", "marshal"}
)
OF_SYSTEM = frozenset("write read dup dup2 pipe fork forkpty writev sendfile".split())
#: Modules with settings that anybody may make.
FREE = ("torch.backends", "matplotlib", "warnings", "pandas", "numpy.random")
OF_PYTHON = frozenset({"time", "timeit", "capture", "prun"})  # magics with Python in or below them
MAGICS = frozenset({"run_line_magic", "run_cell_magic", "system", "getoutput"})


def remarks(cells):
    """What the cells that are to be read reach for: a list of words, such as "uses sys._getframe".

    Each cell has a ``source``; what it imports counts in all of them. ``read`` says whether it is read.
    """
    reader = Reader()
    trees = [(one["read"], tree) for one in cells for tree in parsed(one["source"])]
    for _, tree in trees:
        reader.remember_imports(tree)
    for read, tree in trees:
        if read:
            try:
                reader.visit(tree)
            except RecursionError:
                reader.note("has a cell that cannot be read")
    if any(one["read"] and len(one["source"]) > LONGEST for one in cells):
        reader.note("has a cell that is too long to be read")
    return reader.found[:MOST]


def parsed(source):
    """Yields the trees of a cell: its own, and those of what is in or under a magic; none of no Python."""
    from IPython.core.inputtransformer2 import TransformerManager

    if len(source) > LONGEST:
        return
    try:
        tree = ast.parse(TransformerManager().transform_cell(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return  # what Python cannot read it cannot run
    yield tree
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in MAGICS and len(node.args) > 1:
            magic, body = node.args[0], node.args[-1]
            if _text(magic) in OF_PYTHON and _text(body) not in (None, source):
                yield from parsed(_text(body))


class Reader(ast.NodeVisitor):
    """Collects, in `found`, what it meets."""

    def __init__(self):
        self.imported, self.own, self.found = {}, [], []

    def remember_imports(self, tree):
        """What the names stand for that are somebody else's: {"plt": "matplotlib.pyplot"}."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for one in node.names:
                    first = one.name.split(".")[0]
                    self.imported[one.asname or first] = one.name if one.asname else first
            elif isinstance(node, ast.ImportFrom):
                for one in node.names:
                    self.imported[one.asname or one.name] = f"{node.module}.{one.name}"

    def note(self, words):
        if words not in self.found:
            self.found.append(words)

    def visit_Import(self, node):
        for one in node.names:
            self._import(one.name)

    def visit_ImportFrom(self, node):
        for one in node.names:
            self._import(f"{node.module}.{one.name}")

    def _import(self, name):
        parts = name.split(".")
        above = [".".join(parts[: n + 1]) for n in range(len(parts))]
        if found := [one for one in above if one in IMPORTS]:
            self.note(f"imports {found[0]}")
        elif parts[-1] in NAMES or parts[0] == "os" and parts[-1] in OF_SYSTEM:
            self.note(f"imports {name}")

    def visit_FunctionDef(self, node):
        """Names of its arguments are its own, whatever they mean elsewhere."""
        given = node.args
        own = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
        self.own.append({one.arg for one in own if one is not None})
        self.generic_visit(node)
        self.own.pop()

    visit_AsyncFunctionDef = visit_Lambda = visit_FunctionDef

    def visit_Name(self, node):
        if node.id in NAMES | BUILT_IN or node.id == "course_check":
            self.note(f"uses {node.id}")

    def visit_Attribute(self, node):
        whole = self._whole(node)
        if node.attr in NAMES or whole == "sys.modules" or whole in {f"os.{name}" for name in OF_SYSTEM}:
            self.note(f"uses {whole or node.attr}")
        if not isinstance(node.ctx, ast.Load):
            self._change(node, whole)
        self.generic_visit(node)

    def _change(self, node, whole):
        if node.attr == "__class__":
            self.note("changes a __class__")
        elif whole.startswith("course_check.") or self._is_imported(node) and not _free(whole):
            self.note(f"replaces {whole}")

    def visit_Call(self, node):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        first = node.args[0] if node.args else None
        if name in ("setattr", "delattr", "vars") and first is not None and self._is_imported(first):
            self.note(f"uses {name} on what is not its own")
        if name == "getattr" and len(node.args) > 1 and self._is_imported(first) and _made_up(node.args[1]):
            self.note("makes up the name of an attribute")
        if getattr(node.func, "attr", "") in MAGICS and self._is_shell(node.func.value):
            given = node.args
        elif name == "course_check":
            given = node.args
        else:
            if self._is_shell(node):
                self.note("uses get_ipython()")
            given = [node.func, *node.args]
        for one in [*given, *node.keywords]:
            self.visit(one)

    def visit_Subscript(self, node):
        if getattr(node.value, "attr", "") == "__dict__" and self._is_imported(node.value.value):
            self.note(f"uses {self._whole(node.value)}")
        self.generic_visit(node)

    def visit_Constant(self, node):
        if isinstance(node.value, str) and set(node.value.split(".")) & NAMES:
            self.note(f"names {node.value[:60]}")

    def _is_imported(self, node):
        """Whether a name, or what its dots lead to, is somebody else's."""
        first = _dotted(node).split(".")[0]
        return first in self.imported and not any(first in names for names in self.own)

    def _is_shell(self, node):
        return isinstance(node, ast.Call) and self._whole(node.func).split(".")[-1] == "get_ipython"

    def _whole(self, node):
        """The dots that lead to it, from the module's real name: "matplotlib.pyplot.show"."""
        first, dot, rest = _dotted(node).partition(".")
        return (self.imported[first] if self._is_imported(node) else first) + dot + rest


def _made_up(name):
    """Whether the name of an attribute is put together from pieces."""
    return not isinstance(name, ast.Name | ast.Constant | ast.Subscript | ast.Attribute)


def _free(whole):
    return any(whole == one or whole.startswith(f"{one}.") for one in FREE)


def _text(node):
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _dotted(node):
    """ "os.path.join" of the nodes that say so; "" of others."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return before and f"{before}.{node.attr}"
    return ""
