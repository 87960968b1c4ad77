"""What GitHub and GitLab tell of approvals, as JSON that a step before the check has fetched.

Nothing is fetched here. The words are those of the forges' own interfaces.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from bylaw.check.approval.record import is_name, time_of
from bylaw.check.people import ApprovalFaultError, Entry, Told, identity_of
from bylaw.visible import shorten, visible

REVIEWS = "BYLAW_REVIEWS"
TEAMS = "BYLAW_TEAMS"
SETTINGS = "BYLAW_APPROVAL_SETTINGS"
MERGE_REQUEST = "BYLAW_MERGE_REQUEST"

_FETCH = "see «Approvals» in docs/ci.md for the steps that fetch what bylaw reads"

Read = Callable[[str], bytes | None]
"""Read the file that a variable of the environment names; None where it names none."""

_STATES = {
    "APPROVED": "approve",
    "CHANGES_REQUESTED": "request-changes",
    "DISMISSED": "dismiss",
}
_SILENT = frozenset(("COMMENTED", "PENDING"))
"""States that neither give an approval nor take one back."""


def read_github(environment: Mapping[str, str], read: Read) -> Told:
    """Return what GitHub Actions' event and an export of the pull request's reviews tell."""
    data = read("GITHUB_EVENT_PATH")
    if data is None:
        return Told(
            gap="no event of GitHub Actions says which pull request this is",
            help="`--approvals github` is for a job of GitHub Actions; elsewhere name a file",
        )
    event = _json(data, "GITHUB_EVENT_PATH")
    pull = event.get("pull_request") if isinstance(event, dict) else None
    if not isinstance(pull, dict):
        name = environment.get("GITHUB_EVENT_NAME", "")
        said = f"the event `{name[:40]}`" if name.isprintable() and name else "the event"
        return Told(
            gap=f"{said} is of no pull request",
            help="run it `on: pull_request` and `on: pull_request_review`",
        )
    authors = tuple(filter(None, (_login(pull.get("user")),)))
    teams = read_teams(read(TEAMS))
    exported = read(REVIEWS)
    if exported is not None:
        entries = _in_order(_reviews(_documents(exported, REVIEWS), pull.get("url")))
        return Told(entries, authors=authors, teams=teams, grouped="slash")
    review = event.get("review")
    gap = "nobody has fetched the reviews of the pull request"
    if not isinstance(review, dict):
        return Told(gap=gap, help=_FETCH, authors=authors)
    entry = _review(review)
    entries = (entry,) if entry is not None else ()
    return Told(entries, gap, _FETCH, authors, teams, "slash")


def _reviews(items: list[Any], pull_request: object) -> Iterator[Entry]:
    for item in items:
        if not isinstance(item, dict) or not isinstance(item.get("state"), str):
            raise ApprovalFaultError(
                f"what `{REVIEWS}` names is no list of reviews",
                "fetch it with `gh api --paginate repos/OWNER/NAME/pulls/NUMBER/reviews`",
            )
        of = item.get("pull_request_url")
        if of is not None and pull_request is not None and of != pull_request:
            raise ApprovalFaultError(
                f"what `{REVIEWS}` names are reviews of another pull request",
                "fetch those of the pull request under check",
            )
        entry = _review(item)
        if entry is not None:
            yield entry


def _review(item: dict[str, Any]) -> Entry | None:
    """Return an entry; None for a comment, and for what an account said that is gone."""
    state = str(item.get("state")).upper()
    decision = _STATES.get(state)
    if decision is None and state not in _SILENT:
        raise ApprovalFaultError(
            f"a review is in the state `{shorten(visible(state), 40)}`, which nobody knows here",
            "it may take an approval back: install a newer bylaw, or look at the review yourself",
        )
    login = _login(item.get("user"))
    if decision is None or login is None:
        return None
    commit, time = item.get("commit_id"), item.get("submitted_at")
    if decision == "approve" and not isinstance(commit, str):
        # Nobody can say what they saw.
        return None
    bot = item["user"].get("type") == "Bot" or login.endswith("[bot]")
    return Entry(
        login,
        decision,  # type: ignore[arg-type] # one of the table's
        time=time_of(time) if isinstance(time, str) else None,
        commit=commit if isinstance(commit, str) else None,
        source="github",
        bot=bot,
    )


def _in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return entries by their time, where all have one: pages may come in any order."""
    found = tuple(entries)
    times = {id(entry): entry.time for entry in found if entry.time is not None}
    return found if len(times) < len(found) else tuple(sorted(found, key=lambda e: times[id(e)]))


def _login(user: Any) -> str | None:
    login = user.get("login") if isinstance(user, dict) else None
    return f"@{login}" if is_name(login) else None


# --- GitLab ------------------------------------------------------------------------------------


