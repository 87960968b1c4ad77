"""The table of targets, and targets that other packages bring."""

import subprocess
import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from textwrap import dedent

import pytest

from bylaw.diagnostics import Report
from bylaw.target import Artifact, Fragment
from bylaw_targets import READERS, TARGETS, find_targets, target_names

TREE = ("shop/__init__.py",)


def test_engines_compile_before_those_that_tell_of_them() -> None:
    """Whatever the order asked for, so that the bytes are the same."""
    names = [t.name for t in find_targets(["json", "agents", "import-linter", "semgrep"], Report())]
    assert names == ["semgrep", "import-linter", "agents", "json"]
    assert [name in READERS for name in names] == [False, False, True, True]


def test_a_target_is_found_once() -> None:
    assert [t.name for t in find_targets(["json", "json"], Report())] == ["json"]


def test_each_target_has_the_name_it_is_found_under() -> None:
    for name in TARGETS:
        (target,) = find_targets([name], Report())
        assert target.name == name
        assert target.version >= 1


def test_a_target_that_is_not_asked_for_is_not_imported() -> None:
    script = (
        "import sys\n"
        "from bylaw.diagnostics import Report\n"
        "from bylaw_targets import find_targets\n"
        "find_targets(['json'], Report())\n"
        "print(*(m for m in sys.modules if m.startswith('bylaw_targets')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert sorted(done.stdout.split()) == ["bylaw_targets", "bylaw_targets.json"]


def test_an_unknown_name_is_the_callers_fault() -> None:
    with pytest.raises(LookupError):
        find_targets(["nothing"], Report())


# --- other packages ------------------------------------------------------------------------------


class Foreign:
    """A target that another package brings."""

    name = "rego"
    version = 3

    def compile(self, decision: object) -> Fragment:
        return Fragment({}, ())

    def assemble(self, program: object, fragments: object, report: object) -> list[Artifact]:
        return [Artifact("policy.rego", b"")]


class Nameless(Foreign):
    """A target that calls itself something else than its entry point does."""

    name = "other"


class Broken(Foreign):
    """A target that cannot be made."""

    def __init__(self) -> None:
        raise RuntimeError("no licence\nfound")


def install(monkeypatch: pytest.MonkeyPatch, **points: str) -> None:
    found = EntryPoints(EntryPoint(name, value, "bylaw.targets") for name, value in points.items())
    monkeypatch.setattr("bylaw_targets.entry_points", lambda group: found.select(group=group))


def test_an_installed_target_stands_between_the_engines_and_the_readers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    install(monkeypatch, rego=f"{__name__}:Foreign")
    report = Report()
    names = [t.name for t in find_targets(["json", "rego", "import-linter"], report)]
    assert names == ["import-linter", "rego", "json"]
    assert target_names() == (*TARGETS, "rego")
    assert not list(report)


def test_a_name_in_the_table_cannot_be_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, json=f"{__name__}:Broken")
    (target,) = find_targets(["json"], Report())
    assert type(target).__module__ == "bylaw_targets.json"
    assert target_names() == tuple(TARGETS)


@pytest.mark.parametrize(
    ("value", "note"),
    [
        (f"{__name__}:Broken", "RuntimeError: no licence"),
        ("nowhere.at_all:Thing", "ModuleNotFoundError: No module named 'nowhere'"),
        (f"{__name__}:Nothing", "AttributeError"),
        (f"{__name__}:Nameless", "it is no target"),
        (f"{__name__}:TREE", "TypeError"),
    ],
)
def test_a_broken_target_is_a_diagnostic_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, value: str, note: str
) -> None:
    install(monkeypatch, rego=value)
    report = Report()
    assert find_targets(["rego"], report) == ()
    (diagnostic,) = report
    assert (diagnostic.code, str(diagnostic.note)[: len(note)]) == ("BL420", note)


def test_a_target_of_another_package_is_found_where_it_is_installed(tmp_path: Path) -> None:
    """With a real distribution on the path, in a process of its own."""
    info = tmp_path / "acme_rego-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-rego\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[bylaw.targets]\nrego = acme_rego:Rego\n")
    (tmp_path / "acme_rego.py").write_text(
        dedent(
            """
            from bylaw.target import Fragment

            class Rego:
                name = "rego"
                version = 1

                def compile(self, decision):
                    return Fragment({}, ())

                def assemble(self, program, fragments, report):
                    return ()
            """
        )
    )
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from bylaw.diagnostics import Report\n"
        "from bylaw_targets import find_targets\n"
        "print(*(t.name for t in find_targets(['rego', 'json'], Report())))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["rego", "json"]
