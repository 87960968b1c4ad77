"""Edits that are offered do what their titles say, and leave nothing worse behind."""

import re
import shutil
from pathlib import Path

import pytest

from bylaw.config import Config
from bylaw.diagnostics import Diagnostic
from bylaw.editing.actions import Action, actions
from bylaw.fmt import format_source
from bylaw.preview.become import become
from bylaw.prove.run import Request, prove_repository
from bylaw.source import Source
from tests.editing.writing import HEAD, NEW, Writing, apply

STORE = "0003-database-behind-the-store"
DEBT = "`src/shop/money.py` until 2030-01-01, approved by `@a`, because b."


def offered(shop: Writing, item: str) -> tuple[Source, list[Action], list[Diagnostic]]:
    """Return what is offered about one item of a section, and what is wrong with it."""
    text = f"{HEAD}- {item}\n"
    linked = shop.linked(text)
    preview = become(linked, NEW)
    assert preview is not None
    line = HEAD.count("\n")
    found = actions(linked, NEW, ((line, 0), (line, 200)), preview.diagnostics)
    return Source(NEW, text.encode()), list(found), list(preview.diagnostics)


def mended(shop: Writing, item: str) -> list[str]:
    """Return the item after each edit that mends a diagnostic of it."""
    source, found, _ = offered(shop, item)
    line = HEAD.count("\n")
    return [
        apply(source, each.edits).lines[line][2:] for each in found if each.diagnostic is not None
    ]


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("Modules in `shop.web` MUST NOT imprt `x`.", "Modules in `shop.web` MUST NOT import `x`."),
        ("Modls in `shop.web` MUST NOT import `x`.", "Modules in `shop.web` MUST NOT import `x`."),
        (
            "Every class in `src/**` MUST have a docstring.",
            "Each class in `src/**` MUST have a docstring.",
        ),
        (
            "[a-b] Modules in `shop.web` must not import `x`.",
            "[a-b] Modules in `shop.web` MUST NOT import `x`.",
        ),
        (
            "Modules in `shop.web` should import `x`.",
            None,
        ),
        ("Modules in `shop.web` MUST NOT import x.", "Modules in `shop.web` MUST NOT import `x`."),
        (
            "Modules in `shop.web` MUST NOT import `x` and `y`.",
            "Modules in `shop.web` MUST NOT import `x` or `y`.",
        ),
        ("[ABC] Files in `src/**` MUST exist.", "[abc] Files in `src/**` MUST exist."),
        ("Files in `./src/` MUST exist.", "Files in `src/` MUST exist."),
        ("Files in `src/**` MUST match `TODO`.", "Files in `src/**` MUST match `/TODO/`."),
        (
            "Code in `src/shop/store/**` MUST NOT import `src/shop/web/`.",
            "Code in `src/shop/store/**` MUST NOT import code in `src/shop/web/`.",
        ),
        (
            "Modules in `shop.stor` MUST NOT import `x`.",
            "Modules in `shop.store` MUST NOT import `x`.",
        ),
        ("Code in `src/shp/**` MUST NOT call `x`.", "Code in `src/shop/**` MUST NOT call `x`."),
        (
            f"Waiver for [{STORE}/one-dor]: {DEBT}",
            f"Waiver for [{STORE}/one-door]: {DEBT}",
        ),
    ],
)
def test_the_advice_of_a_diagnostic_becomes_an_edit(
    shop: Writing, broken: str, whole: str | None
) -> None:
    found = mended(shop, broken)
    if whole is None:
        assert found == [], "no word of advice makes a sentence of this"
    else:
        assert whole in found, found


def test_of_a_bare_list_both_readings_are_offered(shop: Writing) -> None:
    found = mended(shop, "The project MUST depend on `a`, `b`.")
    assert found == [
        "The project MUST depend on `a` and `b`.",
        "The project MUST depend on `a` or `b`.",
    ]


def test_a_misspelt_heading_is_mended(shop: Writing) -> None:
    text = "# 99. New\n\n## Status\n\nAccepted\n\n## Constraint\n\n- Files in `src/` MUST exist.\n"
    linked = shop.linked(text)
    preview = become(linked, NEW)
    assert preview is not None
    (action,) = actions(linked, NEW, ((6, 0), (6, 3)), preview.diagnostics)
    assert apply(Source(NEW, text.encode()), action.edits).lines[6] == "## Constraints"


def test_every_fix_of_the_whole_corpus_leaves_fewer_errors(shop: Writing) -> None:
    folder = Path(__file__).parents[1] / "language" / "faults"
    count = 0
    for name in ("syntax.md", "lowering.md"):
        body = (folder / name).read_text("utf-8").partition("## Constraints\n\n")[2]
        items = re.sub(r" ?<!-- error: .*? -->", "", body).split("\n- ")
        for item in items[:60]:
            if "\n" in item or item.startswith("#"):
                continue
            source, found, before = offered(shop, item.removeprefix("- "))
            errors = sum(each.severity == "error" for each in before)
            for action in found:
                if action.diagnostic is None or action.diagnostic.severity != "error":
                    continue
                count += 1
                after = shop.faults(apply(source, action.edits).text)
                # What it says may well contradict the shop's own decisions.
                own = [each for each in after if each.code < "BL2"]
                assert len(own) < errors, (item, action, after)
    assert count > 15


