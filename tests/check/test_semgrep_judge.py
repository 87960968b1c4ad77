"""`match:` is judged by Semgrep itself, wherever the files lie, and says when it cannot be."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bylaw.check.engine import find
from bylaw.check.verdict import Finding, NotEvaluated, Violation
from tests.check.judging import evidence_of, judge
from tests.engines import find_semgrep
from tests.targets.compiled import scoped


def sentence(subject: str, modal: str, pattern: str, identity: str = "shape") -> str:
    body = "\n".join(f"  {line}" for line in pattern.split("\n"))
    return f"- [{identity}] {subject} {modal} match:\n\n  ```semgrep\n{body}\n  ```\n"


def matches(
    subject: str, modal: str, pattern: str, files: Mapping[str, str | bytes]
) -> list[Finding]:
    found = judge(sentence(subject, modal, pattern), files, semgrep=str(find_semgrep()))
    return found["shape"]


def said(findings: list[Finding]) -> list[tuple[str, str | None, int | None]]:
    return [
        (
            f.detail if isinstance(f, Violation) else f"? {f.reason}",
            f.path,
            f.place.line if f.place else None,
        )
        for f in findings
    ]


@pytest.mark.engine
def test_every_ending_ignored_folder_and_odd_name_is_searched() -> None:
    code = "go();\n"
    paths = [
        "a.ts",
        "b.tsx",
        "c.mts",
        "d.cts",
        "tests/e.ts",
        "vendor/f.test.ts",
        "node_modules/g.ts",
        "with space/ünï.ts",
        "dist/x.min.ts",
    ]
    files: dict[str, str | bytes] = dict.fromkeys(paths, code)
    files |= {".semgrepignore": "*\n", ".gitignore": "*\n"}
    found = matches("TypeScript code", "MUST NOT", "go()", files)
    assert said(found) == [("matches `go()`", path, 1) for path in sorted(paths)]


@pytest.mark.engine
def test_must_names_each_file_without_a_match_and_no_other() -> None:
    files = {"a.py": "x = 1\nmain()\n", "b.py": "# main()\n", "c.txt": "", "d.js": "x"}
    found = matches("Python code", "MUST", "main()", files)
    assert said(found) == [("has no match of `main()`", "b.py", None)]


@pytest.mark.engine
def test_columns_count_characters_and_comments_switch_nothing_off() -> None:
    text = 'é = "ü"; go("ä")  # nosemgrep\n# nosem\ngo(1)\n'
    found = matches("Python code", "MUST NOT", "go(...)", {"a.py": text})
    places = [f.place for f in found if isinstance(f, Violation)]
    assert [tuple(place) for place in places if place] == [(1, 10, 1, 17), (3, 1, 3, 6)]


@pytest.mark.engine
def test_a_constant_is_not_followed() -> None:
    text = 'name = "x"\ngo(name)\ngo("x")\n'
    found = matches("Python code", "MUST NOT", 'go("...")', {"a.py": text})
    assert [line for _, _, line in said(found)] == [3]


@pytest.mark.engine
def test_a_pattern_that_is_no_code_of_a_language_is_not_evaluated_there() -> None:
    files = {"a.py": 'db.execute(f"{x}")\n', "b.ts": "db.execute(x);\n"}
    found = matches("Code in `**`", "MUST NOT", '$DB.execute(f"...")', files)
    assert said(found) == [
        ("? the pattern is no TypeScript, and the scope holds files in TypeScript", None, None),
        ('matches `$DB.execute(f"...")`', "a.py", 1),
    ]


@pytest.mark.engine
def test_a_file_that_semgrep_cannot_read_is_not_evaluated_unless_it_has_a_match() -> None:
    broken = "class (((:::\n go( )))) def  }}}} \n$$$ ??? x\n"
    files = {"a.py": broken, "b.py": "go()\n" + broken, "c.py": "go()\n"}
    found = matches("Python code", "MUST NOT", "go()", files)
    assert [(f.path, isinstance(f, NotEvaluated)) for f in found] == [
        ("a.py", True),
        ("b.py", False),
        ("c.py", False),
    ]


@pytest.mark.engine
def test_all_constraints_of_a_run_are_one_run_of_the_engine(tmp_path: Path) -> None:
    log = tmp_path / "runs"
    wrapper = tmp_path / "semgrep"
    wrapper.write_text(f'#!/bin/sh\necho run >> "{log}"\nexec "{find_semgrep()}" "$@"\n')
    wrapper.chmod(0o755)
    files = {"a/a.py": "one()\ntwo()\n", "b/b.py": "one()\ntwo()\n"}
    sentences = sentence("Python code in `a/**`", "MUST NOT", "one()", "first")
    sentences += sentence("Python code in `b/**`", "MUST NOT", "two()", "second")
    evidence = evidence_of(files, semgrep=str(wrapper))
    found = find(scoped(sentences, evidence.tree.files).constraints, evidence)
    assert [(f.path, f.place.line) for some in found.values() for f in some if f.place] == [
        ("a/a.py", 1),
        ("b/b.py", 2),
    ]
    assert log.read_text().split() == ["run"]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("exit 3", "Semgrep ended with status 3"),
        ("echo oops >&2; exit 2", "Semgrep ended with status 2: oops"),
        ("echo '[1]'", "Semgrep ended with status 0"),
        ("""echo '{"errors": [{"type": "X", "message": "gone"}]}'""", "Semgrep failed: gone"),
    ],
)
def test_an_engine_that_fails_leaves_the_constraint_unevaluated(
    tmp_path: Path, script: str, reason: str
) -> None:
    engine = tmp_path / "semgrep"
    engine.write_text(f"#!/bin/sh\n{script}\n")
    engine.chmod(0o755)
    text = sentence("Python code", "MUST NOT", "go()")
    found = judge(text, {"a.py": "go()"}, semgrep=str(engine))["shape"]
    assert [f.reason for f in found if isinstance(f, NotEvaluated)] == [reason]
    assert len(found) == 1


def test_without_an_engine_the_constraint_is_not_evaluated_and_says_what_to_do() -> None:
    (found,) = judge(sentence("Python code", "MUST NOT", "go()"), {"a.py": "go()"})["shape"]
    assert isinstance(found, NotEvaluated)
    assert found.reason == "Semgrep is not installed"
    assert "BYLAW_SEMGREP" in (found.help or "")
    assert judge(sentence("Python code", "MUST NOT", "go()"), {"a.js": "go()"})["shape"] == []


def test_an_engine_that_is_not_there_is_no_traceback(tmp_path: Path) -> None:
    text = sentence("Python code", "MUST NOT", "go()")
    (found,) = judge(text, {"a.py": "go()"}, semgrep=str(tmp_path / "none"))["shape"]
    assert isinstance(found, NotEvaluated)
    assert found.reason == "Semgrep cannot be started: no such file or directory"
