"""Kept facts are the facts that were kept."""

from bylaw.facts import extractor
from bylaw.facts.model import PARTS, FileFacts
from bylaw.facts.packing import pack, unpack

TEXT = b'''"""A module."""
from __future__ import annotations
from os import environ as e, path
import typing as t

@t.final
@route("/x", auth=True)
class A(Base[int], metaclass=M):
    """Doc."""
    x: int = 1
    def f(self, a, *, b: int = 2, **rest):
        try:
            return e.get("a", default=1, **rest)
        except (KeyError, ValueError):
            pass
def broken(:
'''


def test_what_comes_back_is_what_was_kept() -> None:
    facts = extractor("python")(TEXT, ".py")
    assert facts.imports
    assert facts.uses
    assert facts.calls
    assert facts.catches
    assert facts.definitions
    assert facts.faults
    back = unpack(pack(facts))
    assert back is not None
    for part in PARTS:
        assert getattr(back, part) == getattr(facts, part)
        if part not in {"names", "documented"}:
            first, again = getattr(facts, part), getattr(back, part)
            assert [type(entry) for entry in first] == [type(entry) for entry in again]


def test_what_is_no_facts_is_none() -> None:
    for data in (b"", b"x", b"\xe9", pack(FileFacts())[:-3]):
        assert unpack(data) is None
