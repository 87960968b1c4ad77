"""Each sentence of the language's documentation becomes the node it should."""

import re
from datetime import date
from pathlib import Path

import pytest
from tests.language.reading import codes, only, read, read_items

from bylaw import ir
from bylaw_grammar.shapes import SHAPES

SENTENCES = (Path(__file__).parent / "sentences.md").read_text("utf-8")


def rows() -> list[tuple[str, str, str]]:
    """Return kind, shape and text of each sentence in the list."""
    return [
        (kind, shape, sentence)
        for sentence, kind, shape in re.findall(r"^- (.*) <!-- (\S+) (\S+) -->$", SENTENCES, re.M)
    ]


def test_the_list_is_read_in_full() -> None:
    assert len(rows()) == SENTENCES.count("\n- ") > 50


@pytest.mark.parametrize(("kind", "shape", "sentence"), rows())
def test_a_documented_sentence_is_of_its_kind(kind: str, shape: str, sentence: str) -> None:
    node = only(sentence)
    assert isinstance(node, ir.ConstraintNode)
    assert (getattr(node, "kind", None), getattr(node, "shape", None)) == (kind, shape)
    assert f"[{node.id}] {node.sentence}" == sentence


@pytest.mark.parametrize("name", SHAPES)
def test_the_example_of_each_shape_parses(name: str) -> None:
    """Diagnostics show these sentences to people whose own do not parse."""
    fence = "\n\n  ```semgrep\n  execute($X)\n  ```\n" if name == "match_fence" else ""
    node = only(SHAPES[name].example + fence)
    assert getattr(node, "kind", None) == SHAPES[name].kind


def test_every_part_of_a_long_sentence_is_kept() -> None:
    node = only(
        "[no-orm] Modules in `shop.domain` SHOULD NOT import `sqlalchemy` or `django.db` directly "
        "or indirectly, except `sqlalchemy.types`, except in `shop.domain.legacy`, except in "
        "tests, except under `TYPE_CHECKING` for new code from 2026-12-01 until 2027-03-31; use "
        "`shop.ports` instead, because the domain outlives its database."
    )
    assert isinstance(node, ir.Import)
    assert (node.severity, node.modal, node.reach) == ("warning", "must-not", "indirect")
    assert [getattr(operand, "text", None) for operand in node.operands] == [
        "sqlalchemy",
        "django.db",
    ]
    assert [exception.excepts for exception in node.exceptions] == [
        "operands",
        "places",
        "tests",
        "type-checking",
    ]
    assert node.for_new_code
    assert (node.from_, node.until) == (date(2026, 12, 1), date(2027, 3, 31))
    assert node.alternative is not None
    assert (node.alternative.text, node.alternative.code) == ("`shop.ports`", "shop.ports")
    assert node.because == "the domain outlives its database"


def test_rationale_after_the_full_stop_and_nested_prose_are_kept_apart_from_the_sentence() -> None:
    statements, diagnostics = read_items(
        "[a-b] Code in `a/**` MUST NOT call `print`. Logs are for machines.\n\n  So are we.\n"
    )
    assert diagnostics == []
    assert statements[0].sentence == "Code in `a/**` MUST NOT call `print`."
    assert statements[0].prose == "Logs are for machines.\n\nSo are we."


@pytest.mark.parametrize(
    ("modal", "expected"),
    [
        ("MUST NOT", ("error", "must-not")),
        ("SHALL NOT", ("error", "must-not")),
        ("SHOULD NOT", ("warning", "must-not")),
        ("MUST only", ("error", "must-only")),
        ("SHOULD only", ("warning", "must-only")),
    ],
)
def test_modals_have_a_strength_and_a_direction(modal: str, expected: tuple[str, str]) -> None:
    node = only(f"[a-b] Modules in `a` {modal} import `b`.")
    assert isinstance(node, ir.ConstraintNode)
    assert (node.severity, node.modal) == expected


def test_only_should_is_a_warning() -> None:
    node = only("[a-b] Only modules in `a` SHOULD import `b`.")
    assert isinstance(node, ir.ConstraintNode)
    assert (node.severity, node.modal) == ("warning", "only-may")


