"""New imports stand where people put them, and what the file does stays the same."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bylaw.check.insert import insert_imports

NEW = ("import shop.settings",)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import os\nx = 1\n", "import os\nimport shop.settings\nx = 1\n"),
        ('"""Doc."""\n\nx = 1\n', '"""Doc."""\nimport shop.settings\n\nx = 1\n'),
        ("x = 1\n", "import shop.settings\n\nx = 1\n"),
        ("import os; run()\n", "import shop.settings\n\nimport os; run()\n"),
        ("import os  # why\n", "import os  # why\nimport shop.settings\n"),
        (
            "from __future__ import annotations\n\nx = 1\n",
            "from __future__ import annotations\nimport shop.settings\n\nx = 1\n",
        ),
        (
            "from a import (\n    b,\n)\nx = 1\n",
            "from a import (\n    b,\n)\nimport shop.settings\nx = 1\n",
        ),
        ("#!/bin/x\n# Licence\n\nx = 1\n", "#!/bin/x\n# Licence\nimport shop.settings\n\nx = 1\n"),
        ("import shop.settings\nx = 1\n", "import shop.settings\nx = 1\n"),
        ("import os\r\nx = 1\r\n", "import os\r\nimport shop.settings\r\nx = 1\r\n"),
        ("import os", "import os\nimport shop.settings\n"),
    ],
)
def test_an_import_goes_behind_the_first_imports(before: str, after: str) -> None:
    assert insert_imports(before, NEW, "a.py") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import a from 'a';\nrun();\n", "import a from 'a';\nNEW\nrun();\n"),
        ("'use client';\nrun();\n", "'use client';\nNEW\n\nrun();\n"),
        ("#!/usr/bin/env node\nrun();\n", "#!/usr/bin/env node\nNEW\n\nrun();\n"),
        ("run();\n", "NEW\n\nrun();\n"),
    ],
)
def test_an_import_of_a_script_too(before: str, after: str) -> None:
    line = "import { z } from 'z';"
    assert insert_imports(before, (line,), "a.ts") == after.replace("NEW", line)


def test_a_language_without_rules_for_it_is_left_alone() -> None:
    assert insert_imports("package a\n", ("import b",), "a.go") is None


STATEMENTS = (
    "import os",
    "from a import b",
    "from __future__ import annotations",
    "x = 1",
    '"""text"""',
    "# comment",
    "",
    "def f():\n    import os",
    "if x:\n    pass",
)


@given(st.lists(st.sampled_from(STATEMENTS), max_size=8))
def test_only_the_import_is_new(statements: list[str]) -> None:
    before = "\n".join(statements)
    after = insert_imports(before, NEW, "a.py")
    assert after is not None
    here = [ast.dump(node) for node in ast.parse(before).body]
    now = [ast.dump(node) for node in ast.parse(after).body]
    (new,) = (ast.dump(node) for node in ast.parse(NEW[0]).body)
    now.remove(new)
    assert now == here
    if before and "from __future__" not in before:
        assert ast.get_docstring(ast.parse(after)) == ast.get_docstring(ast.parse(before))
