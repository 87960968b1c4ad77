"""Whose approval stands, and whose does not."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bylaw.check.approval.weigh import People, weigh
from bylaw.check.change import Change, Commit
from bylaw.check.evidence import Approval
from bylaw.check.people import Entry, Told
from bylaw.check.verdict import NotEvaluated, Violation
from bylaw.snapshot import MemoryTree
from tests.check.judging import judge

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DBA = "Changes to `migrations/**` MUST be approved by `@shop/dba`."
TWO = "Changes to `migrations/**` MUST be approved by 2 of `@shop/dba`."


def entry(by: str, decision: Any = "approve", **more: Any) -> Entry:
    return Entry(by, decision, **{"teams": ("@shop/dba",), "time": NOW, **more})


def stand(*entries: Entry, people: tuple[str, ...] = (), **told: Any) -> list[Approval]:
    return list(weigh(Told(entries, **told), ["@shop/dba"], People(people), NOW))


def outcome(sentence: str, approvals: list[Approval], **more: Any) -> tuple[str, str | None]:
    """Judge a change of `migrations/1.sql` by Ada; return the outcome, and the note or reason."""
    commits = more.pop("commits", (Commit("c", "Ada Lee <ada@x.example>", "x"),))
    change = Change(MemoryTree(), "b" * 40, modified=("migrations/1.sql",), commits=commits)
    found = judge(
        f"- [it] {sentence}",
        {"migrations/1.sql": "x"},
        change=change,
        approvals=approvals,
        **more,
    )["it"]
    if not found:
        return "holds", None
    (finding,) = found
    if isinstance(finding, NotEvaluated):
        return "not evaluated", finding.reason
    assert isinstance(finding, Violation)
    return "violated", finding.note


def test_the_last_word_of_each_counts() -> None:
    assert outcome(DBA, stand(entry("@bob")))[0] == "holds"
    taken_back = stand(entry("@bob"), entry("@Bob", "request-changes"))
    assert outcome(DBA, taken_back) == (
        "violated",
        "the approval of `@Bob` was taken back: changes are requested",
    )
    again = stand(entry("@bob", "request-changes"), entry("@bob"))
    assert outcome(DBA, again)[0] == "holds"
    dismissed = stand(entry("@bob"), entry("@lead", "dismiss", of="@BOB"))
    assert outcome(DBA, dismissed) == ("violated", "the approval of `@bob` was dismissed")
    own = stand(entry("@bob"), entry("@bob", "dismiss"))
    assert outcome(DBA, own)[0] == "violated"
    anew = stand(entry("@bob"), entry("@lead", "dismiss", of="@bob"), entry("@bob"))
    assert outcome(DBA, anew)[0] == "holds"


def test_an_approval_of_tomorrow_is_none_and_takes_nothing_back() -> None:
    later = entry("@bob", time=NOW + timedelta(hours=1))
    assert outcome(DBA, stand(later)) == (
        "violated",
        "the approval of `@bob` has a time that is still to come",
    )
    assert outcome(DBA, stand(entry("@bob"), later))[0] == "holds"
    assert outcome(DBA, stand(entry("@bob", time=NOW + timedelta(minutes=2))))[0] == "holds"


def test_one_person_under_two_names_is_one() -> None:
    for other in ("@BOB", "bob@x.example", "17+bob@users.noreply.x.example", "Bob <bob@y.example>"):
        assert outcome(TWO, stand(entry("@bob"), entry(other)))[0] == "violated", other
    two = stand(entry("@bob"), entry("robert@x.example"))
    assert outcome(TWO, two)[0] == "holds"
    listed = stand(entry("@bob"), entry("robert@x.example"), people=("@bob robert@x.example",))
    assert outcome(TWO, listed)[0] == "violated"


def test_names_that_are_listed_in_several_entries_are_of_one_person() -> None:
    people = ("@bob b@x.example", "@robert r@x.example", "b@x.example r@x.example")
    assert outcome(TWO, stand(entry("@bob"), entry("@robert"), people=people))[0] == "violated"


def test_an_author_does_not_approve_by_whatever_name() -> None:
    for by in ("@ada", "ada@y.example", "Ada Lee"):
        told = "is by an author of the change"
        assert outcome(DBA, stand(entry(by)))[0] == "violated", by
        assert told in str(outcome(DBA, stand(entry(by)))[1])
    listed = stand(entry("@countess"), people=("@countess ada@x.example",))
    assert outcome(DBA, listed)[0] == "violated"
    by_event = stand(entry("@countess"), authors=("@Countess",))
    assert outcome(DBA, by_event) == (
        "violated",
        "the approval of `@countess` is by the change's author",
    )
    helped = (Commit("c", "Ada <ada@x.example>", "x", co_authors=("Bob <bob@x.example>",)),)
    assert outcome(DBA, stand(entry("@bob")), commits=helped)[0] == "violated"


def test_a_bot_counts_only_where_the_sentence_names_it() -> None:
    bot = stand(entry("@lint[bot]", bot=True))
    assert outcome(DBA, bot) == ("violated", "the approval of `@lint[bot]` is by a bot")
    assert outcome(DBA.replace("@shop/dba", "@lint[bot]"), bot)[0] == "holds"


def test_where_nobody_says_who_is_of_a_team_nothing_is_judged() -> None:
    alone = entry("@bob", teams=())
    unplaced = stand(alone, grouped="slash")
    assert outcome(DBA, unplaced) == (
        "not evaluated",
        "nobody says who is of `@shop/dba`, and `@bob` has approved",
    )
    # However many teams there are, one person is not two.
    assert outcome(TWO, unplaced)[0] == "violated"
    placed = stand(alone, grouped="slash", teams={"shop/dba": frozenset({"bob"})})
    assert outcome(DBA, placed)[0] == "holds"
    other = stand(alone, grouped="slash", teams={"shop/dba": frozenset({"eve"})})
    assert outcome(DBA, other)[0] == "violated"
    assert outcome(DBA, stand(grouped="slash"))[0] == "violated"


def test_where_there_may_be_more_approvals_nothing_is_violated() -> None:
    some = ("nobody has fetched the reviews", None)
    assert outcome(DBA, [], approvals_open=some) == ("not evaluated", some[0])
    assert outcome(DBA, stand(entry("@bob")), approvals_open=some)[0] == "holds"


def test_an_entry_keeps_what_a_report_tells() -> None:
    (found,) = stand(entry("@bob", commit="c" * 40, policy="a" * 32, source="x"))
    assert (found.time, found.policy, found.source) == ("2026-06-01T12:00:00Z", "a" * 32, "x")
    assert found._replace(void="x") != found
