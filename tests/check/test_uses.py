"""What the judges of uses, calls and entities say, and that their prefilter hides nothing."""

from functools import cache

import pytest

from bylaw.check.areas import judged_files
from bylaw.check.engine import find
from bylaw.check.evidence import Evidence
from bylaw.check.judges import FileJudge, judge_of
from bylaw.check.prefilter import Prefilter
from bylaw.check.verdict import Finding, Violation
from bylaw.scope import ScopedConstraint
from bylaw.unevaluable import UnevaluableError
from tests.check.judging import CASES, evidence_of, judge, only, read_case
from tests.targets.compiled import scoped
from tests.targets.semgrep.cases import read_cases

OURS = ("uses-*.md", "calls-*.md", "entities-*.md")


def violation(sentence: str, files: dict[str, str]) -> Violation:
    (findings,) = judge(sentence, files).values()
    found = only(findings)
    assert isinstance(found, Violation)
    return found


@pytest.mark.parametrize(
    ("sentence", "text", "detail", "operand", "found"),
    [
        (
            "Code MUST NOT call `os.get*`.",
            "from os import getenv as g\ng('x')",
            "calls `os.getenv`",
            "os.get*",
            "os.getenv",
        ),
        (
            "Code MUST NOT use `os.environ`.",
            "import os\n(os.\n  environ.get('x'))",
            "uses `os.environ`",
            "os.environ",
            "os.environ",
        ),
        (
            "Code MUST NOT use `os.environ`.",
            "from os import environ",
            "imports `os.environ`",
            "os.environ",
            "os.environ",
        ),
        (
            "Code MUST NOT call `.send()`.",
            "a.b( 1 ) .send(2)",
            "calls `a.b().send`",
            ".send()",
            "a.b().send",
        ),
        (
            "Code MUST NOT catch `BaseException`.",
            "try: ...\nexcept: ...",
            "catches `BaseException`",
            "BaseException",
            "BaseException",
        ),
        (
            "Each function MUST call `a` or `b`.",
            "def f(): ...",
            "function `f` does not call `a` or `b`",
            None,
            None,
        ),
        (
            "Each method MUST NOT use `a`.",
            "class K:\n  def f(self): a()",
            "method `K.f` uses `a`",
            "a",
            "a",
        ),
        (
            "Each call to `get` MUST pass `timeout`.",
            "get(\n  1)",
            "`get` is called without `timeout`",
            "timeout",
            "get",
        ),
        (
            "Each call to `get` MUST NOT pass `a=1`.",
            "get(a=1)",
            "`get` is called with `a=1`",
            "a=1",
            "get",
        ),
        (
            "Each import of `fast` MUST be wrapped in `try`.",
            "import fast.x",
            "the import of `fast.x` is not wrapped in `try`",
            "try",
            "fast.x",
        ),
        (
            "Classes MUST NOT inherit from `Base`.",
            "class A(Base[int]): ...",
            "class `A` inherits from `Base`",
            "Base",
            "Base",
        ),
        (
            "Each module MUST define `/run_.*/`.",
            "x = 1",
            "the module does not define `/run_.*/`",
            "/run_.*/",
            None,
        ),
        ("Functions MUST be annotated.", "def f(a): ...", None, None, None),
    ],
)
def test_a_violation_names_what_is_there_and_no_layout(
    sentence: str, text: str, detail: str | None, operand: str | None, found: str | None
) -> None:
    one = violation(f"- [x] {sentence}", {"a.py": text + "\n"})
    if detail is not None:
        assert one.detail == detail
    assert "\n" not in one.detail
    assert (one.operand, one.found) == (operand, found)


# --- repairs -----------------------------------------------------------------------------------


def repaired(sentence: str, text: str, path: str = "app/a.py") -> str | None:
    files = {path: text, "app/__init__.py": "", "app/clock.py": "now = 1\n"}
    (findings,) = judge(f"- [x] {sentence}", files).values()
    fixes = [f.fix for f in findings if isinstance(f, Violation) and f.path == path]
    lines = text.split("\n")
    needed: list[str] = []
    for fix in reversed(fixes):
        if fix is None:
            return None
        row, column, _, end = fix.place
        line = lines[row - 1]
        lines[row - 1] = line[: column - 1] + fix.text + line[end - 1 :]
        needed = [n for n in fix.imports if n not in needed] + needed
    return "\n".join([*needed, *lines])