def read_gitlab(environment: Mapping[str, str], read: Read) -> Told:
    """Return what GitLab's variables and exports of the merge request's approvals tell."""
    if not environment.get("CI_MERGE_REQUEST_IID"):
        return Told(
            gap="this is no pipeline of a merge request",
            help="run the job for `merge_request_event`; elsewhere name a file",
        )
    exported = read(REVIEWS)
    if exported is None:
        told = environment.get("CI_MERGE_REQUEST_APPROVED") == "true"
        gap = "GitLab says that the merge request is approved, and not by whom"
        return Told(gap=gap if told else "nobody has fetched the approvals", help=_FETCH)
    approvals = _json(exported, REVIEWS)
    iid = environment["CI_MERGE_REQUEST_IID"]
    if not isinstance(approvals, dict) or not isinstance(approvals.get("approved_by"), list):
        raise ApprovalFaultError(
            f"what `{REVIEWS}` names does not tell who has approved",
            "fetch it from `projects/ID/merge_requests/IID/approvals`",
        )
    if approvals.get("iid") is not None and str(approvals["iid"]) != iid:
        raise ApprovalFaultError(
            f"what `{REVIEWS}` names are approvals of another merge request",
            "fetch those of the merge request under check",
        )
    commit, authors = _merge_request(read(MERGE_REQUEST), iid)
    entries = tuple(_gitlab_entries(approvals["approved_by"], commit))
    settings = read(SETTINGS)
    found = _json(settings, SETTINGS) if settings is not None else None
    rules = found if isinstance(found, dict) else {}
    teams = read_teams(read(TEAMS))
    open_: tuple[str, str] | None = None
    if entries and rules.get("reset_approvals_on_push") is not True:
        open_ = (
            "GitLab does not say which commit was approved, nor that a push takes approvals back",
            f"let pushes remove all approvals, and hand in the settings as `{SETTINGS}`",
        )
    elif entries and not authors and rules.get("allow_author_approval") is not False:
        open_ = (
            "nobody says who has opened the merge request, who may have approved of it",
            f"hand in the merge request as `{MERGE_REQUEST}`",
        )
    if open_ is not None:
        return Told((), *open_, authors, teams, "always")
    return Told(entries, authors=authors, teams=teams, grouped="always")


def _gitlab_entries(items: list[Any], commit: str | None) -> Iterator[Entry]:
    for item in items:
        user = item.get("user") if isinstance(item, dict) else None
        if not isinstance(user, dict) or not is_name(user.get("username")):
            continue
        name = str(user["username"])
        time = dict(item).get("approved_at")
        yield Entry(
            f"@{name}",
            time=time_of(time) if isinstance(time, str) else None,
            commit=commit,
            source="gitlab",
            # What GitLab calls the accounts of access tokens.
            bot=bool(user.get("bot"))
            or (str(name).startswith(("project_", "group_")) and "_bot" in str(name)),
        )


def _merge_request(data: bytes | None, iid: str) -> tuple[str | None, tuple[str, ...]]:
    """Return the newest commit of a merge request and its author, where an export tells them."""
    if data is None:
        return None, ()
    found = _json(data, MERGE_REQUEST)
    if not isinstance(found, dict) or str(found.get("iid")) != iid:
        raise ApprovalFaultError(
            f"what `{MERGE_REQUEST}` names is not the merge request under check",
            "fetch it from `projects/ID/merge_requests/IID`",
        )
    author = found.get("author")
    name = author.get("username") if isinstance(author, dict) else None
    sha = found.get("sha")
    return sha if isinstance(sha, str) else None, (f"@{name}",) if is_name(name) else ()


# --- teams -------------------------------------------------------------------------------------


def read_teams(data: bytes | None) -> dict[str, frozenset[str]]:
    """Return who is of each team, those of the teams within it among them.

    The file is an object: by team a list of accounts, of users as a forge lists them, or of other
    teams of the file.
    """
    if data is None:
        return {}
    found = _json(data, TEAMS)
    if not isinstance(found, dict) or not all(isinstance(v, list) for v in found.values()):
        raise ApprovalFaultError(
            f"what `{TEAMS}` names does not tell who is of which team",
            'write an object of lists, as in `{"@shop/dba": ["ann", "bob"]}`',
        )
    listed: dict[str, set[str]] = {}
    for team, items in found.items():
        listed.setdefault(identity_of(team), set()).update(map(_member, items))
    return {team: frozenset(_within(team, listed)) for team in listed}


def _member(item: Any) -> str:
    if isinstance(item, dict):
        item = item.get("login") or item.get("username")
    if not is_name(item):
        raise ApprovalFaultError(
            f"what `{TEAMS}` names has a member without a name",
            "write accounts, as in `ann`, or users as the forge lists them",
        )
    return identity_of(item)


def _within(team: str, listed: Mapping[str, set[str]]) -> Iterator[str]:
    seen = {team}
    waiting = [team]
    while waiting:
        for member in listed[waiting.pop()]:
            if member not in listed:
                yield member
            elif member not in seen:
                seen.add(member)
                waiting.append(member)


# --- JSON --------------------------------------------------------------------------------------


def _json(data: bytes, name: str) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ApprovalFaultError(f"what `{name}` names is not JSON", _FETCH) from None


def _documents(data: bytes, name: str) -> list[Any]:
    """Return the items of a list, of a list of lists, or of lists one after the other.

    That is how pages come, with `--slurp` or without.
    """
    decoder = json.JSONDecoder()
    found: list[Any] = []
    try:
        text = data.decode("utf-8-sig").strip()
        if not text:
            raise ApprovalFaultError(f"what `{name}` names is empty: the fetch has failed", _FETCH)
        while text:
            value, end = decoder.raw_decode(text)
            if not isinstance(value, list):
                raise ValueError("no list")
            found += value
            text = text[end:].lstrip()
    except (ValueError, RecursionError):
        raise ApprovalFaultError(f"what `{name}` names is no list in JSON", _FETCH) from None
    return [each for item in found for each in (item if isinstance(item, list) else [item])]
