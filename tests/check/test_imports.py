"""Single imports: what is said of them, how they are mended, and which files need no parsing."""

import random

import pytest

from bylaw.check.engine import find
from bylaw.check.judges import FileJudge, judge_of
from bylaw.check.judges.imports import IMPORT
from bylaw.check.prefilter import Prefilter
from bylaw.check.verdict import NotEvaluated, Violation
from tests.check.judging import evidence_of, judge, marks_of, only
from tests.targets.compiled import scoped


def violation(sentence: str, files: dict[str, str]) -> Violation:
    found = only(judge(f"- [it] {sentence}", files)["it"])
    assert isinstance(found, Violation)
    return found


def test_a_violation_says_what_is_imported_by_what() -> None:
    files = {"shop/__init__.py": "", "shop/a.py": "from .. import shop\n\nfrom requests import get"}
    found = violation("Modules in `shop` MUST NOT import `requests`.", files)
    assert (found.path, found.place and found.place.line) == ("shop/a.py", 3)
    assert found.detail == "imports `requests.get`"
    assert (found.operand, found.found) == ("requests", "requests.get")
    assert found.edge == ("shop.a", "requests.get")


def test_a_file_of_ours_is_said_by_its_path_where_the_specifier_is_relative() -> None:
    files = {"web/a.ts": 'import {x} from "../server/db";', "server/db.ts": ""}
    found = violation("Code in `web/**` MUST NOT import code in `server/**`.", files)
    assert found.detail == "imports `server/db.ts`"
    assert found.edge == ("web/a.ts", "server/db.ts")


def test_a_name_cannot_break_out_of_its_detail() -> None:
    text = 'require("axios/`\\n' + "x" * 100_000 + '");'
    found = violation("Code in `web/**` MUST NOT import `axios`.", {"web/a.js": text})
    assert found.detail.count("`") == 2
    assert "\n" not in found.detail
    assert len(found.detail) < 300


def test_what_an_alias_means_is_asked_only_where_it_matters() -> None:
    files = {"web/a.ts": 'import x from "@/nowhere";', "server/db.ts": ""}
    found = judge(
        "- [files] Code in `web/**` MUST NOT import code in `server/**`.\n"
        "- [only] Code in `web/**` MUST only import `react`.\n"
        "- [name] Code in `web/**` MUST NOT import `react`.\n"
        "- [needs] Each module in `web/**` MUST import code in `server/**`.\n",
        files,
    )
    assert [isinstance(only(found[i]), NotEvaluated) for i in ("files", "only", "needs")] == [
        True
    ] * 3
    assert found["name"] == []


# --- fixes -------------------------------------------------------------------------------------


def mended(text: str, sentence: str, **files: str) -> str:
    """Return a module's text after the fixes of its violations."""
    tree = {
        "shop/__init__.py": "",
        "shop/ports.py": "from json import dumps\n\nget = 1\n\n\ndef post(): ...\n",
        "shop/it.py": text,
    }
    tree |= {f"shop/{name}.py": body for name, body in files.items()}
    found = judge(f"- [it] {sentence}", tree)["it"]
    fixes = {v.fix for v in found if isinstance(v, Violation) and v.fix and v.path == "shop/it.py"}
    lines = text.split("\n")
    for fix in sorted(fixes, key=lambda fix: fix.place, reverse=True):
        assert fix.place.line == fix.place.end_line
        line = lines[fix.place.line - 1]
        lines[fix.place.line - 1] = (
            line[: fix.place.column - 1] + fix.text + line[fix.place.end_column - 1 :]
        )
    return "\n".join(lines)


BANNED = "Modules in `shop` MUST NOT import `requests`"
OWN = "Modules in `shop` MUST NOT import `requests`; use `shop.ports` instead."
OTHER = "Modules in `shop` MUST NOT import `simplejson`; use `json` instead."
DEEP = "Modules in `shop` MUST NOT import `yaml.loader`; use `fast.yaml` instead."


@pytest.mark.parametrize(
    ("sentence", "text", "expected"),
    [
        (OWN, "import requests\nrequests.get", "import shop.ports as requests\nrequests.get"),
        (OWN, "import requests as r\nr.post()", "import shop.ports as r\nr.post()"),
        (OWN, "import os, requests, re", "import os, shop.ports as requests, re"),
        (OWN, "from requests import get, dumps", "from shop.ports import get, dumps"),
        (OWN, "from requests import (\n  get as g,\n)", "from shop.ports import (\n  get as g,\n)"),
        (OWN, "if x: from requests import get # é", "if x: from shop.ports import get # é"),
        (OTHER, "é = 1; import simplejson", "é = 1; import json as simplejson"),
        (DEEP, "from yaml import loader", "from fast import yaml as loader"),
        (DEEP, "from yaml import loader as l  # x", "from fast import yaml as l  # x"),
    ],
)
def test_an_import_is_pointed_to_the_alternative_so_that_uses_keep_their_names(
    sentence: str, text: str, expected: str
) -> None:
    assert mended(text, sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        (OWN, "import requests\nrequests.head()"),
        (OWN, "from requests import get, head"),
        (OWN, "import requests.adapters"),
        (OWN, "from requests.adapters import get"),
        (OWN, "from requests import *"),
        (OWN, "__import__('requests')"),
        (OTHER, "from simplejson import dumps"),
        (DEEP, "from yaml import loader, dumper"),
        (DEEP, "from yaml import (loader)"),
        (DEEP, "import yaml.loader"),
        (
            "Modules in `shop` MUST NOT import `requests`; use plain sockets instead.",
            "import requests",
        ),
        (
            "Modules in `shop` MUST NOT import `requests`; use `shop.gone` instead.",
            "import requests",
        ),
        (
            "Modules in `shop` MUST NOT import `requests.*`; use `httpx` instead.",
            "import requests.x",
        ),
        ("Modules in `shop` MUST NOT import `requests`.", "import requests"),
    ],
)
def test_what_could_break_a_use_is_not_mended(sentence: str, text: str) -> None:
    assert mended(text, sentence) == text


