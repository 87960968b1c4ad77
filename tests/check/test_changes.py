"""Judges of a change: pairs, names, approvals and agents."""

from collections.abc import Mapping
from typing import Any

import pytest

from bylaw.check.change import Change, Commit
from bylaw.check.evidence import Approval
from bylaw.check.verdict import Finding, NotEvaluated, Violation
from bylaw.snapshot import MemoryTree
from tests.check.judging import judge, only

FILES: Mapping[str, str] = {
    "shop/models/order.py": "x",
    "shop/web/view.py": "x",
    "migrations/1.sql": "x",
    "docs/a.md": "x",
    "infra/main.tf": "x",
}


def change(**parts: Any) -> Change:
    return Change(base=MemoryTree(), base_commit="b" * 40, **parts)


def found(sentence: str, **more: Any) -> list[Finding]:
    return judge(f"- [it] {sentence}", FILES, **more)["it"]


def paths(findings: list[Finding]) -> list[str | None]:
    assert all(isinstance(finding, Violation) for finding in findings)
    return [finding.path for finding in findings]


def reason(findings: list[Finding]) -> str:
    finding = only(findings)
    assert isinstance(finding, NotEvaluated)
    return finding.reason


# --- pairs -------------------------------------------------------------------------------------

MIGRATE = "When `shop/models/**` changes, `migrations/**` MUST change."


def test_what_changes_alone_is_a_violation_at_each_file_that_changed() -> None:
    touched = change(modified=("shop/models/order.py",), deleted=("shop/models/gone.py",))
    findings = found(MIGRATE, change=touched)
    assert paths(findings) == ["shop/models/gone.py", "shop/models/order.py"]
    assert findings[0].detail == "changes without `migrations/**`"  # type: ignore[union-attr] # a violation
    assert paths(found(MIGRATE, change=change(added=("docs/a.md",)))) == []


@pytest.mark.parametrize(
    "parts",
    [
        {"added": ("migrations/2.sql",)},
        {"deleted": ("migrations/deep/er/1.sql",)},
        {"renamed": {"old/1.sql": "migrations/1.sql"}},
        {"renamed": {"migrations/1.sql": "old/1.sql"}},
    ],
)
def test_any_sort_of_change_to_the_partner_is_one(parts: dict[str, Any]) -> None:
    touched = change(modified=("shop/models/order.py",), **parts)
    assert paths(found(MIGRATE, change=touched)) == []


def test_either_name_of_a_rename_asks_for_a_partner() -> None:
    touched = change(renamed={"shop/other/order.py": "shop/models/order.py"})
    assert paths(found(MIGRATE, change=touched)) == ["shop/models/order.py"]


def test_a_capture_stands_for_the_same_text_in_both_parts_of_a_change() -> None:
    sentence = (
        "When `src/<**p>/<n>.proto` changes, `gen/<**p>/<n>.go` and `gen/<n>.md` MUST change."
    )
    touched = change(modified=("gen/a.md", "gen/x/a.go", "src/x/a.proto", "src/y/a.proto"))
    findings = found(sentence, change=touched)
    assert paths(findings) == ["src/y/a.proto"]
    assert findings[0].detail == "changes without `gen/y/a.go`"  # type: ignore[union-attr] # a violation


def test_a_pair_leaves_out_what_is_excepted() -> None:
    touched = change(modified=("shop/models/order.py", "shop/models/test_order.py"))
    sentence = MIGRATE.replace("change.", "change, except in tests.")
    assert paths(found(sentence, change=touched)) == ["shop/models/order.py"]


def test_without_a_base_no_change_is_judged() -> None:
    for sentence in (
        MIGRATE,
        "Commit messages MUST match `/x/`.",
        "Changes to `docs/` MUST be approved by `@dba`.",
    ):
        assert reason(found(sentence)) == "there is no base to compare with"


def test_a_path_that_can_be_read_in_too_many_ways_is_not_evaluated() -> None:
    captures = "_".join(f"<{letter}>" for letter in "abcdefghijklmnop")
    path = "src/" + "_" * 60 + "x"
    findings = judge(
        f"- [it] For each `src/{captures}!`, `gen/{captures}` MUST exist.\n"
        f"- [other] For each `src/{captures}`, `gen/{captures}` MUST exist.",
        {path: "x", path + "!": "x"},
    )
    assert any(isinstance(finding, NotEvaluated) for finding in findings["other"])


# --- names -------------------------------------------------------------------------------------

BRANCH = "Branch names MUST match `/main|[a-z]+/[a-z0-9-]+/`."


def test_a_branch_has_to_match_as_a_whole() -> None:
    assert found(BRANCH, change=change(branch="feature/a-1")) == []
    assert found(BRANCH, branch="main") == []
    violation = only(found(BRANCH, change=change(branch="feature/a-1/x")))
    assert isinstance(violation, Violation)
    assert (violation.path, violation.place) == (None, None)
    assert violation.detail == (
        "the branch `feature/a-1/x` does not match `/main|[a-z]+/[a-z0-9-]+/`"
    )
    assert reason(found(BRANCH, change=change())) == "no branch is checked out"
    assert reason(found(BRANCH)) == "no branch is checked out"


