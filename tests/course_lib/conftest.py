"""Checks live in modules of their own: let a failing assertion in them show its numbers too."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
SHARED = [path.stem for path in HERE.glob("*.py") if not path.stem.startswith(("test_", "conftest"))]
pytest.register_assert_rewrite(*SHARED)


@pytest.fixture(autouse=True)
def compiler_of(request, monkeypatch):
    """For all but the deep tests, torch's compiler gives back what was traced as it stands, at once.

    All else of ``execution="compiled"`` is done as always: what is traced wrongly is found here, too.
    """
    if request.node.get_closest_marker("deep"):
        yield
        return
    from course_lib import flat  # not before the assertions of the modules above are rewritten

    def as_it_stands(module, inputs, config_patches):
        return module.forward

    monkeypatch.setattr("torch._inductor.compile_fx.compile_fx", as_it_stands)
    yield
    flat.compiled_update.cache_clear()  # what was not compiled is nobody else's
