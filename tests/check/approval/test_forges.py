"""What GitHub and GitLab tell, in their own words."""

import contextlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from bylaw.check.approval.forges import read_github, read_gitlab, read_teams
from bylaw.check.people import ApprovalFaultError, Told

ROOT = Path(__file__).resolve().parent.parent.parent.parent
PULL = "https://api.github.com/repos/shop/shop/pulls/7"
SHA = "c" * 40


def user(login: str, kind: str = "User") -> dict[str, Any]:
    """Return an account as GitHub shows it in a review."""
    base = f"https://api.github.com/users/{login}"
    names = ("followers", "following", "gists", "starred", "subscriptions", "organizations")
    more = ("repos", "events", "received_events")
    return {
        "login": login,
        "id": 1,
        "node_id": "x",
        "avatar_url": base,
        "gravatar_id": "",
        "url": base,
        "html_url": base,
        **{f"{name}_url": base for name in (*names, *more)},
        "type": kind,
        "site_admin": False,
    }


def review(login: str, state: str = "APPROVED", **more: Any) -> dict[str, Any]:
    """Return a review as `pulls/N/reviews` lists it."""
    return {
        "id": 80,
        "node_id": "x",
        "user": user(login),
        "body": "",
        "state": state,
        "html_url": PULL,
        "pull_request_url": PULL,
        "_links": {"html": {"href": PULL}, "pull_request": {"href": PULL}},
        "submitted_at": "2026-06-01T12:00:00Z",
        "commit_id": SHA,
        "author_association": "MEMBER",
        **more,
    }


EVENT = {"action": "opened", "pull_request": {"url": PULL, "user": user("ada"), "number": 7}}


def github(event: object = EVENT, **files: object) -> Told:
    """Read an event, and the files that variables name."""
    data = {"GITHUB_EVENT_PATH": event, **{f"BYLAW_{k.upper()}": v for k, v in files.items()}}

    def read(name: str) -> bytes | None:
        found = data.get(name)
        return found if isinstance(found, bytes | None) else json.dumps(found).encode()

    return read_github({"GITHUB_EVENT_NAME": "pull_request"}, read)


def test_the_reviews_of_these_tests_are_what_github_says_that_it_sends() -> None:
    named = os.environ.get("BYLAW_GITHUB_SCHEMAS")
    path = Path(named) if named else ROOT / ".venv" / "github-schemas.json"
    if not path.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("GitHub's schemas are missing: run .ci/github-schema")
        pytest.skip("GitHub's schemas are missing: run .ci/github-schema")
    known = json.loads(path.read_text("utf-8"))
    schema = {**known["components"]["schemas"]["pull-request-review"], **known}
    Draft4Validator(schema).validate(review("bob"))


def test_reviews_are_approvals_of_the_commit_that_they_saw() -> None:
    told = github(reviews=[review("bob"), review("eve", "COMMENTED"), review("cy", "DISMISSED")])
    assert told.entries is not None
    assert [(e.by, e.decision, e.commit) for e in told.entries] == [
        ("@bob", "approve", SHA),
        ("@cy", "dismiss", SHA),
    ]
    assert (told.gap, told.authors) == (None, ("@ada",))


def test_pages_come_in_three_ways() -> None:
    one, two = review("bob"), review("eve")
    pages = json.dumps([one]) + "\n" + json.dumps([two])
    for reviews in ([one, two], [[one], [two]], pages.encode(), json.dumps([one, two]).encode()):
        told = github(reviews=reviews)
        assert [e.by for e in told.entries or ()] == ["@bob", "@eve"]
    assert github(reviews=b"[]").entries == ()
    # What a fetch that has failed leaves is no list without reviews.
    with pytest.raises(ApprovalFaultError, match="is empty: the fetch has failed"):
        github(reviews=b"\n")


def test_the_last_word_is_the_latest_in_whatever_order_pages_come() -> None:
    early, late = (f"2026-06-01T12:0{minute}:00Z" for minute in (1, 2))
    pages = [
        [review("bob", "CHANGES_REQUESTED", submitted_at=late)],
        [review("bob", submitted_at=early)],
    ]
    for reviews in (pages, pages[::-1]):
        assert [e.decision for e in github(reviews=reviews).entries or ()] == [
            "approve",
            "request-changes",
        ]


def test_a_state_of_a_later_github_is_not_passed_over() -> None:
    assert github(reviews=[review("bob", "COMMENTED"), review("bob", "PENDING")]).entries == ()
    with pytest.raises(ApprovalFaultError, match="in the state `REVOKED`, which nobody knows"):
        github(reviews=[review("bob"), review("bob", "REVOKED")])


def test_a_bot_an_account_that_is_gone_and_a_review_of_nothing() -> None:
    told = github(
        reviews=[
            {**review("x"), "user": user("app[bot]", "Bot")},
            review("helper[bot]"),
            {**review("x"), "user": None},
            review("late", commit_id=None),
            review("wait", "PENDING"),
        ]
    )
    assert [(e.by, e.bot) for e in told.entries or ()] == [
        ("@app[bot]", True),
        ("@helper[bot]", True),
    ]


def test_without_an_export_nothing_is_known_but_what_the_event_holds() -> None:
    told = github()
    assert (told.entries, told.gap) == (None, "nobody has fetched the reviews of the pull request")
    of_review = {**EVENT, "review": review("bob", "approved")}
    told = github(of_review)
    assert [(e.by, e.decision) for e in told.entries or ()] == [("@bob", "approve")]
    assert told.gap is not None


