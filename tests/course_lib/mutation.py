"""How the tests of the tests break a module on purpose, and see who notices."""

import inspect
import types

import pytest


def wrong(function, old, new):
    """A function's source → the same with one text replaced, its docstring aside."""
    whole = inspect.getsource(function)
    signature, docstring, body = whole.partition(function.__doc__) if function.__doc__ else ("", "", whole)
    found = signature.count(old) + body.count(old)
    assert found == 1, f"{function.__name__} has changed: {old!r} occurs {found} times; mend this table"
    return {whole: signature.replace(old, new) + docstring + body.replace(old, new)}


def broken(module, replacements):
    """A module anew, from its source with some texts replaced."""
    source = inspect.getsource(module)
    for old, new in replacements.items():
        assert source.count(old) == 1, f"{module.__name__} has changed: {old!r}"
        source = source.replace(old, new)
    copy = types.ModuleType("mutant")
    exec(source, copy.__dict__)
    return copy


def passes(check, judged):
    """Whether a check passes; a mutant may also stop it by an error such as a division by zero."""
    try:
        check(judged)
    except (Exception, pytest.fail.Exception):  # what pytest.raises raises is no Exception
        return False
    return True
