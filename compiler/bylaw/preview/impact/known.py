"""What was found in files that have not changed since: so that a second look is quick.

A judge that looks at each file by itself is asked again only about those that have changed; one
that looks at the tree as a whole is spared where nothing has.
"""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from time import time_ns
from typing import NamedTuple

from bylaw.cache import Cache
from bylaw.check.engine import Progress, find
from bylaw.check.evidence import Evidence
from bylaw.check.judges import FileJudge, judge_of
from bylaw.check.kept import KeptFacts
from bylaw.check.new import OF_THE_CHANGE
from bylaw.check.verdict import Finding
from bylaw.check.weaken import meaning
from bylaw.scoped import ScopedConstraint

_MOST_SCANS = 4
"""Looks at the tree whose stamps are kept: with a hundred thousand files each takes ten megabytes.

What was found of a constraint goes with the last look that it was judged in.
"""

_RACY_NS = 2_000_000_000
"""A file that was written this shortly before it was looked at may have changed since, unseen."""

Stamps = Mapping[str, int]
"""By path, what changes whenever a file does; a path without one is always looked at again."""

Found = dict[str, list[Finding]]


class _Seen(NamedTuple):
    """What was found of a constraint, and the stamps that the tree's files had."""

    stamps: Stamps
    found: tuple[Finding, ...]


class Known:
    """What was found of each constraint of a repository, in memory, while a process lives.

    `keep` are facts of files, which outlive it.
    """

    def __init__(self, root: Path) -> None:
        self.keep = KeptFacts(Cache(root))
        self._root = root
        self._seen: dict[object, _Seen] = {}

    def find(
        self,
        constraints: Sequence[ScopedConstraint],
        evidence: Evidence,
        ground: str,
        laid_over: Mapping[str, bytes],
        progress: Progress | None = None,
    ) -> Found:
        """Judge every constraint, and only what is not known.

        `ground` tells whether anything has changed that findings depend on besides the bytes of
        files; `laid_over` are files that hold something else than the disk does.
        """
        now = _stamps(self._root, evidence.tree.files, laid_over)
        keys = {s.full_id: _key(s, ground, laid_over) for s in constraints if _is_of_files(s)}
        found: Found = {}
        fresh: list[ScopedConstraint] = []
        again: dict[int, tuple[Stamps, list[ScopedConstraint]]] = {}
        for scoped in constraints:
            seen = self._seen.get(keys.get(scoped.full_id))
            if seen is None:
                fresh.append(scoped)
            elif _is_apart(scoped):
                again.setdefault(id(seen.stamps), (seen.stamps, []))[1].append(scoped)
            elif len(now) + len(laid_over) >= len(evidence.tree.files) and seen.stamps == now:
                found[scoped.full_id] = list(seen.found)
            else:
                fresh.append(scoped)
        found |= find(fresh, evidence, None, progress)
        for before, group in again.values():
            found |= self._find_changed(group, evidence, _same(before, now), keys, progress)
        self._keep(keys, found, now)
        return found

    def _find_changed(
        self,
        group: Sequence[ScopedConstraint],
        evidence: Evidence,
        same: frozenset[str],
        keys: Mapping[str, object],
        progress: Progress | None,
    ) -> Found:
        """Judge the files that are not the `same` as before; what is absent is looked for anew."""
        found = find(group, evidence, None, progress, only=lambda path: path not in same)
        for scoped in group:
            kept = [f for f in self._seen[keys[scoped.full_id]].found if f.path in same]
            if kept:
                found[scoped.full_id] = sorted([*found[scoped.full_id], *kept], key=_by_place)
        return found

    def _keep(self, keys: Mapping[str, object], found: Found, now: Stamps) -> None:
        for identity, key in keys.items():
            self._seen.pop(key, None)
            self._seen[key] = _Seen(now, tuple(found[identity]))
        scans = list(dict.fromkeys(id(seen.stamps) for seen in reversed(self._seen.values())))
        kept = frozenset(scans[:_MOST_SCANS])
        self._seen = {key: seen for key, seen in self._seen.items() if id(seen.stamps) in kept}


def _by_place(finding: Finding) -> tuple[str, tuple[int, ...]]:
    return finding.path or "", tuple(finding.place or ())


def _is_of_files(scoped: ScopedConstraint) -> bool:
    """Tell whether nothing but the tree's files decides what is found."""
    return scoped.constraint.shape not in OF_THE_CHANGE


def _is_apart(scoped: ScopedConstraint) -> bool:
    """Tell whether no file has a part in what is found in another one."""
    return isinstance(judge_of(scoped.constraint), FileJudge) and (
        scoped.constraint.shape != "inherit"
    )


def _key(scoped: ScopedConstraint, ground: str, laid_over: Mapping[str, bytes]) -> object:
    # What looks at the tree as a whole may look at the text that is laid over it.
    texts = () if _is_apart(scoped) else tuple(sorted(laid_over.items()))
    return scoped.full_id, meaning(scoped), scoped.tests, ground, texts


def _same(before: Stamps, now: Stamps) -> frozenset[str]:
    return frozenset(path for path, stamp in now.items() if before.get(path) == stamp)


def _stamps(root: Path, files: Iterable[str], laid_over: Collection[str]) -> Stamps:
    prefix = os.path.join(root, "")
    latest = time_ns() - _RACY_NS
    stamps: dict[str, int] = {}
    for path in files:
        if path in laid_over:
            continue
        try:
            status = os.lstat(prefix + path)
        except OSError:
            continue
        if max(status.st_mtime_ns, status.st_ctime_ns) < latest:
            # One number in the place of four: there are as many as there are files.
            stamps[path] = hash(
                (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
            )
    return stamps
