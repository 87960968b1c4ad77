"""The prefilter never leaves out a file that a constraint could find something in."""

import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bylaw.check.judges import FileJudge, Words, judge_of
from bylaw.check.prefilter import Prefilter
from tests.check.judging import judge
from tests.targets.compiled import scoped


def concerned(words: Words | None, data: str, path: str = "a.py") -> bool:
    return 0 in Prefilter({0: words, 1: Words(frozenset({b"elsewhere"}))}).concerned(
        path, data.encode()
    )


WORD = Words(frozenset({b"exec"}), whole=True)


def test_a_whole_word_is_no_part_of_a_name() -> None:
    assert concerned(WORD, "exec(x)")
    assert concerned(WORD, "x = exec")
    assert concerned(WORD, "execute = 1; exec")
    assert not concerned(WORD, "execute(x)")
    assert not concerned(WORD, "_exec = pyexec = exec1")


def test_a_part_of_a_name_counts_where_it_may() -> None:
    assert concerned(Words(frozenset({b"exec"})), "executor")


def test_one_constraints_part_is_anothers_whole_word() -> None:
    both = Prefilter({0: WORD, 1: Words(frozenset({b"exec"})), 2: Words(frozenset({b"execute"}))})
    assert both.concerned("a.py", b"execute") == {1, 2}
    assert both.concerned("a.py", b"exec") == {0, 1}


def test_no_words_concern_every_file() -> None:
    assert concerned(None, "")


def test_a_file_in_the_operands_own_package_need_not_name_it() -> None:
    words = Words(frozenset({b"shop"}), ("shop/**",), whole=True)
    assert concerned(words, "from . import db", "shop/a.py")
    assert not concerned(words, "from . import db", "till/a.py")


def test_names_are_found_in_every_spelling_that_the_language_reads() -> None:
    assert concerned(WORD, "ｅxec(x)")
    assert concerned(WORD, "𝐞𝐱𝐞𝐜(x)")
    for spelt in (r"\u0065xec", r"\u{65}xec", r"\u{0000065}xec", r"e\x78ec", r"\uu0065xec"):
        assert concerned(WORD, f'require("{spelt}")', "a.ts")
    for spelt in (r"\145xec", r"exe\c", "ex\\\nec", "ex\\\r\nec"):
        assert concerned(WORD, f"require('{spelt}')", "a.js")
    assert concerned(WORD, r'import "\U00000065xec"', "a.go")
    assert concerned(WORD, "a;\u00a0exec(x)", "a.js")
    assert not concerned(WORD, r"\u0066xec \u{ffffff} \ud800", "a.js")


@given(st.text(alphabet="exec_. é", max_size=12))
def test_whole_words_are_those_that_a_reader_of_names_finds(text: str) -> None:
    assert concerned(WORD, text) == bool(re.search(r"(?<![a-zA-Z0-9_])exec(?![a-zA-Z0-9_])", text))


IMPORTS = (
    "import shop.db.types",
    "import os, shop.db.types as t",
    "import shop . db . types",
    "import shop.\\\n  db.types",
    "from shop.db import types",
    "from shop.db import (\n  base,\n  types,\n)",
    "from shop.db.types import *",
    "from .db import types",
    "from . db.types import x",
    "from . import types",
    "if 1: x = 2; import shop.db.types",
    "importlib.import_module('shop.db' '.types')",
    "__import__('shop.db.types')",
)
PLAIN_IMPORTS = (
    "import attrs",
    "import os, attrs",
    "import os, \\\n attrs",
    "from attrs import define",
    "from attrs.validators import x",
    "import \\\r\n attrs",
    "import_module('attrs')",
    "import_module('at' 'trs')",
    "import_module(('attrs'))",
    "import_module('at' + 'trs')",
    r"import_module('\x61ttrs')",
    'import_module(r"""at""" \'trs\')',
    "import_module (\n'at'\n'trs')",
    "from importlib import import_module as load\nload('at' 'trs')",
    '__import__("""attrs""")',
)
USES = (
    "import os\nos.environ",
    "from os import environ\nenviron",
    "from os import *\nenviron",
    "import os as o\no.environ",
)


def words_of(sentence: str, files: Iterable[str]) -> Words:
    decision = scoped(sentence, files)
    (constraint,) = decision.constraints
    judge = judge_of(constraint.constraint)
    assert isinstance(judge, FileJudge)
    words = judge.words(constraint, decision.facts)
    assert words is not None
    assert words.confirm is not None or words.beside
    return words


TREE = ("shop/__init__.py", "shop/db/__init__.py", "shop/db/types.py", "shop/web.py")


@pytest.mark.parametrize("text", IMPORTS)
def test_every_way_to_import_an_own_module_passes(text: str) -> None:
    words = words_of("- [one] Modules in `shop` MUST NOT import `shop.db.types`.", TREE)
    assert concerned(words, text + "\n", "shop/web.py")


@pytest.mark.parametrize("text", PLAIN_IMPORTS)
def test_every_way_to_import_a_package_passes(text: str) -> None:
    words = words_of("- [one] Modules in `shop` MUST NOT import `attrs`.", TREE)
    assert concerned(words, text + "\n", "shop/web.py")


@pytest.mark.parametrize("text", USES)
def test_every_way_to_name_a_modules_attribute_passes(text: str) -> None:
    words = words_of("- [one] Code in `shop/**` MUST NOT use `os.environ`.", TREE)
    assert concerned(words, text + "\n", "shop/web.py")


def test_a_wildcard_in_a_modules_name_asks_for_its_end_only() -> None:
    words = words_of("- [one] Modules in `shop` MUST NOT import `shop.*.types`.", TREE)
    assert concerned(words, "import shop.db.types\n", "shop/web.py")


def test_a_wildcard_may_mean_the_package_that_a_relative_import_stands_in() -> None:
    found = judge(
        "- [one] Each import of `*.db` MUST be wrapped in `try`.",
        {"shop/__init__.py": "", "shop/db/__init__.py": "", "shop/db/a.py": "from . import b\n"},
    )
    assert [finding.path for finding in found["one"]] == ["shop/db/a.py"]


def test_a_wrapped_import_may_be_of_a_name_that_is_put_together() -> None:
    found = judge(
        "- [one] Each import of `attrs` MUST be wrapped in `try`.",
        {"a.py": "import importlib\nimportlib.import_module('at' 'trs')\n"},
    )
    assert [finding.path for finding in found["one"]] == ["a.py"]


def test_what_only_mentions_a_module_does_not_pass() -> None:
    words = words_of("- [one] Modules in `shop` MUST NOT import `attrs`.", TREE)
    assert not concerned(words, "# attrs are good\nimport attr\nx.attrs\n")
    for call in ("import_module('attr')", "import_module(attrs_name)", "import_module(f(x))"):
        text = f"from importlib import import_module\nx = {call}\ny = [import_module, 1]\n"
        assert not concerned(words, text)
    words = words_of("- [one] Code in `shop/**` MUST NOT use `os.environ`.", TREE)
    assert not concerned(words, "self.environ = environ\n")


def test_a_line_of_a_million_imports_takes_no_time() -> None:
    words = words_of("- [one] Modules in `shop` MUST NOT import `attrs`.", TREE)
    assert not concerned(words, "import x;" * 200_000 + " # xattrs attrs_")
