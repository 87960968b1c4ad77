"""What is offered at a caret fits there, and sentences that are put together from it compile."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bylaw.editing.completion import complete
from bylaw.editing.phrases import openings
from bylaw.editing.sorts import SORTS, sort_of
from bylaw_grammar import parser
from bylaw_grammar.reading import predicates, read
from bylaw_grammar.shapes import MODALS, SHAPES, SUBJECTS
from bylaw_grammar.spelling import spellings
from tests.editing.writing import HEAD, NEW, Writing

SUBJECT = {
    "modules": "Modules in `shop.store`",
    "code": "Code in `src/shop/**`",
    "entity": "Each class in `src/shop/**`",
    "module": "Each module in `src/shop/**`",
    "files": "Files in `src/shop/**`",
    "file": "File `pyproject.toml`",
    "directories": "Each directory in `src/shop/*`",
    "directory": "Directory `docs`",
    "project": "The Python project",
    "dependencies": "Dependencies in `pyproject.toml`",
    "imports": "Each import of `orjson`",
    "calls": "Each call to `open`",
    "key": "Key `tool.mypy.strict` in `pyproject.toml`",
    "each_key": "Each key `tool.mypy.strict` in `pyproject.toml`",
    "when": "When `migrations/**` changes, `docs/**`",
    "for_each": "For each `src/shop/<n>.py`, `tests/test_<n>.py`",
    "changes": "Changes to `migrations/**`",
    "command": "Command `make test`",
    "agents": "Agents of class `A`",
    "ci": "CI",
    "branches": "Branch names",
    "commits": "Commit messages",
}
BARE = {"layered": "`shop.web`, `shop.store`", "independent": "`shop.web`, `shop.store`"}
PAIRS = [
    (name, subject, sign)
    for name, shape in SHAPES.items()
    for subject, signs in shape.subjects.items()
    for sign in signs
]


@pytest.mark.parametrize(("name", "subject", "sign"), PAIRS)
def test_each_shape_of_the_table_is_offered_and_can_be_written_to_its_end(
    shop: Writing, name: str, subject: str, sign: str
) -> None:
    words = SUBJECT.get(subject) or BARE.get(name, "`pyproject.toml`")
    words = f"Only {words[0].lower()}{words[1:]}" if sign == "O" else words
    modal = "MAY" if sign == "O" else MODALS[sign][1]
    assert any(text.strip() == modal for text in shop.texts(f"[id] {words} ")), "the modal"
    sentence = f"[id] {words} {modal} "
    offered = shop.texts(sentence)
    heads = {text.strip() for text in offered}
    wanted = {_head(rule) for rule in predicates()[name]}
    if name == "match_fence":
        wanted = {"match:"}
    found = [text for text in offered if _starts(text, wanted)]
    assert found, f"{wanted} is not among {heads}"
    written = sentence + found[0]
    if not written.endswith("```"):
        written = shop.write_on(written, lambda some: some[0])
    # What each offers first is a whole sentence of the language, whatever it then contradicts.
    codes = {fault.code for fault in shop.faults(f"{HEAD}- {written}\n")}
    assert not {code for code in codes if code < "BL200"}, written


def _head(rule: list[str]) -> str:
    words = []
    for symbol in rule:
        if not symbol.isupper() or symbol in {"CODE", "NUMBER"}:
            break
        words.append(spellings()[symbol][0].removeprefix(", "))
    return " ".join(words)


def _starts(text: str, heads: set[str]) -> bool:
    return text.strip() in heads or (text.startswith("match:") and "match:" in heads)


@pytest.mark.parametrize("opening", [*openings(only=False), *openings(only=True)])
def test_whoever_takes_the_first_completion_again_and_again_writes_a_sentence(
    shop: Writing, opening: object
) -> None:
    text = str(getattr(opening, "text", ""))
    item = f"Only {text}" if text[0].islower() else text
    written = shop.write_on(f"[id] {item}", lambda some: some[0])
    codes = {fault.code for fault in shop.faults(f"{HEAD}- {written}\n")}
    assert not {code for code in codes if code < "BL200"}, written


def test_an_empty_item_offers_each_shape_as_a_whole_sentence_that_compiles(shop: Writing) -> None:
    shapes = [each for each in shop.in_item("") if each.kind == "shape" and each.detail[-1] != "k"]
    wholes = [each for each in shapes if each.insert.rstrip().endswith((".", "```"))]
    assert len(wholes) == len(SHAPES)
    for each in wholes:
        assert not shop.faults(f"{HEAD}- [an-id] {each.insert}\n"), each.insert
        assert each.snippet is not None
        assert "${1:" in each.snippet or "`" not in each.insert, each.snippet


def test_behind_an_id_and_behind_only_a_sentence_starts_as_ever(shop: Writing) -> None:
    assert "Modules in " in shop.texts("[an-id] ")
    assert "modules in " in shop.texts("[an-id] Only ")
    assert "branch names " not in shop.texts("[an-id] Only "), "no predicate of theirs takes it"


def test_only_what_the_table_pairs_is_offered(shop: Writing) -> None:
    for subject, words in SUBJECT.items():
        signs = {sign for shape in SHAPES.values() for sign in shape.subjects.get(subject, "")}
        modals = {text.strip() for text in shop.texts(f"{words} ")}
        for sign, (_, modal) in MODALS.items():
            if sign != "O":
                assert (modal in modals) == (sign in signs), (subject, modal)
    offered = " ".join(shop.texts("Branch names MUST "))
    assert "match" in offered
    assert "import" not in offered


def test_what_comes_to_the_same_sentence_is_offered_once(shop: Writing) -> None:
    assert {"NOT ", "only "} <= set(shop.texts("Modules in `shop.web` MUST "))
    assert not {"MUST NOT ", "MUST only "} & set(shop.texts("Modules in `shop.web` MUST "))
    assert "MUST NOT " in shop.texts("Modules in `shop.web` MUST")


def test_a_list_goes_on_as_its_modal_allows(shop: Writing) -> None:
    after_not = shop.labels("Modules in `shop.web` MUST NOT import `x` ")
    assert "or" in after_not
    assert "and" not in after_not
    assert {"or", "and"} <= set(shop.labels("The project MUST depend on `x` "))
    assert "`x`" not in shop.texts("The project MUST depend on `x` or ")


def test_tails_are_those_that_the_sentence_can_have(shop: Writing) -> None:
    def tails(item: str) -> set[str]:
        return {each.label for each in shop.in_item(item)}

    of_import = tails("Modules in `shop.web` MUST NOT import `x`")
    assert {".", ", except in …", ", except …", ", except under …", ", because …"} <= of_import
    assert "for new code" in of_import
    of_ci = tails("CI MUST run `x`")
    assert {".", ", because …"} <= of_ci
    assert not {", except in …", ", except …", "for new code", ", despite …"} & of_ci
    assert "for new code" not in tails("Code in `src/**` MUST NOT call `x` for new code ")
    permission = tails("Modules in `shop.web` MAY import `x`")
    assert ", despite …" in permission
    assert "." not in permission, "a permission without a constraint is none"


def test_where_a_tail_is_half_written_the_rest_is_offered(shop: Writing) -> None:
    sentence = "Modules in `shop.web` MUST NOT import `x`"
    assert ", except in " in shop.texts(f"{sentence}, exc")
    assert shop.texts(f"{sentence}; use `y` ins")[0] == "instead"
    assert shop.texts(f"{sentence}; use `y`")[0] == " instead"
    assert shop.texts(f"{sentence} until ")[0].startswith("20")
    assert shop.texts("Files in `src/**` SHOULD have at most ")[0] == "400 "
    assert "form import cycles " in shop.texts("Modules in `shop` MUST NOT form imp")


def test_a_full_stop_stands_at_the_end_of_the_last_word(shop: Writing) -> None:
    (stop,) = [e for e in shop.in_item("Modules in `a` MUST NOT import `x` ") if e.label == "."]
    assert stop.end[1] - stop.start[1] == 1, "the space goes"


# --- operands ----------------------------------------------------------------------------------


def test_each_place_of_a_code_span_has_a_sort(shop: Writing) -> None:
    """Wherever the grammar takes a code span, it is known what may stand in it."""
    before = set()
    for rule in parser().rules:
        names = [symbol.name for symbol in rule.expansion]
        for index, name in enumerate(names):
            if name in {"list", "operands", "names", "union", "CODE"} and index:
                before.add(names[index - 1])
    sentences = [shape.example for shape in SHAPES.values()]
    sentences += [
        "Each class in `a` matching `B` inheriting from `c` decorated with `d` MUST call `e`",
        "`a`, `b` MUST be layered within `c`",
        "The project MUST depend on `a` in extra `b`, except in extra `c`, except in group `d`",
        "The project MUST depend on `a` in group `b`",
        "Code in `a` MUST NOT import code in `b`, except `c`, except in `d`",
        "Code in `a` MUST NOT import `b`, except under `TYPE_CHECKING`",
        "File `a` MUST exist",
        "Directory `a` MUST exist",
        "Each key `a` in `b` MUST be at least `1`",
        "Key `a` in `b` MUST be at most `1`",
        "For each `a`, `b` MUST exist",
        "Code in `a` MUST NOT use `b`",
        "Agents in `a` MUST read `b` before changing `c`",
        "Each call to `a` in `b` MUST be wrapped in `c`",
        "Waiver for [a]: `b` until 2030-01-01, approved by `c`, ticket `d`",
    ]
    seen = set()
    for sentence in sentences:
        text = ""
        for index, part in enumerate(sentence.partition(";")[0].split("`")):
            if index % 2:
                reading = read(text, "item")
                assert reading is not None, text
                assert sort_of(reading) in SORTS, text
                seen.add(reading.types[-1] if reading.types else "")
            text += f"\ue000{part}\ue001" if index % 2 else part
    assert before - {"COMMA", "OR", "AND"} <= seen


def test_modules_come_segment_by_segment_and_by_their_last_names(shop: Writing) -> None:
    assert shop.texts("Modules in `sh") == ["shop`", "shop.services.shipping`"]
    assert "shop.store`" in shop.texts("Modules in `shop.")
    assert shop.texts("Modules in `shop.store.ord") == ["shop.store.orders`"]
    assert "shop.store.orders`" in shop.texts("Modules in `orde")
    assert "`shop`" not in shop.texts("Modules in `shop`, "), "it is there already"
    assert shop.texts("Modules in `shop.wrong.") == []


def test_packages_are_those_that_the_code_imports_and_manifests_declare(shop: Writing) -> None:
    offered = {
        each.label: each.detail for each in shop.in_item("Code in `src/**` MUST NOT import ")
    }
    assert offered["sqlalchemy"] == "imported here"
    assert "shop" in offered
    assert "os" not in offered, "what everybody has is no package of anybody's"
    declared = {each.label: each.detail for each in shop.in_item("The project MUST depend on ")}
    assert "sqlalchemy" in declared


def test_paths_come_folder_by_folder(shop: Writing) -> None:
    assert "src/`" not in shop.texts("Code in `s")
    assert shop.texts("Code in `s") == ["src/"], "a folder stays open"
    below = shop.texts("Code in `src/shop/")
    assert below[0] == "src/shop/**`"
    assert "src/shop/store/" in below
    assert "src/shop/money.py`" in below
    assert shop.texts("Files in `money.p")[0] == "src/shop/money.py`"
    assert shop.texts("Files matching `src/shop/store/*") == []
    folders = shop.texts("Files in `src/**` MUST live in `src/shop/s")
    assert set(folders) == {"src/shop/search/", "src/shop/services/", "src/shop/store/"}


def test_an_open_span_is_closed_only_where_it_is_not(shop: Writing) -> None:
    (closing,) = shop.in_item("Modules in `shop.money| MUST NOT import `x`.")
    assert closing.insert == "shop.money`"
    (inside,) = shop.in_item("Modules in `shop.mon|ee` MUST NOT import `x`.")
    assert inside.insert == "shop.money"
    assert inside.end[1] - inside.start[1] == len("shop.monee")


def test_keys_are_those_of_the_files(shop: Writing) -> None:
    assert "tool.mypy.strict` in `pyproject.toml`" in shop.texts("Key `tool.my")
    named = shop.texts("Key `str|` in `pyproject.toml` MUST be `true`.")
    assert named == []
    assert "tool.mypy.strict" in shop.texts("Key `tool.|` in `pyproject.toml` MUST be `true`.")
    assert shop.texts("Key `tool.mypy.strict` in ")[0] == "`pyproject.toml`"
    assert shop.texts("Key `tool.mypy.strict` in `pyproject.toml` MUST be ")[:2] == [
        "`false`",
        "`true`",
    ], "today's value comes first"


def test_commands_owners_levels_and_agents_are_those_that_there_are(shop: Writing) -> None:
    assert "`make test`" in shop.texts("CI MUST run ")
    assert shop.texts("Agents of class ")[:2] == ["`B`", "`C`"]
    assert shop.texts("Agents MUST work at autonomy `su") == ["supervised`"]
    owners = shop.texts("Changes to `infra/**` MUST be approved by ")
    assert {"`@tidemark/platform`", "`@ops`"} <= set(owners)


def test_a_waiver_and_a_permission_are_offered_the_constraints(shop: Writing) -> None:
    head = f"{HEAD}- [no-orm] Modules in `shop.money` MUST NOT import `x`.\n"
    offered = shop.offered(f"{head}- Waiver for [|")
    assert offered[0].insert == "no-orm]: ", "its own come first"
    assert any(each.label == "0003-database-behind-the-store/one-door" for each in offered)
    found, *_ = shop.offered(f"{head}- Modules in `shop.web` MAY import `x`, despite [0003-d|]")
    assert found.insert == "0003-database-behind-the-store/one-door"
    found, *_ = shop.offered(f"{head}- Waiver for [one-d|")
    assert found.label == "0003-database-behind-the-store/one-door"


def test_a_waiver_can_be_written_to_its_end(shop: Writing) -> None:
    item = "Waiver for ["
    for _ in range(12):
        each = shop.in_item(item)[0]
        text = f"- {item}"
        item = text[: len(text) - (each.end[1] - each.start[1])][2:] + each.insert
        if each.insert == ", because ":
            break
    assert item.endswith(", because ")
    faults = shop.faults(f"{HEAD}- {item}it has to be.\n")
    assert not [each.code for each in faults if each.code < "BL200"], item


def test_a_lead_in_is_offered_places(shop: Writing) -> None:
    offered = [each.insert for each in shop.offered(f"{HEAD}In `src/|")]
    assert offered[0] == "src/**`"
    after = {each.label for each in shop.offered(f"{HEAD}In `src/**`|")}
    assert ", except in …" in after


# --- where nothing of a statement stands -------------------------------------------------------


def test_words_of_status_are_offered_where_a_status_stands(shop: Writing) -> None:
    for text in (
        "# 1. X\n\n## Status\n\nAc|\n",
        "# 1. X\n\n* Status: ac|\n",
        "# 1. X\n\n**Status**: Ac|\n",
    ):
        assert shop.offered(text)[0].insert == "Accepted", text
    front = shop.offered("---\nstatus: ac|\n---\n\n# X\n")
    assert front[0].insert == "accepted"
    assert [each.insert for each in shop.offered("# 1. X\n\n## Status\n\n|\n")][:2] == [
        "Accepted",
        "Proposed",
    ]


def test_decisions_are_offered_where_one_is_named(shop: Writing) -> None:
    (found,) = shop.offered("---\nsupersedes: 0009|\n---\n\n# X\n")
    assert found.insert == "0009-signed-tokens"
    (linked,) = shop.offered("# 1. X\n\n## Status\n\nSuperseded by ADR-9|\n")
    assert linked.insert == "[9. Signed tokens](0009-signed-tokens.md)" or (
        linked.insert.endswith("(0009-signed-tokens.md)")
    )
    text = f"# 1. X\n\n## Status\n\nSuperseded by {linked.insert}\n"
    relation = shop.linked(text).program.relations[NEW][0]
    assert relation.target == "docs/adr/0009-signed-tokens.md"
    listed = shop.offered("---\nstatus: accepted\nsupersedes:\n  - 0009|\n---\n\n# X\n")
    assert [each.insert for each in listed] == ["0009-signed-tokens"]


@pytest.mark.parametrize(
    "text",
    [
        "# 1. X\n\nMod|",
        "# 1. X\n\n## Decision\n\n- Mod|",
        f"{HEAD}- Note: Modules in |",
        f"{HEAD}- Modules in `a` MUST NOT import `b`. Because |",
        f"{HEAD}- Modules in `a` MUST NOT import `b`.\n  - nested Mod|",
        f"{HEAD}```\n- Mod|\n```\n",
        f"{HEAD}| a |\n",
        "|",
    ],
)
def test_elsewhere_nothing_is_offered(shop: Writing, text: str) -> None:
    assert shop.offered(text) == ()


def test_emphasis_and_links_do_not_hide_where_the_caret_is(shop: Writing) -> None:
    assert "`shop`" in shop.texts("**Modules** in ")
    assert shop.texts("[ ] Modules in `sh")[0] == "shop`"
    assert shop.texts("Modules in ``sh")[0] == "shop``"


def test_what_is_offered_is_the_same_each_time_and_not_too_much(shop: Writing) -> None:
    for item in ("", "Key `", "Code in `src/**` MUST NOT call ", "Waiver for ["):
        first = shop.in_item(item)
        assert first == shop.in_item(item)
        assert 0 < len(first) <= 100
        assert len({(each.insert, each.start) for each in first}) == len(first)


PIECES = (
    "`", "``", "[", "]", "- ", "\n", "\n\n", " ", "MUST", "MUST NOT ", "in ", "Modules ", "import ",
    "`shop.store`", "src/", "shop.", ", except", "Waiver for [", "; use ", "```\n", "é𝕏", "\ue000",
    "\ue002", "## Constraints\n", "---\n", "status: ", "\\", "*", "<!--", "Only ", "|", "\t", "\r",
    "Key `", "until ", "20",
)  # fmt: skip


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=25), place=st.integers(0, 400))
def test_nothing_that_is_written_makes_it_fail(
    shop: Writing, pieces: list[str], place: int
) -> None:
    text = HEAD + "- " + "".join(pieces)
    linked = shop.linked(text)
    source = linked.source(NEW)
    assert source is not None
    line = min(place % 40, len(source.lines) + 1)
    column = place % 60
    for found in (complete(linked, NEW, line, column),):
        for each in found:
            assert each.start[0] == each.end[0] == line
            assert 0 <= each.start[1] <= each.end[1]
    assert complete(linked, NEW, -1, 0) == complete(linked, "nowhere.md", 0, 0) == ()


def test_the_subjects_that_are_offered_are_those_of_the_table() -> None:
    offered = {each.text.split()[0].lower() for each in openings(only=False)}
    for name, form in SUBJECTS.items():
        if name != "bare":
            assert form.split()[0].lower() in offered, name
