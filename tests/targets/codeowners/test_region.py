"""The region of `CODEOWNERS`: its lines as a real parser reads them, and what it cannot say."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from codeowners import CodeOwners
from tests.targets.compiled import DAY, read, scoped

from bylaw.config import Config
from bylaw.diagnostics import Report
from bylaw.scope import ScopedDecision, ScopedProgram
from bylaw.target import Artifact
from bylaw_targets.codeowners import Codeowners, place_of

DBA = "- [dba] Changes to `migrations/**` MUST be approved by `@shop/dba`."
FILES = ("migrations/1.sql", "migrations/docs/a.md", "api/x.py", "README.md")


def built(
    *decisions: ScopedDecision,
    files: Iterable[str] = FILES,
    config: dict[str, Any] | None = None,
    next_change: date | None = None,
) -> tuple[Artifact | None, list[str]]:
    """Return the region and the codes of what was reported."""
    target, report = Codeowners(), Report()
    fragments = [target.compile(decision) for decision in decisions]
    program = ScopedProgram(
        decisions,
        DAY,
        decisions[0].facts,
        next_change,
        tuple(sorted(files)),
        Config.model_validate(config or {}),
    )
    artifacts = list(target.assemble(program, fragments, report))
    for fragment in fragments:
        report.extend(fragment.diagnostics)
    return (artifacts[0] if artifacts else None), [each.code for each in report]


def owners(sentences: str, path: str) -> set[str]:
    artifact, _ = built(scoped(sentences, FILES))
    assert artifact is not None
    return {name for _, name in CodeOwners(artifact.data.decode()).of(path)}


def level(sentence: str) -> tuple[str, str | None]:
    (answer,) = Codeowners().compile(scoped(f"- [it] {sentence}", FILES)).fidelity.values()
    return answer.level, answer.errs


def test_the_region_of_two_decisions_that_meet() -> None:
    one = scoped(read(DBA, "docs/adr/0001-a.md"), FILES)
    sql = "- [sql] Changes to `**/*.sql` MUST be approved by `@ann` or `@bob`."
    other = scoped(read(sql, "docs/adr/0002-b.md"), FILES)
    artifact, codes = built(one, other)
    assert artifact is not None
    assert (artifact.path, artifact.place) == (".github/CODEOWNERS", "region")
    assert artifact.data.decode() == (
        "# Whose approval the decisions ask for. The last line that matches a file counts.\n"
        "#\n"
        "# 0001-a/dba: Changes to `migrations/**` MUST be approved by `@shop/dba`.\n"
        "/migrations/ @shop/dba\n"
        "#\n"
        "# 0002-b/sql: Changes to `**/*.sql` MUST be approved by `@ann` or `@bob`.\n"
        "/**/*.sql @ann @bob\n"
        "#\n"
        "# 0001-a/dba\n"
        "# 0002-b/sql\n"
        "/migrations/**/*.sql @shop/dba @ann @bob\n"
    )
    assert codes == ["BL440"]


def test_an_exception_has_the_owners_that_remain() -> None:
    sentences = (
        "- [dba] Changes to `migrations/**` MUST be approved by `@shop/dba`, "
        "except in `migrations/docs/`.\n"
        "- [all] Changes to `**` MUST be approved by `@lead`."
    )
    assert owners(sentences, "migrations/1.sql") == {"@shop/dba", "@lead"}
    assert owners(sentences, "migrations/docs/a.md") == {"@lead"}
    assert owners(sentences, "README.md") == {"@lead"}
    alone = sentences.partition("\n")[0]
    assert owners(alone, "migrations/docs/a.md") == set()


def test_a_lead_in_a_waiver_and_tests_are_left_out() -> None:
    sentences = (
        "In `migrations/**`, except `migrations/docs/**`:\n\n"
        "- [sql] Changes to `**/*.sql` MUST be approved by `@ann`, except in tests.\n\n"
        "And:\n\n"
        "- Waiver for [sql]: `migrations/old.sql` until 2026-12-31, approved by `@arch`, "
        "because it is old."
    )
    assert owners(sentences, "migrations/1.sql") == {"@ann"}
    for path in ("api/1.sql", "migrations/docs/1.sql", "migrations/old.sql"):
        assert owners(sentences, path) == set(), path
    assert owners(sentences, "migrations/tests/1.sql") == set()


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Changes to `migrations/**` MUST be approved by `@a` or `@b`.", ("exact", None)),
        ("Changes to `migrations/**` MUST be approved by `a@x.example`.", ("exact", None)),
        ("Changes to `migrations/**` MUST be approved by 2 of `@a/b`.", ("approximate", "misses")),
        (
            "Changes to `migrations/**` MUST be approved by `@a` and `@b`.",
            ("approximate", "misses"),
        ),
        (
            "Changes to `**/Dockerfile` MUST be approved by `@a`.",
            ("approximate", "over-reports"),
        ),
        ("Changes to `**/Dockerfile` MUST be approved by 2 of `@a`.", ("approximate", "both")),
        (
            "Changes to `a/*x*.py` MUST be approved by `@a`, except in `a/*y*z*.py`.",
            ("approximate", "over-reports"),
        ),
        (
            "Changes to `migrations/**` MUST be approved by `@a` or `dba`.",
            ("approximate", "over-reports"),
        ),
        ("Changes to `migrations/**` SHOULD be approved by `@a`.", ("unsupported", None)),
        ("Changes to `migrations/**` MUST be approved by `dba`.", ("unsupported", None)),
        ("Files in `migrations/**` MUST exist.", ("unsupported", None)),
    ],
)
def test_each_sentence_is_said_as_truly_as_lines_can(
    sentence: str, expected: tuple[str, str | None]
) -> None:
    assert level(sentence) == expected


def test_an_owner_that_is_none_is_told_where_it_stands() -> None:
    sentence = "- [it] Changes to `a/**` MUST be approved by `dba`, `two words` or `@x y`."
    found = Codeowners().compile(scoped(sentence)).diagnostics
    assert [(each.code, each.span is not None) for each in found] == [("BL443", True)] * 3
    assert found[0].help == "did you mean `@dba`?"
    assert built(scoped(sentence))[0] is None


def test_nothing_that_is_not_in_force_is_asked_for() -> None:
    later = DBA.replace(".", " from 2030-01-01.")
    assert built(scoped(later, FILES))[0] is None
    artifact, _ = built(scoped(DBA.replace(".", " until 2030-01-01."), FILES), next_change=DAY)
    assert artifact is not None
    assert artifact.until == DAY.isoformat()


def test_the_sentence_of_a_hostile_author_is_no_line() -> None:
    sentence = (
        "- [it] Changes to `a/**` MUST be approved by `@a`, because\n  * @evil\n  `/x @evil`."
    )
    artifact, _ = built(scoped(sentence.replace("\n  * @evil\n  ", " # "), FILES))
    assert artifact is not None
    lines = artifact.data.decode().splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["/a/ @a"]


@pytest.mark.parametrize(
    ("files", "forge", "expected"),
    [
        ((), None, (".github/CODEOWNERS")),
        (("CODEOWNERS", ".github/x"), None, "CODEOWNERS"),
        (("CODEOWNERS", ".github/CODEOWNERS"), None, ".github/CODEOWNERS"),
        (("docs/CODEOWNERS",), None, "docs/CODEOWNERS"),
        ((".gitlab-ci.yml",), None, "CODEOWNERS"),
        ((".gitlab/CODEOWNERS", ".gitlab-ci.yml"), None, ".gitlab/CODEOWNERS"),
        ((".gitlab-ci.yml", ".github/x"), None, ".github/CODEOWNERS"),
        ((".github/CODEOWNERS",), "gitlab", "CODEOWNERS"),
    ],
)
def test_the_file_is_the_one_that_the_forge_reads(
    files: tuple[str, ...], forge: Any, expected: str
) -> None:
    assert place_of(files, forge)[1] == expected


def test_a_second_file_that_nobody_reads_is_told() -> None:
    files = (*FILES, "CODEOWNERS", ".github/CODEOWNERS")
    assert built(scoped(DBA, files), files=files)[1] == ["BL445"]


def test_a_tangle_of_scopes_ends_and_says_so() -> None:
    sentences = "\n".join(
        f"- [d{n}] Changes to `**/*{a}*{b}*` MUST be approved by `@u{n}`."
        for n, (a, b) in enumerate((a, b) for a in "abcd" for b in "efg")
    )
    artifact, codes = built(scoped(sentences, ("xaxexbf.py",)), files=("xaxexbf.py",))
    assert artifact is not None
    assert "BL444" in codes
    text = artifact.data.decode()
    assert {n for _, n in CodeOwners(text).of("xaxexbf.py")} >= {"@u0", "@u1", "@u4"}
