"""The table of standard modules: the same on every Python, and no shorter than any of them."""

import sys

import pytest

from bylaw import standard_library
from bylaw.standard_library import NODE, PYTHON, may_be_standard
from tests.passes.building import check_sentences


@pytest.mark.skipif(
    not (3, 10) <= sys.version_info[:2] <= (3, 14), reason="this Python has no list of its own"
)
def test_every_module_of_the_running_python_is_in_the_table() -> None:
    assert set(sys.stdlib_module_names) <= PYTHON


@pytest.mark.parametrize(
    "name",
    # Gone since 3.12 or 3.13, and new in 3.14: no one Python has all of them.
    ["asynchat", "distutils", "cgi", "telnetlib", "tomllib", "annotationlib", "compression"],
)
def test_what_only_some_versions_have_is_in_the_table(name: str) -> None:
    assert may_be_standard(name)


def test_the_table_does_not_ask_the_running_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdlib_module_names", frozenset())
    found = check_sentences(
        "Modules in `shop` MUST only import `attrs`.",
        "Each module in `shop/**` MUST import `distutils` and `annotationlib`.",
    )
    assert [d.code for d in found] == []


def test_the_table_holds_first_names_and_no_packages_of_others() -> None:
    assert not [name for name in PYTHON | NODE if "." in name or not name.isidentifier()]
    assert not {"lib", "numpy", "setuptools", "pip", "attrs", "typing_extensions", "six"} & PYTHON
    assert standard_library.may_be_standard("node:fs")
    assert not standard_library.may_be_standard("react")