@pytest.mark.parametrize(
    ("words", "quantifier"), [("`a` and `b`", "all"), ("`a` or `b`", "any"), ("`a`", "any")]
)
def test_after_a_plain_must_the_connective_decides(words: str, quantifier: str) -> None:
    node = only(f"[a-b] Files in `x` MUST contain {words}.")
    assert getattr(node, "quantifier", None) == quantifier


@pytest.mark.parametrize("words", ["`a` or `b`", "`a`, `b`", "`a`, or `b`"])
def test_after_not_a_list_says_none_of_these(words: str) -> None:
    node = only(f"[a-b] Modules in `x` MUST NOT import {words}.")
    assert getattr(node, "quantifier", None) == "any"


def test_words_outside_code_spans_may_have_any_case() -> None:
    node = only("[a-b] MODULES In `a` MUST NOT Import `B`, EXCEPT In Tests.")
    assert isinstance(node, ir.Import)
    assert [getattr(operand, "text", None) for operand in node.operands] == ["B"]


def test_a_lead_in_scopes_each_item_of_its_list() -> None:
    statements, diagnostics = read(
        "# T\n\n## Constraints\n\nIn `src/**`, except `src/old/**`:\n\n"
        "- [a-b] Code MUST NOT call `print`.\n- [c-d] Code MUST NOT call `eval`.\n\n"
        "Otherwise.\n\n- [e-f] Code MUST NOT call `exec`.\n"
    )
    assert diagnostics == []
    lead_ins = [s.lead_in for s in statements if isinstance(s, ir.ConstraintNode)]
    assert [lead_in and lead_in.globs[0].text for lead_in in lead_ins] == ["src/**", "src/**", None]
    assert lead_ins[0] is not None
    assert lead_ins[0].excepts[0].text == "src/old/**"


def test_a_permission_names_what_it_permits() -> None:
    node = only(
        "[reports-sql] Modules in `shop.reports` MAY import `sqlalchemy`, "
        "despite [0007-domain/no-orm]."
    )
    assert isinstance(node, ir.Permission)
    assert (node.despite.decision, node.despite.id) == ("0007-domain", "no-orm")
    assert isinstance(node.grant, ir.Import)
    assert node.grant.modal == "may"


def test_a_waiver_has_places_a_day_an_owner_and_a_reason() -> None:
    node = only(
        "Waiver for [no-orm]: `shop/domain/report.py` and `shop.domain.report -> sqlalchemy` until "
        "2026-12-31, approved by `@arch`, ticket `SHOP-42`, because it is rewritten in Q4."
    )
    assert isinstance(node, ir.Waiver)
    assert [glob.text for glob in node.globs] == ["shop/domain/report.py"]
    assert [(edge.importer, edge.imported) for edge in node.edges] == [
        ("shop.domain.report", "sqlalchemy")
    ]
    assert (node.until, node.approved_by, node.ticket) == (
        date(2026, 12, 31),
        ("@arch",),
        "SHOP-42",
    )
    assert node.because == "it is rewritten in Q4"


def test_notes_and_guidance_bind_nobody_and_are_read() -> None:
    statements, diagnostics = read_items(
        "Note: this MUST be read with care.", "[tone] Guidance: prefer `pathlib`; keep it small."
    )
    assert diagnostics == []
    assert [statement.statement for statement in statements] == ["note", "guidance"]
    assert isinstance(statements[1], ir.Guidance)
    assert (statements[1].id, statements[1].text) == ("tone", "prefer `pathlib`; keep it small.")


def test_an_example_fence_is_a_test_of_its_statement() -> None:
    statements, diagnostics = read_items(
        "[no-orm] Modules in `shop.domain` MUST NOT import `sqlalchemy`.\n\n"
        "  ```python violates path=shop/domain/order.py line=1\n"
        "  from sqlalchemy import Column\n  ```\n\n  ```python\n  # only shown\n  ```"
    )
    assert diagnostics == []
    assert isinstance(statements[0], ir.ConstraintNode)
    (example,) = statements[0].examples
    assert (example.verdict, example.path, example.line) == ("violates", "shop/domain/order.py", 1)
    assert example.text == "from sqlalchemy import Column\n"


