"""Globs in other dialects mean the same files to the real engines."""

import itertools
import json
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines import OFFLINE, find_semgrep
from tests.scope.strategies import globs

from bylaw.globs import check, matcher, to_gitignore, to_semgrep
from bylaw.places import TESTS

_FOLDERS = ["", "a/", "b/", "a/b/", "b/ab/", "a/a/b/", ".a/", "src/é/"]
_NAMES = ["a.py", "b.py", "ab.py", "a.ts", "test_a.py", "x.test.ts", ".py", "aba.py", "a.b.py"]
FILES = sorted(
    {folder + name for folder, name in itertools.product(_FOLDERS, _NAMES)}
    | {"[a].py", "#a.py", "!a.py", "$a.py", "a b.py", "-.py", "^.py", "{a}.py", "é.py", "a,b.py"}
)

# Sound globs of every form, among them those whose characters mean something elsewhere.
FORMS = [
    "**", "*", "a", "a/", "a/**", "a/*", "a/*.py", "**/*.py", "**/a.py", "**/a/**", "a/**/b/*.py",
    "a/**/*.py", "{a,b}/*.py", "*/b/**", "*/*/", "?.py", "[ab].py", "[!ab].py", "a/[!b]*.py",
    "[[]a].py", "#a.py", "!a.py", "$a.py", "a b.py", "[-^].py", "[!^-].py", "^.py", "[{]a[}].py",
    "é.py", "src/é/*.py", "?b*.py", "*a*b*.py", "a.py", "**/a*", "**/*test*", "a,b.py", ".a",
    "[!!].py", "[a-c]*.py", "**/.py", *TESTS,
]  # fmt: skip


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    for name in FILES:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("hit\n", encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    # Semgrep's built-in ignore list gives way to any file of this name.
    (root / ".semgrepignore").write_text("", encoding="utf-8")
    return root


def _ignored(root: Path, patterns: tuple[str, ...]) -> set[str]:
    (root / ".git" / "info" / "exclude").write_text("\n".join(patterns) + "\n", encoding="utf-8")
    done = subprocess.run(
        ["git", "check-ignore", "-z", "--stdin", "--no-index"],
        input="\0".join(FILES),
        capture_output=True,
        text=True,
        cwd=root,
        check=False,
    )
    return {name for name in done.stdout.split("\0") if name}


def _expected(glob: str, endings: tuple[str, ...]) -> set[str]:
    test = matcher([glob])
    return {name for name in FILES if test(name) and (not endings or name.endswith(endings))}


@pytest.mark.parametrize("endings", [(), (".py",), (".py", ".ts")])
def test_git_ignores_what_a_translated_glob_matches(tree: Path, endings: tuple[str, ...]) -> None:
    translated = 0
    for glob in FORMS:
        assert check(glob) is None, glob
        patterns = to_gitignore(glob, endings)
        if patterns is not None:
            translated += 1
            found = {n for n in _ignored(tree, patterns) if not endings or n.endswith(endings)}
            assert found == _expected(glob, endings), (glob, patterns)
    assert translated > len(FORMS) / 2


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(glob=globs(), endings=st.sampled_from([(), (".py",), (".py", ".ts")]))
def test_git_agrees_on_any_glob(tree: Path, glob: str, endings: tuple[str, ...]) -> None:
    if check(glob) is not None:
        return
    patterns = to_gitignore(glob, endings)
    if patterns is not None:
        found = {n for n in _ignored(tree, patterns) if not endings or n.endswith(endings)}
        assert found == _expected(glob, endings)


def test_what_a_folder_would_widen_is_refused_unless_an_ending_narrows_it() -> None:
    assert to_semgrep("src/*") is None
    assert to_semgrep("src/*", (".py", ".pyi")) == ("/src/*.py", "/src/*.pyi")
    assert to_semgrep("**/tests") is None
    assert to_semgrep("**/tests", (".py",)) == ()
    assert to_semgrep("src/*.py") == ("/src/*.py",)
    assert to_semgrep("docs") == ("/docs",)


def test_default_test_globs_can_be_said_to_semgrep() -> None:
    assert [glob for glob in TESTS if to_semgrep(glob, (".py", ".ts")) is None] == []


def test_a_lone_odd_bracket_is_never_written() -> None:
    """One such pattern would stop Semgrep's whole run."""
    assert to_semgrep("[^-]a.py") is None or check("[^-]a.py") is not None
    assert to_semgrep("[!^].py") == ("/[!^].py",)


@pytest.mark.engine
def test_semgrep_scans_what_a_translated_glob_matches(tree: Path, tmp_path: Path) -> None:
    cases = [
        (glob, endings, patterns)
        for endings in ((), (".py",), (".py", ".ts"))
        for glob in FORMS
        if (patterns := to_semgrep(glob, endings))
    ]
    rules = [
        {
            "id": f"glob-{number}",
            "languages": ["regex"],
            "message": "hit",
            "severity": "ERROR",
            "pattern-regex": "hit",
            "paths": {"include": list(patterns)},
        }
        for number, (_, _, patterns) in enumerate(cases)
    ]
    config = tmp_path / "rules.json"
    config.write_text(json.dumps({"rules": rules}), encoding="utf-8")
    (tree / ".git" / "info" / "exclude").write_text("", encoding="utf-8")
    environment = os.environ | OFFLINE | {"PYTHONUTF8": "1"}
    done = subprocess.run(
        [
            find_semgrep(),
            "scan",
            "--json",
            "--quiet",
            "--no-rewrite-rule-ids",
            "--config",
            str(config),
        ],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    answer = json.loads(done.stdout)
    assert answer["errors"] == []
    found: dict[int, set[str]] = {number: set() for number in range(len(cases))}
    for result in answer["results"]:
        number = int(result["check_id"].rpartition("-")[2])
        found[number].add(result["path"].removeprefix("./"))
    for number, (glob, endings, patterns) in enumerate(cases):
        seen = {name for name in found[number] if not endings or name.endswith(endings)}
        assert seen & set(FILES) == _expected(glob, endings), (glob, patterns)