@pytest.mark.parametrize("event", [{}, [], 1, None, {"pull_request": []}, {"ref": "main"}])
def test_an_event_of_no_pull_request_tells_nothing(event: object) -> None:
    told = github(json.dumps(event).encode(), reviews=[review("bob")])
    assert (told.entries, told.gap) == (None, "the event `pull_request` is of no pull request")


@pytest.mark.parametrize(
    "reviews",
    [
        b"{",
        b"{}",
        b"[1]",
        b'[{"state": 1}]',
        b'["x"]',
        b"\xff",
        b"[" * 99_999,
        [{**review("bob"), "pull_request_url": PULL + "1"}],
        {"message": "Not Found"},
    ],
)
def test_what_is_no_list_of_this_pull_requests_reviews_is_refused(reviews: object) -> None:
    with pytest.raises(ApprovalFaultError):
        github(reviews=reviews)


# --- teams ---------------------------------------------------------------------------------------


def test_members_of_teams_within_a_team_are_members_of_it() -> None:
    teams = {
        "@shop/all": ["@shop/dba", "Cy"],
        "@Shop/DBA": [user("bob"), "@shop/night"],
        "@shop/night": ["@eve", "@shop/all"],
    }
    found = read_teams(json.dumps(teams).encode())
    assert found["shop/dba"] == found["shop/all"] == {"bob", "eve", "cy"}


@pytest.mark.parametrize(
    "data", [b"[]", b'{"a": 1}', b'{"a": [1]}', b'{"a": [{}]}', b"x", b'{"a": [""]}']
)
def test_what_does_not_tell_who_is_of_a_team_is_refused(data: bytes) -> None:
    with pytest.raises(ApprovalFaultError):
        read_teams(data)


# --- GitLab --------------------------------------------------------------------------------------

APPROVALS = {"iid": 7, "approved_by": [{"user": {"username": "bob"}, "approved_at": None}]}
RESET = {"reset_approvals_on_push": True}
REQUEST = {"iid": 7, "sha": SHA, "author": {"username": "ada"}}


def gitlab(**files: object) -> Told:
    environment = {"CI_MERGE_REQUEST_IID": "7", **files.pop("environment", {})}  # type: ignore[dict-item] # a mapping
    data = {f"BYLAW_{name.upper()}": value for name, value in files.items()}

    def read(name: str) -> bytes | None:
        return json.dumps(data[name]).encode() if name in data else None

    return read_gitlab(environment, read)


def test_gitlabs_approvals_are_of_the_newest_commit_where_a_push_takes_them_back() -> None:
    told = gitlab(reviews=APPROVALS, approval_settings=RESET, merge_request=REQUEST)
    assert [(e.by, e.commit) for e in told.entries or ()] == [("@bob", SHA)]
    assert (told.gap, told.authors) == (None, ("@ada",))
    told = gitlab(reviews=APPROVALS, merge_request=REQUEST)
    assert told.entries == ()
    assert "GitLab does not say which commit" in str(told.gap)
    told = gitlab(reviews={**APPROVALS, "approved_by": []})
    assert (told.entries, told.gap) == ((), None)


def test_what_gitlabs_variables_alone_tell_is_too_little() -> None:
    assert gitlab().gap == "nobody has fetched the approvals"
    told = gitlab(environment={"CI_MERGE_REQUEST_APPROVED": "true"})
    assert "not by whom" in str(told.gap)
    assert "no pipeline" in str(gitlab(environment={"CI_MERGE_REQUEST_IID": ""}).gap)


def test_gitlabs_author_may_be_who_approves_unless_somebody_says_who_it_is() -> None:
    told = gitlab(reviews=APPROVALS, approval_settings=RESET)
    assert (told.entries, told.help) == ((), "hand in the merge request as `BYLAW_MERGE_REQUEST`")
    settings = {**RESET, "allow_author_approval": False}
    assert len(gitlab(reviews=APPROVALS, approval_settings=settings).entries or ()) == 1


def test_the_account_of_a_token_is_a_bot() -> None:
    names = [{"user": {"username": n}} for n in ("project_7_bot_1a", "group_bot", "bot_ann")]
    told = gitlab(reviews={"approved_by": names}, approval_settings=RESET, merge_request=REQUEST)
    assert [e.bot for e in told.entries or ()] == [True, True, False]


@pytest.mark.parametrize(
    "files",
    [
        {"reviews": []},
        {"reviews": {"approved_by": 1}},
        {"reviews": {**APPROVALS, "iid": 8}},
        {"reviews": APPROVALS, "merge_request": {"iid": 8}},
        {"reviews": APPROVALS, "merge_request": []},
    ],
)
def test_what_is_of_another_merge_request_is_refused(files: dict[str, object]) -> None:
    with pytest.raises(ApprovalFaultError):
        gitlab(**files)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["user", "login", "state", "approved_by", "pull_request", "review", "x"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(_json, _json, _json)
def test_whatever_json_they_send_there_is_an_answer(event: Any, reviews: Any, teams: Any) -> None:
    with contextlib.suppress(ApprovalFaultError):
        assert isinstance(github(json.dumps(event).encode(), reviews=reviews, teams=teams), Told)
    with contextlib.suppress(ApprovalFaultError):
        assert isinstance(github(reviews=reviews, teams=teams), Told)
    with contextlib.suppress(ApprovalFaultError):
        told = gitlab(reviews=reviews, merge_request=event, approval_settings=teams, teams=teams)
        assert isinstance(told, Told)
