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
    "get_referrers get_referents attrgetter methodcaller meta_path ast_transformers input_transformers_post "
    "input_transformer_manager set_custom_exc user_ns".split()
)
BUILT_IN = frozenset({"exec", "eval", "compile", "__import__", "globals", "breakpoint"})
IMPORTS = frozenset(
    {"course_hidden", "course_lib.checks", "ctypes", "fcntl", "importlib", "builtins", "marshal"}
)
OF_SYSTEM = frozenset("write read dup dup2 pipe fork forkpty writev sendfile".split())
FREE = (
    "torch.backends",
    "matplotlib",
    "plt",
    "mpl",
    "warnings",
)  # modules with settings that anybody may make
OF_PYTHON = frozenset({"time", "timeit", "capture", "prun"})  # magics with Python below them
MAGICS = frozenset({"run_line_magic", "run_cell_magic", "system", "getoutput"})


def remarks(cells):
    """What the answers among these cells reach for: a list of words, such as "uses sys._getframe"."""
    reader = Reader()
    trees = [(one["kind"], tree) for one in cells for tree in parsed(one["source"])]
    for _, tree in trees:
        reader.remember_imports(tree)
    for kind, tree in trees:
        if kind == "answer":
            reader.visit(tree)
    long = any(one["kind"] == "answer" and len(one["source"]) > LONGEST for one in cells)
    return [*reader.found, *(["has a cell that is too long to be read"] if long else [])][:MOST]


def parsed(source):
    """Yields the trees of a cell: its own, and that of what stands under a magic; none of no Python."""
    from IPython.core.inputtransformer2 import TransformerManager

    if len(source) > LONGEST:
        return
    try:
        tree = ast.parse(TransformerManager().transform_cell(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return  # it will not run, either
    yield tree
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _last(node.func) == "run_cell_magic" and len(node.args) == 3:
            magic, body = node.args[0], node.args[2]
            if isinstance(magic, ast.Constant) and magic.value in OF_PYTHON and body.value != source:
                yield from parsed(body.value)


class Reader(ast.NodeVisitor):
    """Collects, in `found`, what it meets."""

    def __init__(self):
        self.imported, self.found = set(), []

    def remember_imports(self, tree):
        """The names that stand for what is somebody else's."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                self.imported |= {(one.asname or one.name).split(".")[0] for one in node.names}

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

    def visit_Name(self, node):
        if node.id in NAMES | BUILT_IN or node.id == "course_check":
            self.note(f"uses {node.id}")

    def visit_Attribute(self, node):
        whole = _dotted(node)
        if node.attr in NAMES or whole in {f"os.{name}" for name in OF_SYSTEM} or whole == "sys.modules":
            self.note(f"uses {whole or node.attr}")
        if not isinstance(node.ctx, ast.Load):
            self._change(node)
        self.generic_visit(node)

    def _change(self, node):
        whole = _dotted(node)
        if node.attr == "__class__":
            self.note("changes a __class__")
        elif whole.split(".")[0] in self.imported and not whole.startswith(FREE):
            self.note(f"replaces {whole}")
        elif whole.startswith("course_check."):
            self.note(f"replaces {whole}")

    def visit_Call(self, node):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        mine = bool(node.args) and _dotted(node.args[0]) in ("self", "cls")
        if name in ("setattr", "delattr") and not mine:
            self.note(f"uses {name} on what is not its own")
        if name == "vars" and node.args and not mine:
            self.note("uses vars on what is not its own")
        if name == "getattr" and len(node.args) > 1 and self._made_up(*node.args[:2]):
            self.note("makes up the name of an attribute")
        if name == "get_ipython":
            return  # a magic, or something that the caller has seen
        if name == "course_check":
            for one in [*node.args, *node.keywords]:
                self.visit(one)
            return
        if isinstance(node.func, ast.Attribute) and _of_ipython(node.func.value):
            if node.func.attr not in MAGICS:
                self.note(f"uses get_ipython().{node.func.attr}")
        self.generic_visit(node)

    def _made_up(self, what, name):
        """Whether an attribute's name is put together from pieces: f"layer{n}" of a model is usual."""
        if isinstance(name, ast.JoinedStr):
            return _dotted(what).split(".")[0] in self.imported
        return not isinstance(name, ast.Name | ast.Constant)

    def visit_Assign(self, node):
        if _of_ipython(node.value):
            self.note("keeps get_ipython()")
        self.generic_visit(node)

    def visit_Subscript(self, node):
        if isinstance(node.value, ast.Attribute) and node.value.attr == "__dict__":
            self.note(f"uses {_dotted(node.value) or '__dict__'}")
        self.generic_visit(node)

    def visit_Constant(self, node):
        if isinstance(node.value, str) and set(node.value.split(".")) & NAMES:
            self.note(f"names {node.value[:60]}")


def _last(node):
    return node.attr if isinstance(node, ast.Attribute) else ""


def _of_ipython(node):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "get_ipython"


def _dotted(node):
    """ "os.path.join" of the nodes that say so; "" of others."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return before and f"{before}.{node.attr}"
    return ""