def test_a_branch_may_not_match() -> None:
    sentence = "Branch names MUST NOT match `/wip.*/` or `/.*tmp/`."
    assert len(found(sentence, branch="wip-tmp")) == 2
    assert found(sentence, branch="a-wip") == []


def test_each_message_since_the_base_is_judged_by_its_first_line_but_merges() -> None:
    commits = (
        Commit("1" * 40, "A <a@x>", "Add orders"),
        Commit("2" * 40, "A <a@x>", "add orders"),
        Commit("3" * 40, "A <a@x>", "merge 1 into 2", merge=True),
        Commit("4" * 40, "A <a@x>", ""),
    )
    findings = found("Commit messages MUST match `/[A-Z].{0,71}/`.", change=change(commits=commits))
    assert [f.detail for f in findings if isinstance(f, Violation)] == [
        "the message `add orders` does not match `/[A-Z].{0,71}/`",
        "the message `` does not match `/[A-Z].{0,71}/`",
    ] or len(findings) == 2
    assert {f.note for f in findings if isinstance(f, Violation)} == {
        "it is commit `2222222222`",
        "it is commit `4444444444`",
    }


def test_the_lists_of_expressions_join_as_they_say() -> None:
    either = "Branch names MUST match `/a.*/` or `/.*b/`."
    both = "Branch names MUST match `/a.*/` and `/.*b/`."
    assert [len(found(either, branch=name)) for name in ("ab", "ax", "xx")] == [0, 0, 1]
    assert [len(found(both, branch=name)) for name in ("ab", "ax", "xx")] == [0, 1, 2]


# --- approvals ---------------------------------------------------------------------------------

DBA = "Changes to `migrations/**` MUST be approved by `@dba`."
TWO = "Changes to `migrations/**` MUST be approved by 2 of `@shop/dba`."
TOUCHED = {"modified": ("migrations/1.sql",), "commits": (Commit("c", "Ada <ada@x.example>", "x"),)}


def approved(sentence: str, *approvals: Approval, **parts: Any) -> list[Finding]:
    return found(sentence, change=change(**TOUCHED | parts), approvals=approvals)


def test_a_change_that_touches_nothing_guarded_needs_no_approval() -> None:
    assert found(DBA, change=change(modified=("docs/a.md",))) == []
    assert found(DBA, change=change()) == []


def test_an_approval_that_nobody_told_of_is_not_evaluated() -> None:
    assert reason(found(DBA, change=change(**TOUCHED))) == "it needs an approval by `@dba`"
    assert (
        reason(found(TWO, change=change(**TOUCHED))) == "it needs an approval by 2 of `@shop/dba`"
    )


def test_each_file_that_was_changed_without_approval_is_a_violation() -> None:
    parts = {"modified": ("migrations/1.sql",), "deleted": ("migrations/0.sql",)}
    findings = approved(DBA, Approval("@somebody"), **parts)
    assert paths(findings) == ["migrations/0.sql", "migrations/1.sql"]
    assert findings[0].detail == "changes without an approval by `@dba`"  # type: ignore[union-attr] # a violation


@pytest.mark.parametrize(
    ("approval", "counts"),
    [
        (Approval("@dba"), True),
        (Approval("DBA"), True),
        (Approval("@bob", teams=("@dba",)), True),
        (Approval("@bob", teams=("shop/dba",)), False),
        (Approval("@db"), False),
        (Approval("@ada", teams=("@dba",)), False),
        (Approval("ada@x.example", teams=("@dba",)), False),
        (Approval("Ada", teams=("@dba",)), False),
    ],
)
def test_an_identity_or_a_team_approves_but_never_the_author(
    approval: Approval, counts: bool
) -> None:
    assert bool(approved(DBA, approval)) is not counts


def test_the_account_in_an_address_of_a_forge_is_the_author() -> None:
    commits = (Commit("c", "A <17+ada@users.noreply.shop.example>", "x"),)
    assert approved(DBA, Approval("@ada", teams=("@dba",)), commits=commits)


def test_so_many_people_have_to_approve() -> None:
    bob, eve = (Approval(name, teams=("@shop/dba",)) for name in ("@bob", "@eve"))
    assert approved(TWO, bob, eve) == []
    violation = only(approved(TWO, bob, Approval("@BOB", teams=("@shop/dba",))))
    assert isinstance(violation, Violation)
    assert violation.note == "1 of 2 are there"


def test_approvers_join_as_the_list_says() -> None:
    either = "Changes to `migrations/**` MUST be approved by `@a` or `@b`."
    both = "Changes to `migrations/**` MUST be approved by `@a` and `@b`."
    assert approved(either, Approval("@a")) == []
    assert len(approved(both, Approval("@a"))) == 1
    assert approved(both, Approval("@a"), Approval("@b")) == []