def test_ids_are_those_that_fmt_writes(shop: Writing) -> None:
    text = (
        f"{HEAD}- Modules in `shop.web` MUST NOT import `x`.\n"
        "- Files in `src/` MUST exist.\n- [a-b] CI MUST run `make lint`.\n"
    )
    line = HEAD.count("\n")
    found = actions(shop.linked(text), NEW, ((line, 4), (line, 4)))
    one, both = [each for each in found if "id" in each.title]
    source = Source(NEW, text.encode())
    assert apply(source, both.edits).data == format_source(source)
    assert apply(source, one.edits).lines[line].startswith("- [no-import-x] Modules")
    named = actions(shop.linked(text), NEW, ((line + 2, 4), (line + 2, 4)))
    assert not [each for each in named if "id" in each.title], "it has one"


PROVEN = [
    "[r1] Modules in `shop.web` MUST NOT import `tkinter`.",
    "[r2] Code in `src/shop/**` MUST NOT call `breakpoint`.",
    "[r3] Each function in `src/shop/payments/**` MUST have a docstring.",
    "[r4] Files in `src/shop/**` MUST NOT contain `BEGIN PRIVATE KEY`.",
    "[r5] Each key `tool.black.skip` in `pyproject.toml` MUST be `true`.",
    "[r6] Functions in `src/shop/web/**` MUST be named `snake_case`.",
    "[r7] The project MUST NOT depend on `moment`.",
    "[r8] Each call to `random.Random` in `src/shop/**` MUST pass an argument.",
]


def test_added_examples_are_accepted_by_prove(shop_root: Path, tmp_path: Path) -> None:
    root = tmp_path / "shop"
    shutil.copytree(shop_root, root)
    for path in (root / "docs" / "adr").glob("00*.md"):
        path.unlink()
    shutil.rmtree(root / "docs" / "adr" / "2026-05-11-reports")
    writing = Writing(root)
    text = HEAD + "".join(f"- {item}\n" for item in PROVEN)
    added: list[str] = []
    for number in range(len(PROVEN)):
        line = next(i for i, t in enumerate(text.split("\n")) if t.startswith(f"- [r{number + 1}]"))
        for verdict in ("violates", "complies"):
            found = actions(writing.linked(text), NEW, ((line, 3), (line, 3)))
            for action in found:
                if action.title == f"Add an example that {verdict}":
                    text = apply(Source(NEW, text.encode()), action.edits).text
                    added.append(f"r{number + 1} {verdict}")
    assert len(added) >= 12, added
    assert not writing.faults(text)
    (root / NEW).write_text(text)
    config = Config(adrs=("docs/adr",), source_roots=("src",), targets=("json",))
    proofs = prove_repository(root, config, Request())
    assert not proofs.faults
    sources = [case.source for proof in proofs.proofs for case in proof.cases]
    assert sources.count("example") == len(added)


def test_a_waiver_for_a_while_compiles_and_names_the_violations(shop: Writing) -> None:
    text = f"{HEAD}- [no-orm] Modules in `shop.web` MUST NOT import `tkinter`.\n"
    linked = shop.linked(text)
    at = ((HEAD.count("\n"), 3),) * 2

    def waive(*paths: str) -> list[str]:
        found = actions(linked, NEW, at, (), lambda _: paths)
        return [
            apply(Source(NEW, text.encode()), each.edits).text
            for each in found
            if each.title.startswith("Waive")
        ]

    (waived,) = waive("src/shop/web/links.py", "src/shop/web/routing.py")
    line = waived.split("\n")[HEAD.count("\n") + 1]
    assert line.startswith("- Waiver for [no-orm]: `src/shop/web/links.py`, `src/shop/web/rout")
    assert "approved by `@tidemark/platform`" in line
    assert not shop.faults(waived)
    assert waive() == [], "what nobody violates needs no waiver"
    unknown = [e for e in actions(linked, NEW, at) if e.title.startswith("Waive")]
    assert "`src/shop/web/" in unknown[0].edits[0].text


def test_what_is_added_stands_under_the_item_whatever_its_list_looks_like(shop: Writing) -> None:
    text = (
        f"{HEAD}10) [ ] [no-orm] Modules in `shop.web`\n    MUST NOT import `tkinter`.\n\n"
        "    A reason.\n\n11) [b-c] Files in `src/` MUST exist.\n\nThe end.\n"
    )
    line = HEAD.count("\n")
    linked = shop.linked(text)
    for action in actions(linked, NEW, ((line, 20), (line, 20))):
        if action.group == "refactor":
            after = apply(Source(NEW, text.encode()), action.edits)
            assert not shop.faults(after.text), after.text
            unit = shop.linked(after.text).program.by_path[NEW]
            assert len(unit.decision.constraints) == 2
            kinds = [statement.statement for statement in unit.decision.statements]
            wanted = 3 if action.title.startswith("Waive") else 2
            assert len(kinds) == wanted, kinds


def test_a_file_that_is_no_text_is_left_alone(shop: Writing) -> None:
    linked = shop.workspace.linked({NEW: b"# X\n\xff\n"})
    assert actions(linked, NEW, ((0, 0), (9, 9))) == ()
