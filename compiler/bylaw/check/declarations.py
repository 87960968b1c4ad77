"""The declared dependencies of a tree's manifests, with those of the files that they take in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from posixpath import dirname, join

from bylaw.check.evidence import Evidence
from bylaw.check.finding import NotEvaluated
from bylaw.keys.model import BrokenFileError
from bylaw.manifests import Declared, Gap, Manifest, kind_of, read_manifest
from bylaw.manifests.model import Include
from bylaw.unevaluable import UnevaluableError

_MOST_FILES = 200
"""A manifest that takes in more files than this is not followed further."""


@dataclass(frozen=True)
class Declarations:
    """What one manifest declares, and what of it cannot be read."""

    path: str
    declared: tuple[Declared, ...] = ()
    gaps: tuple[Gap, ...] = ()

    def unread(self, identity: str) -> Iterator[NotEvaluated]:
        """Yield why the manifest has no verdict, if it has none: the first reason is enough."""
        for gap in self.gaps[:1]:
            yield NotEvaluated(identity, gap.reason, self.path, gap.place)


def declarations(
    paths: Sequence[str], evidence: Evidence, *, follow: bool
) -> tuple[Declarations, ...]:
    """Return the declarations of manifests, in their order.

    With `follow` a manifest declares what the files that it takes in do, at the place where it
    takes them in; else only where these are no manifests by their own name.
    """
    known = frozenset(paths)
    return tuple(_Reading(path, evidence, known, follow).all() for path in paths)


class _Reading:
    """One manifest and, one after the other, the files that it takes in."""

    def __init__(self, path: str, evidence: Evidence, known: frozenset[str], follow: bool) -> None:
        self.path = path
        self.evidence = evidence
        self.known = known
        self.follow = follow
        self.declared: list[Declared] = []
        self.gaps: list[Gap] = []

    def all(self) -> Declarations:
        try:
            manifest = _read(self.path, self.evidence)
        except UnevaluableError as error:
            return Declarations(self.path, gaps=(Gap(error.reason, error.place),))
        self.declared += (self._resolved(one) for one in manifest.declared)
        files = self.evidence.file_set
        self.gaps += (gap for gap in manifest.gaps if files.isdisjoint(gap.elsewhere))
        self._take_in(manifest.includes)
        return Declarations(self.path, tuple(self.declared), tuple(self.gaps))

    def _take_in(self, includes: Sequence[Include]) -> None:
        seen = {self.path}
        waiting = [(include, include) for include in reversed(includes)]
        while waiting:
            include, first = waiting.pop()
            path = include.path
            if path in seen or path in self.known or (not self.follow and kind_of(path)):
                continue
            seen.add(path)
            if len(seen) > _MOST_FILES:
                self.gaps.append(Gap("it takes in too many files", first.place))
                return
            try:
                manifest = _read(path, self.evidence)
            except UnevaluableError as error:
                self.gaps.append(Gap(f"it takes in `{path}`: {error.reason}", first.place))
                continue
            sections = first.sections
            self.declared += (
                one._replace(place=first.place, sections=sections, production=not sections)
                for one in manifest.declared
            )
            self.gaps += (gap._replace(place=first.place) for gap in manifest.gaps)
            waiting += [(below, first) for below in reversed(manifest.includes)]

    def _resolved(self, one: Declared) -> Declared:
        """Return a declaration with the version that the workspace offers for it."""
        if not one.shared:
            return one
        folder = dirname(self.path)
        while True:
            path = join(folder, self.path.rpartition("/")[2])
            if path in self.evidence.file_set:
                offer = self._offer(path, one.written)
                if offer is not None:
                    return one._replace(
                        name=offer.name, range=offer.range, written=offer.written, pin=offer.pin
                    )
            if not folder:
                return one
            folder = dirname(folder)

    def _offer(self, path: str, name: str) -> Declared | None:
        try:
            return _read(path, self.evidence).offers.get(name)
        except UnevaluableError:
            return None


def _read(path: str, evidence: Evidence) -> Manifest:
    if kind_of(path) is None and not path.endswith((".txt", ".in")):
        raise UnevaluableError("it is no manifest that is read")
    try:
        return read_manifest(path, evidence.view(path).data)
    except BrokenFileError as error:
        raise UnevaluableError(error.reason, error.place) from None
