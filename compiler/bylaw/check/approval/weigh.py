"""From what was recorded to the approvals that stand, and why others do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from bylaw.check.evidence import Approval
from bylaw.check.people import Entry, Told, identity_of, names_of

_SKEW = timedelta(minutes=5)
"""Clocks differ by so much."""


class People:
    """Who is one and the same: all names of a person, as somebody has listed them."""

    def __init__(self, entries: Iterable[str] = ()) -> None:
        self._groups: dict[str, frozenset[str]] = {}
        for entry in entries:
            names = {identity_of(name) for name in entry.split()}
            for name in [*names]:
                names |= self._groups.get(name, frozenset())
            self._groups |= dict.fromkeys(names, frozenset(names))

    def names(self, name: str) -> frozenset[str]:
        """Return all names that somebody is listed with, their own among them."""
        own = identity_of(name)
        return self._groups.get(own, frozenset()) | {own}

    def known_as(self, name: str) -> frozenset[str]:
        """Return all names that somebody may be known as; in doubt more than they are."""
        found = names_of(name)
        return found.union(*(self._groups.get(each, frozenset()) for each in found))


def weigh(
    told: Told, approvers: Sequence[str], people: People, now: datetime
) -> tuple[Approval, ...]:
    """Return each person's last word as an approval; one that does not count says why.

    `approvers` are the names that sentences ask for: of each it has to be known who is one.
    """
    last: dict[str, Approval] = {}
    for entry in told.entries or ():
        said = _approval(entry, told, approvers, people, now)
        if entry.decision == "dismiss" and entry.of is not None:
            for name in [n for n in last if people.names(n) & people.names(entry.of)]:
                if not last[name].void:
                    last[name] = last[name]._replace(void="was dismissed")
            continue
        key = min(people.names(entry.by))
        # What comes too early or from nobody takes nothing back, and gives nothing.
        if key in last and said.void == _EARLY and not last[key].void:
            continue
        last[key] = said
    return tuple(last.values())


_EARLY = "has a time that is still to come"


def _approval(
    entry: Entry, told: Told, approvers: Sequence[str], people: People, now: datetime
) -> Approval:
    names = people.names(entry.by)
    return Approval(
        by=entry.by,
        teams=(*entry.teams, *_teams(names, told.teams)),
        commit=entry.commit,
        also=tuple(sorted(people.known_as(entry.by))),
        maybe=tuple(a for a in approvers if _may_be(a, told, entry)),
        void=_void(entry, told, people, now),
        bot=entry.bot,
        time=entry.time.strftime("%Y-%m-%dT%H:%M:%SZ") if entry.time else None,
        policy=entry.policy,
        source=entry.source,
    )


def _teams(names: frozenset[str], teams: Mapping[str, frozenset[str]]) -> list[str]:
    return sorted(team for team, members in teams.items() if members & names)


def _may_be(approver: str, told: Told, entry: Entry) -> bool:
    """Tell whether it is not known who is of a team, so that this person may be."""
    if told.grouped == "never" or identity_of(approver) in told.teams:
        return False
    if identity_of(approver) == identity_of(entry.by):
        return False
    return told.grouped == "always" or "/" in approver


def _void(entry: Entry, told: Told, people: People, now: datetime) -> str | None:
    if entry.decision == "dismiss":
        return "was dismissed"
    if entry.decision == "request-changes":
        return "was taken back: changes are requested"
    if entry.time is not None and entry.time > now + _SKEW:
        return _EARLY
    known = people.known_as(entry.by)
    if any(known & people.known_as(author) for author in told.authors):
        return "is by the change's author"
    return None