def test_siblings_of_a_layer_are_apart_or_free() -> None:
    node = only("[a-b] `x.a | x.b`, `x.c : x.d` and `x.e` MUST be layered within `y`, `z`.")
    assert isinstance(node, ir.Layered)
    assert isinstance(node.subject, ir.LayersSubject)
    layers = [
        ([module.text for module in layer.modules], layer.free) for layer in node.subject.layers
    ]
    assert layers == [(["x.a", "x.b"], False), (["x.c", "x.d"], True), (["x.e"], False)]
    assert [module.text for module in node.within] == ["y", "z"]


@pytest.mark.parametrize(
    ("key", "segments"),
    [
        ("a.b", ("a", "b")),
        ('"a.b".c', ("a.b", "c")),
        ("jobs.*.steps[].uses", ("jobs", "*", "steps", "[]", "uses")),
        ("**.image", ("**", "image")),
    ],
)
def test_keys_have_segments(key: str, segments: tuple[str, ...]) -> None:
    node = only(f"[a-b] Key `{key}` in `x.yml` MUST exist.")
    assert isinstance(node, ir.KeyValue)
    assert isinstance(node.subject, ir.KeysSubject)
    assert node.subject.keys[0].segments == segments


def test_a_decorator_pattern_has_arguments() -> None:
    node = only("[a-b] Functions in `x` MUST be decorated with `@app.route(auth=True, f(1, 2))`.")
    assert isinstance(node, ir.Decorated)
    (pattern,) = node.patterns
    assert pattern.name == "app.route"
    assert [(a.name, a.value) for a in pattern.arguments] == [("auth", "True"), (None, "f(1, 2)")]


@pytest.mark.parametrize(
    ("text", "name", "any_receiver"),
    [("send()", "send", False), ("@a.b(...)", "a.b", False), (".execute", "execute", True)],
)
def test_marks_around_a_name_mean_nothing(text: str, name: str, any_receiver: bool) -> None:
    node = only(f"[a-b] Code in `x` MUST NOT call `{text}`.")
    assert isinstance(node, ir.Refer)
    assert (node.patterns[0].name, node.patterns[0].any_receiver) == (name, any_receiver)


def test_an_exception_without_slash_is_a_module_after_modules() -> None:
    node = only("[a-b] Modules in `x` MUST NOT import `y`, except in `x.z` or `x/w/**` or `a.py`.")
    assert isinstance(node, ir.ConstraintNode)
    (places,) = node.exceptions
    assert isinstance(places, ir.ExceptPlaces)
    assert [module.text for module in places.modules] == ["x.z"]
    assert [glob.text for glob in places.globs] == ["x/w/**", "a.py"]


def test_a_bare_exception_means_places_where_there_are_no_operands() -> None:
    node = only("[a-b] Files in `x` SHOULD have at most 9 lines, except `x/y.py`.")
    assert isinstance(node, ir.ConstraintNode)
    assert [exception.excepts for exception in node.exceptions] == ["places"]


def test_derived_ids_are_unique_and_leave_written_ones_alone() -> None:
    statements, diagnostics = read_items(
        "Modules in `a` MUST NOT import `x`.",
        "[no-import-x] Modules in `b` MUST NOT import `x`.",
        "Modules in `c` MUST NOT import `x`.",
    )
    assert diagnostics == []
    found = [(getattr(s, "id", None), getattr(s, "named", None)) for s in statements]
    assert found == [("no-import-x-2", False), ("no-import-x", True), ("no-import-x-3", False)]


def test_each_item_gives_exactly_one_statement() -> None:
    statements, _ = read_items(
        "[a-b] Modules in `a` MUST NOT import `x`.", "Nonsense.", "", "Note: y.", "MUST"
    )
    assert [s.statement for s in statements] == [
        "constraint",
        "rejected",
        "rejected",
        "note",
        "rejected",
    ]


def test_a_rejected_item_says_by_which_errors() -> None:
    statements, diagnostics = read_items("[a-b] Modules in `a` MUST NOT import `./x` or `/y`.")
    (rejected,) = statements
    assert isinstance(rejected, ir.Rejected)
    assert rejected.codes == ("BL102",)
    assert len(diagnostics) == 2


def test_a_second_id_is_refused() -> None:
    assert codes("[a-b] [c-d] Modules in `a` MUST NOT import `x`.") == ["BL017"]
