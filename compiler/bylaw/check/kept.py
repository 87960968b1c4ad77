"""Findings and facts of an earlier run, kept for the content they were made from."""

import io
import pickle
from collections.abc import Callable, Mapping
from typing import Any

from bylaw.cache import Cache
from bylaw.check.finding import Finding, Fix, NotEvaluated, Step, Violation
from bylaw.digest import sha256
from bylaw.facts.model import FileFacts, Place
from bylaw.facts.packing import pack, unpack

Kept = Mapping[str, tuple[bytes, tuple[Finding, ...]]]
"""By path, the digest of the content and what was found in it."""


class KeptFindings:
    """What a plan has found in each file; `key` names all that decides it besides the files' bytes.

    The same constraints, the same layout, the same list of files: one key.
    """

    def __init__(self, cache: Cache, key: str) -> None:
        self._cache = cache
        self._key = key

    def read(self) -> Kept:
        """Return what is kept; nothing where there is nothing, or it cannot be read."""
        data = self._cache.kept("findings", self._key)
        return _unpickle(data) if data is not None else {}

    def write(self, before: Kept, now: Kept) -> None:
        """Keep what was found, if anything is new."""
        if now != before:
            self._cache.keep("findings", [(self._key, _pickle(now))])


_PARTS = {kind.__qualname__: kind for kind in (Violation, NotEvaluated, Step, Fix, Place)}


def _pickle(found: Kept) -> bytes:
    return pickle.dumps(found, protocol=5)


class _Unpickler(pickle.Unpickler):
    """Reads findings and nothing else: a cache that was tampered with cannot run code."""

    def find_class(self, module: str, name: str) -> Any:
        part = _PARTS.get(name)
        if part is None or part.__module__ != module:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a finding")
        return part


def _unpickle(data: bytes) -> Kept:
    try:
        found: Kept = _Unpickler(io.BytesIO(data)).load()
    except Exception:
        # Whatever a broken row raises, it is not used.
        return {}
    return found


class KeptFacts:
    """Facts by content: made once, read ever after."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._fresh: list[tuple[str, bytes]] = []

    def __call__(self, data: bytes, sort: str, make: Callable[[], FileFacts]) -> FileFacts:
        """Return the facts of a content; `sort` is the language and the ending it is read as."""
        key = f"{sha256(data).hexdigest()} {sort}"
        row = self._cache.kept("facts", key)
        if row is not None:
            found = unpack(row)
            if found is not None:
                return found
        facts = make()
        self._fresh.append((key, pack(facts)))
        return facts

    def flush(self) -> None:
        """Write what was made since the last time, in one transaction."""
        if self._fresh:
            self._cache.keep("facts", self._fresh)
            self._fresh = []
