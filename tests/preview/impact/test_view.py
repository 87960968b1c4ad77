"""What is shown of an impact: counts that add up, windows that join, and words."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from bylaw.check.verdict import Excused, NotEvaluated, Violation
from bylaw.diagnostics import Span
from bylaw.facts.model import Place
from bylaw.preview.impact.model import Impact, Sentence
from bylaw.preview.impact.shown import ImpactView
from bylaw.preview.impact.view import NO_FILE, NOBODY, impact_view
from bylaw.preview.page import environment
from bylaw.preview.server.addresses import Addresses

_SPAN = Span("docs/adr/0001-a.md", 1, 1, 0, 1, 2, 1)


def _violation(path: str | None, constraint: str = "0001-a/must", line: int = 1) -> Violation:
    return Violation(constraint, path, "is `wrong` <b>", Place(line, 1, line, 2))


_PATHS = [f"src/a/{n}.py" for n in range(250)]


@pytest.fixture
def impact() -> Impact:
    """Two hundred and fifty files of one folder, two elsewhere, one of nobody, one in no file."""
    found = [_violation(path) for path in _PATHS]
    found += [_violation("src/b/x.py", "0001-a/should"), _violation("src/b/y/z.py")]
    found += [_violation("web/only/deep/down/page.ts"), _violation(None)]
    return Impact(
        "docs/adr/0001-a.md",
        "0001-a",
        "A",
        date(2026, 1, 1),
        sentences=(
            Sentence("0001-a/must", "M", "error", "judged", _SPAN, violations=253),
            Sentence("0001-a/should", "S", "warning", "judged", _SPAN, violations=1),
        ),
        violations=tuple(sorted(found, key=lambda v: v.path or "")),
        excused=(Excused(_violation("src/b/old.py"), "suppressed", note="line 1: so"),),
        owners=dict.fromkeys(_PATHS, ("@a", "@both")) | {"src/b/x.py": ("@both",)},
        owners_file="CODEOWNERS",
        files=300,
        tree_files=400,
        lines=lambda path: (f"line of {path}",),
    )


def test_groups_add_up_and_the_treemap_draws_them(impact: Impact) -> None:
    view = impact_view(impact)
    assert (view.must, view.should, view.excused, view.total) == (253, 1, 1, 255)
    assert {g.key: g.violations for g in view.folders} == {
        "src": 252,
        "web/only/deep/down": 1,
        NO_FILE: 1,
    }
    assert sum(group.violations for group in view.constraints) == 254
    owners = {group.key: group.violations for group in view.owners}
    assert owners == {"@both": 251, "@a": 250, NOBODY: 3}
    assert Counter(cell.violations for cell in view.wide) == Counter(
        group.violations for group in view.folders
    )


def test_windows_of_the_table_join_without_gap_or_repetition(impact: Impact) -> None:
    rows = [row for at in range(0, 300, 100) for row in impact_view(impact, start=at).rows]
    assert [row.path for row in rows] == [v.path for v in impact.violations] + ["src/b/old.py"]
    assert rows[-1].excuse == "suppressed by a comment: line 1: so"
    assert rows[1].text == f"line of {rows[1].path}"
    assert impact_view(impact, start=999).rows == ()


def test_folders_owners_and_constraints_select_together(impact: Impact) -> None:
    assert impact_view(impact, "src/b").violations == 2
    assert impact_view(impact, "src/b", "@both").violations == 1
    assert impact_view(impact, "src/b", "", "0001-a/must").violations == 1
    assert impact_view(impact, "src/b/x.py").rows[0].severity == "warning"
    assert impact_view(impact, NO_FILE).violations == 1
    assert impact_view(impact, "src/bb").total == 0
    open_ = replace(impact, unjudged=(NotEvaluated("0001-a/must", "it is judged elsewhere"),))
    assert impact_view(open_, "src/b", "@both").unjudged_total == 1, "it may concern any file"
    crowded = impact_view(impact, "src/a")
    assert len(crowded.folders) == 100
    assert crowded.more[0] == 150
    assert sum(cell.violations for cell in crowded.wide) == 250
    together = [cell for cell in crowded.wide if cell.folder is None]
    assert [(cell.name, cell.violations) for cell in together] == [("203 more", 203)]


def _html(view: ImpactView) -> str:
    template = environment().get_template("fragments/impact.html")
    return template.render(impact=view, links=Addresses())


def test_the_part_of_the_page_escapes_pages_and_filters_only_where_it_is_answered(
    impact: Impact,
) -> None:
    live = _html(impact_view(impact, "src"))
    assert "<b>" not in live
    assert "from=100" in live
    assert "owner=%40a" in live
    still = _html(impact_view(impact, "src", filters=False))
    assert "from=1" not in still
    assert "owner=%40" not in still
    assert "The first 100 of 253" in still
    assert _html(impact_view(impact, "src")) == live


def test_no_violation_says_what_was_looked_at(impact: Impact) -> None:
    clean = Impact(
        impact.path,
        impact.decision,
        impact.title,
        impact.as_of,
        sentences=impact.sentences[:1],
        files=7,
        tree_files=9,
    )
    html = " ".join(_html(impact_view(clean)).split())
    assert "No violation today." in html
    assert "7 files were held against 1 constraint" in html
    assert "Everything asked was evaluated." in html


def test_a_line_that_may_hold_a_secret_is_not_shown(impact: Impact) -> None:
    hidden = _violation(".env")._replace(detail="`KEY` is a value not shown here")
    secret = Impact(
        impact.path,
        impact.decision,
        impact.title,
        impact.as_of,
        sentences=impact.sentences,
        violations=(hidden,),
        lines=lambda _: ("KEY=hunter2",),
    )
    assert "hunter2" not in _html(impact_view(secret))


def test_the_treemap_is_as_high_as_its_rectangles_are_many(impact: Impact) -> None:
    heights = []
    for count in (1, 2, 8, 48):
        found = tuple(_violation(f"src/{n}.py") for n in range(count))
        view = impact_view(replace(impact, violations=found, excused=()), "src")
        heights.append(view.height)
        for cells, width in ((view.wide, 1200), (view.narrow, 360)):
            assert sum(cell.width * cell.height for cell in cells) == width * view.height
    assert heights == [180, 180, 300, 420]


@pytest.mark.parametrize(
    ("musts", "shoulds", "share"), [(99, 1, 4), (1, 99, 1), (9, 0, 5), (0, 9, 0)]
)
def test_only_must_and_only_should_are_said_of_no_mixture(
    impact: Impact, musts: int, shoulds: int, share: int
) -> None:
    found = [_violation("src/a.py", "0001-a/must")] * musts
    found += [_violation("src/a.py", "0001-a/should")] * shoulds
    (cell,) = impact_view(replace(impact, violations=tuple(found), excused=())).wide
    assert cell.share == share
