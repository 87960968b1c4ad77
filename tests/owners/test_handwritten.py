"""Lines that people have written above and below the region."""

import pytest

from bylaw.diagnostics import Diagnostic, Report
from bylaw.owners.handwritten import report_clashes
from bylaw.owners.patterns import to_globs, to_patterns
from bylaw.regions import splice

PATH = ".github/CODEOWNERS"
OURS = b"# 0001-a/dba\n/migrations/ @shop/dba @ann\n/migrations/docs/\n"


def found(above: str = "", below: str = "", *, built: bool = True) -> list[Diagnostic]:
    """Return what is reported of a file with a region, or of one that has none yet."""
    data = above.encode()
    if built:
        data = splice(PATH, data, OURS) + below.encode()
    report = Report()
    report_clashes(PATH, data, OURS, report)
    return list(report)


@pytest.mark.parametrize(
    "line",
    [
        "*.sql @web",
        "* @everyone",
        "/migrations/1.sql",
        "migrations @web # a comment",
        "**/migrations/** @shop/dba @web",
        "my\\ docs* @web",
    ],
)
def test_a_line_below_that_takes_our_files_is_told_with_its_place(line: str) -> None:
    (diagnostic,) = found(below=f"# mine\n{line}\n")
    assert diagnostic.code == "BL441"
    assert diagnostic.span is not None
    assert diagnostic.span.line == len(OURS.splitlines()) + 4
    assert "`@shop/dba`" in str(diagnostic.note)


@pytest.mark.parametrize(
    "line",
    [
        "/src/ @web",
        "/migrations/ @ann",
        "/migrations/ @SHOP/dba @ann",
        "!migrations @web",
        "[ab]* @web",
        "# * @web",
        "",
        "\0 @x",
    ],
)
def test_a_line_below_that_takes_nothing_or_asks_fewer_is_not(line: str) -> None:
    assert found(below=f"{line}\n") == []


def test_a_line_above_loses_only_what_an_exception_leaves_without_owner() -> None:
    (diagnostic,) = found("* @everyone\r\n/src/ @web\r\n/migrations/ @other\r\n")[:1]
    assert (diagnostic.code, str(diagnostic.span)) == ("BL442", f"{PATH}:1:1")
    assert [str(each.span) for each in found("/src/ @web\n")] == []


def test_before_the_first_build_everything_stands_above() -> None:
    assert [each.code for each in found("*.sql @web\n", built=False)] == ["BL442"]


def test_broken_marks_are_somebody_elses_to_report() -> None:
    report = Report()
    report_clashes(PATH, b"# bylaw:begin 0123456789abcdef\n", OURS, report)
    assert list(report) == []


def test_many_lines_are_not_all_told() -> None:
    assert len(found(below="*.sql @web\n" * 500)) == 20


@pytest.mark.parametrize(
    ("glob", "patterns"),
    [
        ("**", ["*"]),
        ("migrations/**", ["/migrations/"]),
        ("migrations/", ["/migrations/"]),
        ("Makefile", ["/Makefile"]),
        ("**/*.{sql,ddl}", ["/**/*.sql", "/**/*.ddl"]),
        ("v[12].sql", ["/v1.sql", "/v2.sql"]),
        ("my docs/*.md", ["/my\\ docs/*.md"]),
        ("docs/*", ["/docs/*"]),
    ],
)
def test_a_glob_is_said_exactly(glob: str, patterns: list[str]) -> None:
    assert [pattern.text for pattern in to_patterns(glob)] == patterns
    assert not any(pattern.wider for pattern in to_patterns(glob))


@pytest.mark.parametrize("glob", ["a#b/**", "v[!0].sql", "x[*].md", "migrations/V*", "a\u00a0b.md"])
def test_what_no_pattern_can_say_is_said_more_widely_and_why(glob: str) -> None:
    assert all(pattern.wider for pattern in to_patterns(glob))
    assert not any(set(pattern.text) & set("#[]{}!\u00a0") for pattern in to_patterns(glob))


def test_gitlab_takes_a_path_without_slash_for_a_file() -> None:
    assert [p.text for p in to_patterns("src/api", "gitlab")] == ["/src/api", "/src/api/"]
    assert to_patterns("migrations/V*", "gitlab")[0].wider is None


def test_a_pattern_of_people_is_read_as_globs() -> None:
    assert to_globs("docs/*") == ("docs/*",)
    assert to_globs("apps/") == ("**/apps/**",)
    assert to_globs("*.js") == ("**/*.js", "**/*.js/**")
    assert to_globs("/build/logs") == ("build/logs",)
    assert to_globs("!x") is None
    assert to_globs("/") is None