def test_an_approval_counts_for_the_content_it_saw() -> None:
    since = {
        "same": frozenset[str](),
        "beside": frozenset({"docs/a.md"}),
        "other": frozenset({"migrations/1.sql"}),
    }
    for commit, counts in (("same", True), ("beside", True), ("other", False)):
        findings = approved(DBA, Approval("@dba", commit=commit), touched_since=since.get)
        assert bool(findings) is not counts, commit
    unknown = approved(DBA, Approval("@dba", commit="far"), touched_since=since.get)
    assert reason(unknown) == "the commit `far` that was approved is not in this repository"
    # Whether it counts or not: it is not who was asked for.
    assert paths(approved(DBA, Approval("@x", commit="far"), touched_since=since.get)) == [
        "migrations/1.sql"
    ]


def test_who_has_amended_the_work_of_another_is_an_author() -> None:
    commits = (Commit("c", "Ada <ada@x.example>", "x", committer="Bo <bo@x.example>"),)
    for name, counts in (("@ada", False), ("@bo", False), ("@cy", True)):
        findings = approved(DBA, Approval(name, teams=("@dba",)), commits=commits)
        assert bool(findings) is not counts, name


# --- agents ------------------------------------------------------------------------------------


def by_agent(sentence: str, agent: str | None, **parts: Any) -> list[Finding]:
    return found(sentence, change=change(**parts), agent=agent)


def test_without_an_agent_nothing_about_agents_is_judged() -> None:
    for sentence in (
        "Agents MUST only change `docs/`.",
        "Agents MUST change at most 2 files.",
        "Agents MUST spend at most 20 tokens.",
        "Agents MUST stop after 3 failed attempts.",
        "Agents MUST run `make` before finishing.",
        "Agents MUST read `docs/a.md` before changing `shop/**`.",
        "Agents in `migrations/**` MUST work at autonomy `supervised`.",
    ):
        assert reason(by_agent(sentence, None)) == "no agent is said to have made the change"


def test_an_agent_stays_in_its_lane() -> None:
    sentence = "Agents of class `A` MUST only change `docs/` or `tests/`."
    parts = {"modified": ("docs/a.md", "infra/main.tf"), "renamed": {"docs/b.md": "shop/b.md"}}
    assert paths(by_agent(sentence, "A", **parts)) == ["infra/main.tf", "shop/b.md"]
    assert by_agent(sentence, "B", **parts) == []


def test_only_the_class_that_may_changes_what_it_may() -> None:
    sentence = "Only agents of class `C` MAY change `infra/`."
    parts = {"modified": ("docs/a.md", "infra/main.tf")}
    assert paths(by_agent(sentence, "A", **parts)) == ["infra/main.tf"]
    assert by_agent(sentence, "C", **parts) == []


def test_an_agent_keeps_off_and_its_scope_and_exceptions_hold() -> None:
    parts = {"modified": ("infra/dev/a.tf", "infra/main.tf", "shop/infra.py")}
    sentence = "Agents MUST NOT change `infra/`, except in `infra/dev/`."
    assert paths(by_agent(sentence, "A", **parts)) == ["infra/main.tf"]
    sentence = "Agents in `infra/**` MUST only change `infra/dev/`."
    assert paths(by_agent(sentence, "A", **parts)) == ["infra/main.tf"]


def test_the_size_of_a_change_is_bounded_within_its_scope() -> None:
    parts: dict[str, Any] = {
        "added": ("a",),
        "deleted": ("web/b",),
        "renamed": {"c": "d"},
        "counts": {"a": 5, "web/b": 7, "c": 0},
        "lines": 12,
    }
    for sentence, count in (
        ("Agents MUST change at most 3 files.", None),
        ("Agents MUST change at most 2 files.", 3),
        ("Agents MUST change at most 12 lines.", None),
        ("Agents MUST change at most 11 lines.", 12),
        ("Agents in `web/` MUST change at most 7 lines.", None),
        ("Agents in `web/` MUST change at most 6 lines.", 7),
    ):
        findings = by_agent(sentence, "A", **parts)
        notes = [finding.note for finding in findings if isinstance(finding, Violation)]
        assert notes == ([] if count is None else [f"it changes {count}"])


def test_what_no_change_shows_needs_a_record() -> None:
    needs = "it needs a record of the agent's tool calls"
    parts = {"modified": ("shop/web/view.py",)}
    for sentence in (
        "Agents MUST spend at most 20 tokens.",
        "Agents MUST stop after 3 failed attempts.",
        "Agents MUST run `make` before finishing.",
        "Agents MUST NOT run `rm`.",
        "Agents MUST read `docs/a.md` before changing `shop/**`.",
        "Agents MUST work at autonomy `supervised`.",
        "Agents in `shop/**` MUST work at autonomy `supervised`.",
    ):
        assert reason(by_agent(sentence, "A", **parts)) == needs
    for sentence in (
        "Agents MUST read `docs/a.md` before changing `migrations/**`.",
        "Agents in `migrations/**` MUST work at autonomy `supervised`.",
        "Agents of class `B` MUST spend at most 20 tokens.",
    ):
        assert by_agent(sentence, "A", **parts) == []