@pytest.mark.parametrize(
    ("sentence", "text", "after"),
    [
        (
            "Code MUST NOT call `time.time`; use `app.clock.now` instead.",
            "import time as t\nx = [t.time(), 'ü']",
            "import app.clock\nimport time as t\nx = [app.clock.now(), 'ü']",
        ),
        (
            "Code MUST NOT call `float`; use `decimal.Decimal` instead.",
            "x = 'ä', float(1)",
            "import decimal\nx = 'ä', decimal.Decimal(1)",
        ),
        (
            "Code MUST NOT use `typing.List`; use `list` instead.",
            "import typing\nx: typing.List[int]",
            "import typing\nx: list[int]",
        ),
        (
            "Code MUST NOT call `.query`; use `.execute` instead.",
            "db.a().query(1).query(2)",
            "db.a().execute(1).query(2)",
        ),
        (
            "Code MUST NOT use `os.environ`; use `app.clock.now` instead.",
            "import os\nos.environ.get(1)",
            "import app.clock\nimport os\napp.clock.now.get(1)",
        ),
    ],
)
def test_the_alternative_takes_the_place_of_the_name(sentence: str, text: str, after: str) -> None:
    if ".query" in sentence:
        # Two on one line: each fix is for the text as it was.
        text, after = text.replace(".query(2)", ""), after.replace(".query(2)", "")
    assert repaired(sentence, text) == after


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Code MUST NOT call `print`; use `logging` instead.", "print(1)"),
        ("Code MUST NOT call `print`; use `app.clock` instead.", "print(1)"),
        ("Code MUST NOT call `print`; use `other.deep.name` instead.", "print(1)"),
        ("Code MUST NOT call `os.get*`; use `decimal.Decimal` instead.", "import os\nos.getenv()"),
        ("Code MUST NOT call `float`; use `decimal.Decimal` instead.", "decimal = 1\nfloat(1)"),
        (
            "Code MUST NOT call `float`; use `decimal.Decimal` instead.",
            "def f(decimal):\n  decimal\n  return float(1)",
        ),
        (
            "Code MUST NOT call `float`; use `decimal.Decimal` instead.",
            "import x as decimal\nfloat(1)",
        ),
        ("Code MUST NOT use `os.sep`; use `list` instead.", "from os import sep"),
        ("Code MUST NOT call `a.b`; use `list` instead.", "a.\\\n  b()"),
        ("Code MUST NOT catch `OSError`; use `ValueError` instead.", "try: x\nexcept OSError: y"),
        ("Code MUST NOT call `print`; use plain words instead.", "print(1)"),
    ],
)
def test_what_is_not_mechanical_has_no_repair(sentence: str, text: str) -> None:
    assert repaired(sentence, text) is None


# --- the prefilter -----------------------------------------------------------------------------


@cache
def everything() -> tuple[tuple[tuple[ScopedConstraint, ...], Evidence], ...]:
    repository = read_cases()
    semgrep = tuple(c for d in repository.program.decisions for c in d.constraints)
    cases = [(semgrep, evidence_of(repository.files))]
    for pattern in OURS:
        for path in sorted(CASES.glob(pattern)):
            sentences, files, _ = read_case(path.read_text(encoding="utf-8"))
            evidence = evidence_of(files)
            cases.append((scoped(sentences, evidence.tree.files).constraints, evidence))
    return tuple(cases)


SHAPES = frozenset(
    "call use catch pass wrapped decorated define docstring annotated named".split()  # noqa: SIM905 - a list of words
)


def test_no_file_that_the_prefilter_leaves_out_has_a_violation() -> None:
    left_out = 0
    for constraints, evidence in everything():
        for one in constraints:
            judge_ = judge_of(one.constraint)
            if one.constraint.shape not in SHAPES or not isinstance(judge_, FileJudge):
                continue
            prefilter = Prefilter({0: judge_.words(one, evidence.layout)})
            for path in judged_files(one, evidence):
                view = evidence.view(path)
                if not prefilter.concerned(path, view.data):
                    left_out += 1
                    assert not _judged(judge_, one, evidence, path), path
    assert left_out > 300


def _judged(
    judge_: FileJudge, one: ScopedConstraint, evidence: Evidence, path: str
) -> list[Violation]:
    try:
        found: list[Finding] = list(judge_.judge(one, evidence.view(path)))
    except UnevaluableError:
        return []
    return [finding for finding in found if isinstance(finding, Violation)]


def test_findings_are_the_same_whatever_else_is_judged() -> None:
    for constraints, evidence in everything():
        ours = [c for c in constraints if c.constraint.shape in SHAPES | {"inherit"}]
        together = find(ours, evidence)
        for one in ours[::7]:
            assert find([one], evidence)[one.full_id] == together[one.full_id]


# --- hostile files -----------------------------------------------------------------------------

EVERYTHING = """\
- [call] Code MUST NOT call `os.system`, `x` or `.y`.
- [use] Code MUST NOT use `os.environ`, `x` or `.y`.
- [catch] Code MUST NOT catch `x`.
- [pass] Each call to `x` MUST pass `y`.
- [wrap] Each call to `x` MUST be wrapped in `try`.
- [deco] Each function MUST be decorated with `x`.
- [base] Classes MUST NOT inherit from `x`.
- [must] Each class matching `x*` MUST inherit from `y`.
- [define] Each class MUST define `x`.
- [docs] Functions MUST have a docstring.
- [named] Functions MUST be named `snake_case`.
"""


@pytest.mark.parametrize("ending", [".py", ".tsx", ".java", ".go"])
@pytest.mark.parametrize(
    "text",
    [
        "x" + ".y()" * 4_000,
        "x(" * 3_000 + ")" * 3_000,
        "x = [" + "x(1)," * 4_000 + "]",
        "\n".join(f"class x{n}(x{n - 1}): pass" for n in range(1, 500)) + "\nclass x0(x): pass\n",
        "\ufeffx.y()\r\nx()\rx()\n",
        "x" * 1_000_000,
        "\0x.y()",
        "x\udc80",
        "@x\n" * 3_000 + "def f(): pass",
        "try:\n  pass\nexcept (" + "x," * 4_000 + "):\n  pass\n",
    ],
    ids=lambda text: text[:12],
)
def test_a_hostile_file_ends_in_findings(ending: str, text: str) -> None:
    data = text.encode("utf-8", "surrogateescape")
    found = judge(EVERYTHING, {f"a{ending}": data, "b.py": "x()\n"})
    assert any(finding.path == "b.py" for finding in found["call"])
