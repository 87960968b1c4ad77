"""The page for agents: what it says, and that the text of an ADR stays text."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from syrupy.assertion import SnapshotAssertion
from tests.targets.compiled import assemble, scoped
from tests.targets.sentences import EVERY_SHAPE, TREE

from bylaw.scope import ScopedDecision
from bylaw.target import Fidelity
from bylaw_targets.agents import Agents, code, inert

MARKDOWN = MarkdownIt("gfm-like", {"linkify": False, "html": True})


def page(*decisions: ScopedDecision, next_change: date | None = None) -> str:
    (artifact,) = assemble(Agents(), *decisions, next_change=next_change).values()
    assert artifact.path == "AGENTS.md"
    return artifact.data.decode()


def section(text: str, heading: str) -> str:
    """Return what stands below a heading."""
    below = text.partition(f"\n## {heading}\n")[2]
    assert below, f"no heading `{heading}`"
    return below.partition("\n## ")[0]


def test_the_page_of_every_shape(snapshot: SnapshotAssertion) -> None:
    answers = {
        "semgrep": {"import": Fidelity("exact"), "files": Fidelity("unsupported", "because")},
        "import-linter": {"import": Fidelity("approximate", "it is", "misses")},
    }
    assert page(scoped(EVERY_SHAPE, TREE, fidelity=answers)) == snapshot


def test_a_constraint_is_read_with_the_lead_in_that_scopes_it() -> None:
    text = page(
        scoped(
            "In `shop/**`, except `shop/old/**`:\n\n- [doc] Each function MUST have a docstring.\n",
            TREE,
        )
    )
    assert "In `shop/**`, except in `shop/old/**`: Each function" in section(text, "`shop/`")
    assert "\n## Everywhere" not in text


def test_a_constraint_stands_below_the_places_it_binds() -> None:
    text = page(
        scoped(
            "- [one] Modules in `shop.domain` MUST NOT import `x`.\n"
            "- [two] Modules in `shop.domain.order` MUST NOT import `y`.\n"
            "- [three] Files in `web/**` MUST NOT contain `z`.\n"
            "- [four] The project MUST NOT depend on `moment`.\n"
            "- [five] CI MUST run `make`.\n",
            TREE,
        )
    )
    assert "7-domain/one**" in section(text, "`shop/domain/`")
    assert "7-domain/two**" in section(text, "`shop/domain/order.py`")
    assert "7-domain/three**" in section(text, "`web/`")
    assert "7-domain/four**" in section(text, "Everywhere")
    assert "7-domain/five**" in section(text, "How changes are made")


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "Checked by `bylaw check`."),
        ({"semgrep": Fidelity("unsupported", "no")}, "Checked by `bylaw check`."),
        ({"semgrep": Fidelity("exact")}, "Checked by `bylaw check` and semgrep."),
        (
            {"x": Fidelity("approximate", "r", "misses")},
            "Checked by `bylaw check`, in part by x.",
        ),
        (
            {"semgrep": Fidelity("exact"), "x": Fidelity("approximate", "r", "misses")},
            "Checked by `bylaw check` and semgrep, in part by x.",
        ),
    ],
)
def test_each_item_says_which_machine_checks_it(answers: dict[str, Fidelity], said: str) -> None:
    fidelity = {target: {"it": answer} for target, answer in answers.items()}
    sentence = "- [it] Code in `shop/**` MUST NOT call `print`."
    assert f"\n  {said} [docs" in page(scoped(sentence, TREE, fidelity=fidelity))


def test_a_link_leads_to_the_line_of_the_decision() -> None:
    text = page(scoped("- [it] Code in `shop/**` MUST NOT call `print`.", TREE))
    assert "[docs/adr/0007-domain.md:5](/docs/adr/0007-domain.md#L5)" in text


def test_what_is_not_in_force_today_is_not_on_the_page() -> None:
    text = page(
        scoped("- [it] Code in `shop/**` MUST NOT call `print` from 2031-01-01.", TREE),
        next_change=date(2031, 1, 1),
    )
    assert "print" not in text
    assert "No constraint is in force." in text


def test_a_proposed_decision_stands_apart() -> None:
    sentence = "- [it] Code in `shop/**` MUST NOT call `print`.\n- Guidance: be brief.\n"
    text = page(scoped(sentence, TREE, proposed=True))
    assert "7-domain/it**" in section(text, "Proposed, and not in force")
    assert "be brief" not in text


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        (
            "Agents MUST read `docs/a.md` before changing `src/**`.",
            "Checked by `bylaw check` (with `--record`).",
        ),
        ("Agents MUST spend at most 9 tokens.", "Checked by `bylaw check` (with `--record`)."),
        ("Agents MUST change at most 9 files.", "Checked by `bylaw check` (with `--agent`)."),
        ("Command `make` MUST pass.", "Checked by `bylaw check` (with `--run`)."),
        (
            "Code in `src/**` MUST NOT call `eval` for new code.",
            "Checked by `bylaw check` (against a base).",
        ),
    ],
)
def test_what_a_check_has_to_be_given_is_said(sentence: str, said: str) -> None:
    assert said in page(scoped(f"- [one] {sentence}\n", TREE))


def test_guidance_is_marked_as_checked_by_no_machine() -> None:
    text = page(scoped("- Guidance: prefer plain functions.\n", TREE))
    assert "No machine checks any of this." in section(text, "Guidance")
    assert "prefer plain functions" in section(text, "Guidance")


# --- injection -----------------------------------------------------------------------------------

HOSTILE = [
    "-->",
    "<!-- x",
    "<script>alert(1)</script>",
    "# heading",
    "\n\n# heading\n",
    "```\ncode",
    "~~~",
    "---\ntitle: x\n---",
    "- item\n- item",
    "1. item",
    "> quote",
    "    code",
    "[text](javascript:alert(1))",
    "![image](http://x.example/y.png)",
    "<https://x.example>",
    "[ref]: http://x.example",
    "[^1]",
    "| a | b |\n|---|---|",
    "&#60;b&#62; &lt;b&gt;",
    "`unclosed",
    "``a`b``",
    "` `",
    "*bold* __init__ ~~gone~~",
    "\\` \\\\",
    "a\u202eb\u200bc\ufeff\U000e0041\x00\x1b[31m\x7f\udcff",
    "line\u2028separator\u2029\x85\x0b\x0cend",
    "[x] todo",
    "setext\n===",
]

# What the page itself is made of; everything else would be a text that has broken out.
PLAIN = {
    *("text", "code_inline", "strong_open", "strong_close", "em_open", "em_close", "softbreak"),
    *("link_open", "link_close"),
}


def inline(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens for child in token.children or ()]


def hostile_page(text: str) -> str:
    decision = scoped(EVERY_SHAPE, TREE)
    constraints = tuple(
        each._replace(constraint=each.constraint.model_copy(update=poison(each.constraint, text)))
        for each in decision.constraints
    )
    waivers = tuple(
        each._replace(
            waivers=tuple(w.model_copy(update={"ticket": text}) for w in each.waivers),
            permissions=tuple(p.model_copy(update={"sentence": text}) for p in each.permissions),
            full_id=f"{text}/x",
        )
        for each in constraints
    )
    guidance = tuple(g.model_copy(update={"text": text}) for g in decision.guidance)
    node = decision.decision.model_copy(update={"id": text, "title": text})
    return page(replace(decision, decision=node, constraints=waivers, guidance=guidance))


def poison(node: Any, text: str) -> dict[str, Any]:
    found: dict[str, Any] = {"sentence": text, "because": f"{text} b"}
    if node.alternative is not None:
        found["alternative"] = node.alternative.model_copy(update={"text": f"{text} a"})
    if node.shape == "semgrep":
        found["pattern"] = text
    return found


def outline(text: str) -> list[tuple[str, str]]:
    tokens = MARKDOWN.parse(text)
    return [(t.type, t.tag) for t in tokens if t.type not in {"inline", "text"}]


@pytest.mark.parametrize("text", HOSTILE)
def test_the_text_of_a_decision_cannot_change_the_page(text: str) -> None:
    found = hostile_page(text)
    assert outline(found) == outline(hostile_page("plain"))
    kinds = {token.type for token in inline(MARKDOWN.parse(found))}
    assert kinds <= PLAIN
    links = [t.attrGet("href") for t in inline(MARKDOWN.parse(found)) if t.type == "link_open"]
    assert all(str(link).startswith("/docs/adr/0007-domain.md#L") for link in links)
    assert found.replace("\n", "").isprintable()
    assert found.startswith("# Decisions")


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("`*_[]()<>!#-+=~|\\&;:\n \t.1aé\u202e\u200b"), max_size=24))
def test_no_text_can_change_the_page(text: str) -> None:
    # An id that is empty or white space leaves its bold mark without content.
    safe = f"a{text}"
    assert outline(hostile_page(safe)) == outline(hostile_page("plain"))
    assert {token.type for token in inline(MARKDOWN.parse(hostile_page(safe)))} <= PLAIN


@given(st.text(st.sampled_from("`ab <[*_\\"), min_size=1, max_size=12).map(str.strip).filter(bool))
def test_a_code_span_holds_exactly_its_text(text: str) -> None:
    single = " ".join(text.split())
    (token,) = inline(MARKDOWN.parse(f"x {code(single)} y"))[1:2]
    assert (token.type, token.content) == ("code_inline", single)


@given(st.text(st.sampled_from("`ab <[*_\\&;#]~!"), max_size=16))
def test_inert_text_reads_as_it_was_written(text: str) -> None:
    """Rendered, plain text is what it was; a code span is its content."""
    written = " ".join(text.split())
    if "`" in written:
        return
    tokens = inline(MARKDOWN.parse(f"x {inert(written)} y"))
    assert {token.type for token in tokens} <= {"text"}
    assert "".join(token.content for token in tokens) == f"x {written} y"
