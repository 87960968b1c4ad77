"""From a name to what it names, and back; and the outline of an ADR."""

import pytest

from bylaw.editing.places import definition, references
from bylaw.editing.symbols import folds, symbols
from tests.editing.writing import HEAD, NEW, Writing

ONE_DOOR = "0003-database-behind-the-store"
STORE = f"docs/adr/{ONE_DOOR}.md"
TOKENS = "docs/adr/0009-signed-tokens.md"


def defined(shop: Writing, text: str) -> tuple[str, int] | None:
    """Return path and line (from 0) of what is named at the `|` of a text."""
    before, _, after = text.partition("|")
    at = before.count("\n"), len(before) - before.rfind("\n") - 1
    found = definition(shop.linked(before + after), NEW, at)
    return (found[0].path, found[0].selection[0][0]) if found else None


def test_a_waiver_leads_to_its_constraint_here_and_elsewhere(shop: Writing) -> None:
    own = f"{HEAD}- [no-orm] Modules in `shop.web` MUST NOT import `x`.\n"
    tail = "]: `src/shop/cli/main.py` until 2030-01-01, approved by `@a`, because b.\n"
    assert defined(shop, f"{own}- Waiver for [no-|orm{tail}") == (NEW, HEAD.count("\n"))
    path, line = defined(shop, f"{own}- Waiver for [{ONE_DOOR}/one|-door{tail}") or ("", 0)
    assert path == STORE
    assert "[one-door]" in (shop.workspace.root / STORE).read_text().split("\n")[line]


def test_a_permission_leads_to_its_constraint(shop: Writing) -> None:
    text = (
        f"{HEAD}- Modules in `shop.cli` MAY import `sqlalchemy`, despite [{ONE_DOOR}/|one-door].\n"
    )
    assert (defined(shop, text) or ("",))[0] == STORE


@pytest.mark.parametrize(
    "text",
    [
        "# 99. New\n\n## Status\n\nSuperseded by [ADR-9](0009-sig|ned-tokens.md)\n",
        "# 99. New\n\n## Status\n\nAccepted\n\nSupersedes ADR-00|09\n",
        "---\nstatus: accepted\nsupersedes: 0009-signed|-tokens\n---\n\n# New\n",
        "# 99. New\n\nSee [the tokens](0009-signed-to|kens.md#context) for more.\n",
        "# 99. New\n\nSee [the tokens](./0009-signed|-tokens).\n",
    ],
)
def test_a_relation_and_a_link_lead_to_the_decision(shop: Writing, text: str) -> None:
    assert defined(shop, text) == (TOKENS, 0) or (defined(shop, text) or ("",))[0] == TOKENS


def test_a_full_id_in_plain_text_leads_to_its_constraint(shop: Writing) -> None:
    text = f"# 99. New\n\n## Context\n\nUnlike `{ONE_DOOR}/one-|door`, this is soft.\n"
    assert (defined(shop, text) or ("",))[0] == STORE


@pytest.mark.parametrize(
    "text",
    [
        "# 99. N|ew\n",
        "# 99. New\n\nSee [elsewhere](https://exam|ple.org/a.md).\n",
        "# 99. New\n\nSee [code](../../src/sh|op/money.py).\n",
        f"{HEAD}- Waiver for [not-|there]: `a` until 2030-01-01, approved by `@a`, because b.\n",
        "# 99. New\n\n## Status\n\nSuperseded by ADR-07|70\n",
    ],
)
def test_what_names_nothing_leads_nowhere(shop: Writing, text: str) -> None:
    assert defined(shop, text) is None


def test_references_of_a_constraint_are_its_waivers_and_permissions(shop: Writing) -> None:
    text = (
        f"{HEAD}- [no-orm] Modules in `shop.web` MUST NOT import `x`.\n"
        "- Waiver for [no-orm]: `src/shop/web/links.py` until 2030-01-01, approved by `@a`, "
        "because b.\n"
        "- Modules in `shop.web.api` MAY import `x`, despite [no-orm].\n"
    )
    linked = shop.linked(text)
    line = HEAD.count("\n")
    at = (line, 5)
    lines = {place.selection[0][0] for place in references(linked, NEW, at, declared=False)}
    assert lines == {line + 1, line + 2}
    all_of_them = references(linked, NEW, (line + 1, 16), declared=True)
    assert [place.selection[0][0] for place in all_of_them] == [line, line + 1, line + 2]


def test_references_of_a_decision_are_relations_and_links(shop: Writing) -> None:
    text = "# 99. New\n\n## Status\n\nAccepted\n\nSupersedes [ADR-9](0009-signed-tokens.md)\n"
    linked = shop.linked(text)
    before = {place.path for place in references(linked, TOKENS, (0, 4), declared=False)}
    assert NEW in before
    assert references(linked, NEW, (2, 3), declared=True) == ()


def test_the_outline_is_that_of_sections_with_statements_in_them(shop: Writing) -> None:
    text = (
        "# 99. New\n\n## Status\n\nAccepted\n\n## Decision\n\n### Constraints\n\n"
        "- [no-orm] Modules in `shop.web` MUST NOT import `x`.\n- Modules must not.\n"
        "- Note: so be it.\n\n## Consequences\n\nNone.\n"
    )
    (title,) = symbols(shop.linked(text), NEW)
    assert title.name == "99. New"
    assert [each.name for each in title.children] == ["Status", "Decision", "Consequences"]
    (constraints,) = title.children[1].children
    assert [(each.name, each.kind) for each in constraints.children] == [
        ("no-orm", "constraint"),
        ("rejected", "rejected"),
        ("note", "note"),
    ]
    for outer in (title, *title.children, constraints):
        assert outer.span[0] <= outer.selection[0] <= outer.selection[1] <= outer.span[1]
        for inner in outer.children:
            assert outer.span[0] <= inner.span[0] <= inner.span[1] <= outer.span[1]
    assert (6, 12) in folds(shop.linked(text), NEW)


def test_a_file_that_is_no_text_has_no_outline(shop: Writing) -> None:
    linked = shop.workspace.linked({NEW: b"# X\n\xff\n"})
    assert symbols(linked, NEW) == ()
    assert definition(linked, NEW, (0, 1)) is None
