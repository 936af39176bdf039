"""torch's compiler is a guest, too: it compiles every rule, which takes minutes, and changes no number."""

import pytest
from side_by_side import RULES, assert_compiled_is_plain, assert_half_precision_stays_half

from course_lib import optim


@pytest.mark.parametrize(("name", "hyper", "branches"), RULES, ids=str)
def test_compiled_is_plain_and_compiles_once_a_branch(name, hyper, branches):
    assert_compiled_is_plain(name, hyper, branches)


def test_half_precision_stays_half():
    assert_half_precision_stays_half(optim.SOAP, "compiled")
