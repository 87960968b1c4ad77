"""Words mean what the table says they mean; everything else is unclear."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bylaw.adr.status import MEANINGS, is_placeholder, normalise
from tests.adr.reading import DECISION, read


@pytest.mark.parametrize(
    ("meaning", "words"),
    [
        (
            "in-force",
            "accepted approved implemented active decided adopted complete completed implementing",
        ),
        ("proposed", "proposed draft pending review rfc incomplete provisional experimental tbd"),
        (
            "retired",
            "superseded superceded deprecated rejected reverted declined invalidated withdrawn",
        ),
    ],
)
def test_each_word_of_the_design_has_its_meaning(meaning: str, words: str) -> None:
    assert {word: normalise(word) for word in words.split()} == dict.fromkeys(
        words.split(), meaning
    )


@pytest.mark.parametrize(
    ("raw", "meaning"),
    [
        ("In review.", "proposed"),
        ("under review", "proposed"),
        ("in-progress", "proposed"),
        ("On hold", "proposed"),
        ("Not-implemented", "retired"),
        ("Not implemented yet", "proposed"),
        ("This decision has been accepted.", "in-force"),
        ("ACCEPTED", "in-force"),
        ("**Approved** by the crew", "in-force"),
        ("** Approved **", "in-force"),
        ("`accepted`", "in-force"),
        ("2026-05-01: accepted", "in-force"),
        ("Accepted (formerly proposed)", "in-force"),
        ("~~Proposed~~ Accepted", "in-force"),
        ("Proposed, not implemented yet", "proposed"),
        ("Accepted, supersedes 0003", "in-force"),
        ("Accepted, superseded by [9](0009-accepted-formats.md)", "retired"),
        ("Superseded by [Use accepted formats](0009-x.md)", "retired"),
        ("Superseded — the accepted way is another", "retired"),
        ("Rejected in favour of the accepted 0009", "retired"),
        ("Accepted. Was proposed in May", "in-force"),
        ("Accepted (tracked in", "in-force"),
    ],
)
def test_a_qualified_status_keeps_the_meaning_of_its_first_word(raw: str, meaning: str) -> None:
    assert normalise(raw) == meaning


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "?",
        "Partly superseded",
        "Partially accepted",
        "Accepted & removed",
        "Accepted if the trial goes well",
        "Proposed, accepted",
        "Accepted, draft",
        "The two points above have been implemented",
        "Gathering information",
        "Refinement completed",
        "Unaccepted",
        "acceptable",
        "see the tracker",
        "Ready",
        "42",
    ],
)
def test_what_the_table_does_not_decide_is_unclear(raw: str) -> None:
    assert normalise(raw) == "unclear"


@given(st.text(max_size=60))
def test_no_text_means_anything_without_a_word_of_the_table(raw: str) -> None:
    known = {word for phrase in MEANINGS for word in phrase}
    if not any(word in raw.lower() for word in known):
        assert normalise(raw) == "unclear"


@given(
    st.sampled_from(sorted(MEANINGS)), st.sampled_from(["", "*", "**", "`", "_", "~", "✅ ", "{"])
)
def test_markup_around_a_phrase_changes_nothing(phrase: tuple[str, ...], mark: str) -> None:
    words = " ".join(phrase)
    closing = {"{": "}"}.get(mark, mark if mark.strip("✅ ") else "")
    assert normalise(f"{mark}{words.title()}{closing}") == MEANINGS[phrase]


@pytest.mark.parametrize(
    "raw",
    [
        "{proposed | accepted}",
        "[draft/final/cancelled]",
        "[proposed, approved, rejected]",
        "What is the status, such as proposed or accepted?",
        "STATUS",
        "{status}",
        "Proposed, accepted, rejected, deprecated …",
        "RFC by dd/mm/YYYY",
    ],
)
def test_a_template_s_choices_are_a_placeholder(raw: str) -> None:
    assert is_placeholder(raw)


@pytest.mark.parametrize(
    "raw",
    ["{accepted}", "Accepted", "[Accepted](https://forge.example/1)", "Accepted (was proposed)"],
)
def test_an_answer_is_no_placeholder(raw: str) -> None:
    assert not is_placeholder(raw)


def test_an_unclear_status_is_pointed_at() -> None:
    found = read(f"# A\n\n* **Status:** *Partly superseded*\n{DECISION}")
    assert found.meaning == "unclear"
    assert found.pointed("BL060").strip("*") == "Partly superseded"


def test_an_empty_status_is_unclear_and_not_the_default() -> None:
    found = read(f"# A\n\n## Status\n{DECISION}")
    assert found.meaning == "unclear"
    assert found.pointed("BL062") == "## Status"


def test_guidance_in_a_quote_or_a_comment_is_no_status() -> None:
    found = read(
        "# A\n\n## Status\n\n> Proposed until the crew has agreed, then accepted or rejected.\n\n"
        f"<!-- proposed -->\n\nAccepted\n{DECISION}"
    )
    assert (found.meaning, found.metadata.status.raw) == ("in-force", "Accepted")
    only = read(f"# A\n\n## Status\n\n> Proposed until the crew has agreed to it.\n{DECISION}")
    assert only.codes.count("BL062") == 1


def test_a_ticked_box_is_the_status_and_an_empty_one_is_not() -> None:
    found = read(f"# A\n\n## Status\n\n- [ ] Proposed\n- [x] Accepted\n- [ ] Rejected\n{DECISION}")
    assert found.meaning == "in-force"


def test_a_list_of_several_states_decides_nothing() -> None:
    found = read(f"# A\n\n## Status\n\n- Proposed\n- Accepted\n{DECISION}")
    assert found.meaning == "unclear"


@pytest.mark.parametrize(
    "text",
    [
        "# A\n\n# Status\n\nAccepted\n",
        "# A\n\n## **Status**\n\nAccepted\n",
        "# A\n\n## 2. Status:\n\nAccepted\n",
        "# A\n\n## Status: Accepted\n",
        "# A\n\nStatus\n------\n\nAccepted\n",
        "# A\n\n## Summary\n\n### Decision\n\nRow.\n\n### Status\n\nAccepted\n",
        "# A\n\n## Metadata\n\n* Status: Accepted\n",
        "Status: Accepted\n\n# A\n",
        "Status: Accepted\n---\n\n# A\n",
        "## A\n\n### Status\n\nAccepted\n",
        "# A\n\n- Status: Accepted <!-- optional -->\n",
        "# A\n\n**Status: Accepted**\\\n**Deciders:** Ada\n",
        "# A\n\n__Status:__ __Accepted__\n",
        "# A\n\nDate: 2026-01-01  \nStatus: Accepted  \n",
        "# A\n\n## Status\n\n```\nAccepted\n```\n",
    ],
)
def test_a_status_is_found_where_authors_put_it(text: str) -> None:
    assert read(text + DECISION).meaning == "in-force"
