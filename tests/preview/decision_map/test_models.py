"""What the map says of small repositories: each file of a fixture says what is expected of it."""

from collections import Counter
from pathlib import Path

import pytest

from bylaw.preview.decision_map.graph import read_graph
from bylaw.preview.decision_map.whole import DecisionMap
from tests.preview.decision_map.cases import Case, Said, cases


def of_cases(fixture: str) -> pytest.MarkDecorator:
    found = cases(fixture)
    return pytest.mark.parametrize("case", found, ids=[case.name for case in found])


@of_cases("graph")
def test_the_graph_says_how_decisions_hang_together(case: Case, tmp_path: Path) -> None:
    graph = read_graph(case.link(tmp_path))
    ids = {path: node.id for path, node in graph.nodes.items()}
    ties = Counter((tie.source, f"{tie.words} {ids[tie.target]}") for tie in graph.ties)
    assert ties == case.said("tie")
    details: Said = Counter(
        (tie.source, " ".join((*detail.about, detail.standing)).strip())
        for tie in graph.ties
        for detail in tie.details
    )
    assert details == case.said("detail")
    assert {node.path for node in graph.alone} == {path for path, _ in case.said("alone")}
    assert Counter((each.path, each.relation.raw) for each in graph.loose) == case.said("loose")


def test_a_conflict_is_drawn_with_its_witness(tmp_path: Path) -> None:
    case = next(each for each in cases("graph") if "witness" in each.name)
    view = DecisionMap(case.link(tmp_path)).graph()
    assert view.drawing is not None
    assert [arrow.label for arrow in view.drawing.arrows] == ["contradicts on pyproject.to…"]
    (detail,) = view.rows[0].tie.details
    assert detail.text.startswith("both claim `pyproject.toml")


@of_cases("unenforced")
def test_what_nothing_enforces_is_found_and_nothing_else(case: Case, tmp_path: Path) -> None:
    found = DecisionMap(case.link(tmp_path)).unenforced
    lacks: Said = Counter(
        (each.node.path, lack) for lack, decisions in found.decisions.items() for each in decisions
    )
    assert lacks == case.said("lack")
    hollows: Said = Counter(
        (each.decision.path, hollow)
        for hollow, constraints in found.constraints.items()
        for each in constraints
    )
    assert hollows == case.said("hollow")


@of_cases("waivers")
def test_waivers_stand_under_the_day_on_which_they_fall_due(case: Case, tmp_path: Path) -> None:
    view = DecisionMap(case.link(tmp_path)).waivers()
    assert view.day == case.day.isoformat()
    said: Said = Counter()
    for group in view.groups:
        for debt in group.debts:
            assert debt.due == group.due
            hidden = ", ".join(
                each.text if each.files is None else f"{each.text} ({each.files})"
                for each in debt.hides
            )
            words = [debt.due, debt.when, debt.constraint, *debt.owners, debt.ticket]
            words += [f"hides {hidden}", f"idle: {debt.idle}" if debt.idle else ""]
            said[debt.decision.path, " ".join(filter(None, words))] += 1
    assert said == case.said("debt")


def test_owners_answer_for_what_is_in_force_or_overdue(tmp_path: Path) -> None:
    case = cases("waivers")[0]
    view = DecisionMap(case.link(tmp_path)).waivers()
    assert [(o.name, o.overdue, o.soon, o.later) for o in view.owners] == [
        ("@ada", 1, 2, 1),
        ("@arch", 0, 1, 0),
    ]
    theirs = DecisionMap(case.link(tmp_path)).waivers("@arch")
    assert [debt.ticket for group in theirs.groups for debt in group.debts] == ["SHOP-1"]


@of_cases("coverage")
def test_each_file_is_governed_by_what_its_text_says(case: Case, tmp_path: Path) -> None:
    linked = case.link(tmp_path)
    whole = DecisionMap(linked)
    for word, standing in (("governed", "in-force"), ("proposed", "proposed")):
        expected = {path: set(ids.split()) for path, ids in case.said(word)}
        found: dict[str, set[str]] = {}
        for path in linked.files:
            view = whole.folders.view(path)
            for each in (*view.binding, *view.would):
                if each.governor.standing == standing:
                    found.setdefault(path, set()).add(each.governor.full_id)
        assert found == expected


def test_proposed_decisions_are_in_no_number(tmp_path: Path) -> None:
    whole = DecisionMap(cases("coverage")[0].link(tmp_path))
    web = next(row for row in whole.entries("").folders if row.name == "web")
    assert (web.constraints, web.proposed) == (2, 1)
    view = whole.coverage("web").folder
    assert view is not None
    assert (view.holding, view.would_count, view.share.governed) == (2, 1, 1)
    root = whole.coverage()
    assert (root.constraints, root.decisions) == (4, 1)
    assert root.folder is not None
    assert root.folder.share.governed == 9
    languages = {each.what: (each.governed, each.files) for each in root.folder.languages}
    assert languages == {"Python": (5, 5), "TypeScript": (1, 1), "other files": (3, 5)}
