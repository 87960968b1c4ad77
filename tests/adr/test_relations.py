"""Relations as written, and as resolved across files."""

import time
from dataclasses import dataclass

import pytest

from bylaw.adr.resolution import resolve
from bylaw.diagnostics import Span
from bylaw.ir import Relation
from tests.adr.reading import DECISION, read

NOWHERE = Span("a.md", 1, 1, 0, 1, 1, 0)


@dataclass(frozen=True)
class Adr:
    """The part of a header that resolution reads."""

    path: str
    id: str
    number: int | None
    title: str
    relations: tuple[Relation, ...]


def adr(name: str, *, superseded_by: str) -> Adr:
    relation = Relation(kind="superseded-by", raw=superseded_by, span=NOWHERE)
    return Adr(f"docs/adr/{name}", name.removesuffix(".md"), int(name[:4]), name, (relation,))


def relations(status: str) -> list[tuple[str, str, bool]]:
    found = read(f"# 1. Boats\n\n## Status\n\n{status}\n{DECISION}")
    return [(r.kind, r.raw, r.partial) for r in found.metadata.relations]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Superseded by [2](0002-b.md)", [("superseded-by", "[2](0002-b.md)", False)]),
        ("Superceded by ADR-0002", [("superseded-by", "ADR-0002", False)]),
        ("Superseded (never built) by [2](/adr/2)", [("superseded-by", "[2](/adr/2)", False)]),
        ("**Superseded** (by HULL-016)", [("superseded-by", "HULL-016", False)]),
        (
            "Superseded by [2](/adr/2) and [3](/adr/3)",
            [("superseded-by", "[2](/adr/2)", False), ("superseded-by", "[3](/adr/3)", False)],
        ),
        ("Superseded by Use longer ropes.", [("superseded-by", "Use longer ropes", False)]),
        (
            "Invalidated by [0002-b.md](0002-b.md)",
            [("superseded-by", "[0002-b.md](0002-b.md)", False)],
        ),
        ("Deprecated in favour of ADR 9", [("superseded-by", "ADR 9", False)]),
        ("Rejected in favour of ADR 9", [("relates-to", "ADR 9", False)]),
        ("❌ Rejected (see [9](0009-x.md))", [("relates-to", "[9](0009-x.md)", False)]),
        (
            "Accepted\n\nAmended by [2](0002-b.md)\n\nRequires [3](0003-c.md)",
            [("amended-by", "[2](0002-b.md)", False), ("depends-on", "[3](0003-c.md)", False)],
        ),
        ("Partly superseded by [2](0002-b.md)", [("superseded-by", "[2](0002-b.md)", True)]),
        (
            "Accepted\n\nSupersedes some aspects of [2](b.md) and [3](c.md)",
            [("supersedes", "[2](b.md)", True), ("supersedes", "[3](c.md)", True)],
        ),
        ("Superseded", []),
        ("Superseded — nobody sails any more", []),
        ("Reverted by [a talk](https://forum.example/t/1)", []),
        ("Accepted\n\nSupersedes N/A", []),
        ("Accepted\n\nWe see no reason to wait", []),
    ],
)
def test_the_status_says_how_decisions_relate(
    status: str, expected: list[tuple[str, str, bool]]
) -> None:
    assert relations(status) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\nsupersedes:\n  - ADR-3\n  - ADR-4\n---\n# A\n", ["ADR-3", "ADR-4"]),
        ("---\nsupersedes: 3, 4\n---\n# A\n", ["3", "4"]),
        ("---\nsupersedes:\n---\n# A\n", []),
        (
            "# A\n\n| Status | Accepted |\n|---|---|\n| Supersedes | [3](0003-c.md) |\n",
            ["[3](0003-c.md)"],
        ),
        ("# A\n\n| Status | Accepted |\n|---|---|\n| Supersedes | N/A |\n", []),
        ("# A\n\nReplaces: [C](./0003-c.md)\n", ["[C](./0003-c.md)"]),
        ("# A\n\n* Supersedes: Paint the hull (2019)\n", ["Paint the hull (2019)"]),
        ("# A\n\n## Links\n\n* Supersedes [C](0003-c.md)\n* [D](0004-d.md)\n", ["[C](0003-c.md)"]),
        ("# A\n\n> **Replaces [C](0003-c.md).**\n", ["[C](0003-c.md)"]),
        ("# A\n\n> Write here what it supersedes, such as Use paint.\n", []),
        ("# A\n\nReplaces: [C][c]\n\n[c]: 0003-c.md\n", ["[C](0003-c.md)"]),
    ],
)
def test_each_place_of_a_supersession_is_read(text: str, expected: list[str]) -> None:
    found = read(text + DECISION)
    assert [r.raw for r in found.metadata.relations if r.kind == "supersedes"] == expected