def test_a_mended_import_violates_nothing_any_more() -> None:
    files = {"shop/__init__.py": "", "shop/it.py": mended("import requests as r", OWN)}
    assert judge(f"- [it] {OWN}", files)["it"] == []


# --- the prefilter -----------------------------------------------------------------------------

STATEMENTS = (
    "import {}",
    "import {} as q",
    "from {} import z",
    "from {} import *",
    "from . import {last}",
    "from .. import {last}",
    "from ..{last} import z",
    "from .{last}.x import z",
    "from .. import *",
    "from . import z",
    "import_module('{}')",
    "import {}_x",
)
NAMES = ("shop", "shop.a", "shop.a.b", "shop.b", "x.shop.a", "sqlalchemy", "sqlalchemy.orm", "a.b")
PATTERNS = (*NAMES, "shop.*", "shop.*.b", "**.b", "shop.**", "sqlalchemy.**.x")


@pytest.mark.parametrize("seed", range(25))
def test_a_file_without_the_words_cannot_violate(seed: int) -> None:
    chance = random.Random(seed)
    paths = [
        f"{folder}/{name}.py"
        for folder in ("shop", "shop/a", "shop/a/b", "shop/b", "tools", "x/shop/a")
        for name in ("__init__", "m", "b")
    ]
    files = {}
    for path in paths:
        rows = ["from importlib import import_module"]
        for _ in range(4):
            name = chance.choice(NAMES)
            rows.append(chance.choice(STATEMENTS).format(name, last=name.rpartition(".")[2]))
        files[path] = "\n".join(chance.sample(rows, chance.randrange(1, 5)))
    subjects = ("Modules in `{}` MUST NOT import `{}`", "Only modules in `{}` MAY import `{}`")
    text = "".join(
        f"- [c{number}] {chance.choice(subjects).format(chance.choice(NAMES[:4]), pattern)}.\n"
        for number, pattern in enumerate(PATTERNS)
    )
    evidence = evidence_of(files)
    prefiltered = 0
    for it in scoped(text, files).constraints:
        words = IMPORT.words(it, evidence.layout)
        prefiltered += words is not None
        prefilter = Prefilter({0: words})
        for finding in find([it._replace()], evidence)[it.full_id]:
            assert prefilter.concerned(str(finding.path), files[str(finding.path)].encode())
        everything = {
            str(finding.path)
            for path in files
            for finding in IMPORT.judge(it, evidence.view(path))
            if isinstance(finding, Violation)
        }
        for path in everything:
            assert prefilter.concerned(path, files[path].encode()), (it.constraint.sentence, path)
    assert prefiltered > len(PATTERNS) / 2


def test_words_are_the_operands_last_names() -> None:
    (it,) = scoped("- [it] Modules in `shop` MUST NOT import `sqlalchemy.orm`.\n").constraints
    judge_ = judge_of(it.constraint)
    assert isinstance(judge_, FileJudge)
    words = judge_.words(it, evidence_of({}).layout)
    assert words is not None
    assert b"orm" in words.any_of
    assert b"sqlalchemy" not in words.any_of


# --- styles ------------------------------------------------------------------------------------


def test_styles_are_found_in_each_language() -> None:
    files = {
        "web/a.ts": 'import * as n from "./b";\nimport x from "react";\nexport default x;\n',
        "web/b.js": 'export * from "..";\nconst a = require("./a");\nimport("@/x");\n',
        "web/c.py": "from . import a\nfrom .x import *\nimport_module('.x', 'web')\n",
        "web/d.go": 'package d\n\nimport . "fmt"\n',
        "web/e.java": "import java.util.*;\nimport java.util.List;\n",
    }
    found = judge(
        "- [rel] Code in `web/**` MUST NOT use relative imports.\n"
        "- [wild] Code in `web/**` MUST NOT use wildcard imports.\n"
        "- [default] Code in `web/**` MUST NOT use default exports.\n",
        files,
    )
    assert {(identity, path, line) for _, identity, path, line in marks_of(found)} == {
        ("rel", "web/a.ts", 1),
        ("rel", "web/b.js", 1),
        ("rel", "web/b.js", 2),
        ("rel", "web/c.py", 1),
        ("rel", "web/c.py", 2),
        ("wild", "web/a.ts", 1),
        ("wild", "web/c.py", 2),
        ("wild", "web/d.go", 3),
        ("wild", "web/e.java", 1),
        ("default", "web/a.ts", 3),
    }