def test_a_relation_points_at_its_own_words() -> None:
    found = read(
        f"# Ä\r\n\r\n## Status\r\n\r\n✅ Superseded by [Ö](0002-o.md), see ADR-3\r\n{DECISION}"
    )
    pointed = [
        found.source.data[r.span.offset : r.span.end_offset].decode()
        for r in found.metadata.relations
    ]
    assert pointed == ["[Ö](0002-o.md)", "ADR-3"]


def test_prose_relates_nothing() -> None:
    found = read(f"# A\n\n## Status\n\nAccepted\n{DECISION}\nThis supersedes [C](0003-c.md).\n")
    assert found.metadata.relations == ()


@pytest.mark.parametrize(
    ("raw", "target"),
    [
        ("[x](0002-ropes.md#why)", "docs/adr/0002-ropes.md"),
        ("[x](../adr/0002-ropes.md)", "docs/adr/0002-ropes.md"),
        ("[x](0002-ropes)", "docs/adr/0002-ropes.md"),
        ("[x](/docs/adr/0002-ropes.md)", "docs/adr/0002-ropes.md"),
        (
            "[x](https://forge.example/o/r/blob/main/docs/adr/0002-ropes.md)",
            "docs/adr/0002-ropes.md",
        ),
        ("[x](use%20tar.md)", "docs/adr/use tar.md"),
        ("[x](tides)", "docs/adr/tides/README.md"),
        ("[ADR 2](/adr/2)", "docs/adr/0002-ropes.md"),
        ("[ADR-2](0002-longer-ropes.md)", "docs/adr/0002-ropes.md"),
        ("[ADR-2](0002-compliance.md)", None),
        ("ADR-0002", "docs/adr/0002-ropes.md"),
        ("2", "docs/adr/0002-ropes.md"),
        ("0002-ropes", "docs/adr/0002-ropes.md"),
        ("HULL-007", "docs/adr/HULL-007-tar.md"),
        ("ADR-7", "docs/adr/HULL-007-tar.md"),
        ("MAST-007", None),
        ("use LONGER ropes", "docs/adr/0002-ropes.md"),
        ("ADR-1", None),
        ("[x](0001-boats.md)", None),
        ("ADR-99", None),
    ],
)
def test_a_reference_finds_its_decision_or_none(raw: str, target: str | None) -> None:
    relation = Relation(kind="supersedes", raw=raw, span=NOWHERE)
    decisions = [
        Adr("docs/adr/0001-boats.md", "0001-boats", 1, "Boats", (relation,)),
        Adr("docs/adr/0002-ropes.md", "0002-ropes", 2, "Use longer ropes", ()),
        Adr("docs/adr/use tar.md", "use-tar", None, "Use tar", ()),
        Adr("docs/adr/tides/README.md", "tides", None, "Tides", ()),
        Adr("docs/adr/HULL-007-tar.md", "HULL-007-tar", 7, "Tar", ()),
    ]
    assert resolve(decisions)["docs/adr/0001-boats.md"][0].target == target


def test_of_two_with_one_number_the_one_in_the_same_folder_is_meant() -> None:
    relation = Relation(kind="supersedes", raw="ADR-2", span=NOWHERE)
    decisions = [
        Adr("a/adr/0001-x.md", "0001-x", 1, "X", (relation,)),
        Adr("a/adr/0002-y.md", "0002-y", 2, "Y", ()),
        Adr("b/adr/0002-z.md", "0002-z", 2, "Z", ()),
    ]
    assert resolve(decisions)["a/adr/0001-x.md"][0].target == "a/adr/0002-y.md"


def test_resolution_does_not_depend_on_the_order() -> None:
    decisions = [adr(f"{n:04}-x.md", superseded_by=f"ADR-{n + 1}") for n in range(1, 30)]
    forwards, backwards = resolve(decisions), resolve(decisions[::-1])
    assert forwards == backwards
    assert forwards["docs/adr/0004-x.md"][0].target == "docs/adr/0005-x.md"


def test_ten_thousand_decisions_resolve_in_linear_time() -> None:
    decisions = [adr(f"{n:04}-x.md", superseded_by=f"ADR-{n - 1}") for n in range(2, 10_000)]
    started = time.process_time()
    resolve(decisions)
    assert time.process_time() - started < 5
