"""The constraint set: its schema, its content, its bytes."""

import copy
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator
from tests.targets.compiled import PATH, assemble, read, scoped
from tests.targets.sentences import EVERY_SHAPE, TREE

from bylaw import ir
from bylaw.diagnostics import Span
from bylaw.schema import SCHEMAS
from bylaw.target import Fidelity
from bylaw_targets.json import Json, plain


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    return Draft202012Validator(SCHEMAS["constraint-set"].build())


@pytest.fixture(scope="module")
def constraint_set() -> dict[str, Any]:
    return loaded(EVERY_SHAPE)


def loaded(sentences: str | ir.Decision, **options: Any) -> dict[str, Any]:
    fidelity = {"semgrep": {"import": Fidelity("approximate", "it is", "misses", ("a.b",))}}
    decision = scoped(sentences, TREE, fidelity=fidelity, **options)
    (artifact,) = assemble(Json(), decision).values()
    found: dict[str, Any] = json.loads(artifact.data)
    return found


FILE = f"# A domain\n\n## Constraints\n\n{EVERY_SHAPE}\n"


def line(start: str) -> int:
    return next(n for n, row in enumerate(FILE.splitlines(), 1) if row.startswith(start))


def by_id(constraint_set: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {c["id"].partition("/")[2]: c for c in constraint_set["constraints"]}


def test_the_sentences_are_of_every_shape(constraint_set: dict[str, Any]) -> None:
    """Otherwise the tests below would prove less than they seem to."""
    union, _ = get_args(ir.Constraint)
    fields_ = [node.model_fields["shape"] for node in get_args(union)]
    shapes = {shape for field in fields_ for shape in get_args(field.annotation)}
    assert shapes - {c["shape"] for c in constraint_set["constraints"]} <= {
        "key-match",
        "key-contain",
    }


def test_a_set_with_every_shape_is_valid(
    constraint_set: dict[str, Any], validator: Draft202012Validator
) -> None:
    assert [e.message[:300] for e in validator.iter_errors(constraint_set)] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name].build())


def fields(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every field of every object."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield (*path, key)
            yield from fields(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from fields(each, (*path, index))


OPTIONAL = {
    *("because", "alternative", "exceptions", "prose", "examples", "languages", "waivers"),
    *("permissions", "rules", "reason", "errs", "exclude", "include", "within", "globs", "edges"),
    *("from", "until", "for_new_code", "ticket", "code", "matching", "decorated", "free"),
    *("arguments", "line", "semgrep", "named", "single", "each", "decision", "values", "names"),
    *("language", "modules", "import", "classes", "any_receiver"),
}
"""Fields that may be left out somewhere; what `fidelity` is keyed by is among them."""


def without(value: Any, path: tuple[Any, ...]) -> Any:
    """Return a copy of a value that lacks one field."""
    copied = parent = copy.deepcopy(value)
    for step in path[:-1]:
        parent = parent[step]
    del parent[path[-1]]
    return copied


def test_no_required_field_can_be_missing(constraint_set: dict[str, Any]) -> None:
    schema = SCHEMAS["constraint-set"].build()
    mapping = schema["properties"]["constraints"]["items"]["discriminator"]["mapping"]
    tried = 0
    for constraint in constraint_set["constraints"]:
        # The definition of the one shape: to try them all takes a minute.
        one = Draft202012Validator({"$ref": mapping[constraint["shape"]], "$defs": schema["$defs"]})
        for path in fields(constraint):
            if path[-1] not in OPTIONAL:
                tried += 1
                assert not one.is_valid(without(constraint, path)), path
    assert tried > 1000


def test_no_field_of_the_set_itself_can_be_missing(
    constraint_set: dict[str, Any], validator: Draft202012Validator
) -> None:
    small = {**constraint_set, "constraints": []}
    for path in fields(small):
        if path[-1] not in OPTIONAL:
            assert not validator.is_valid(without(small, path)), path


def test_no_field_can_be_added(
    constraint_set: dict[str, Any], validator: Draft202012Validator
) -> None:
    for constraint in constraint_set["constraints"]:
        one = {**constraint_set, "constraints": [{**constraint, "more": 1}]}
        assert not validator.is_valid(one), constraint["id"]


def test_a_constraint_is_its_node(constraint_set: dict[str, Any]) -> None:
    """A program that reads the set gets the node back, but for the places of its parts."""
    nodes = {c.id: c for c in read(EVERY_SHAPE).constraints}
    extra = {"decision", "scope", "languages", "waivers", "permissions", "fidelity", "provenance"}
    for identity, record in by_id(constraint_set).items():
        own = {key: each for key, each in record.items() if key not in extra}
        text = json.dumps(placed({**own, "id": identity}))
        node = type(nodes[identity]).model_validate_json(text)
        assert plain(node) == plain(nodes[identity])


def placed(value: Any) -> Any:
    """Put a place wherever a node needs one."""
    if isinstance(value, list):
        return [placed(each) for each in value]
    if not isinstance(value, dict):
        return value
    place = dict.fromkeys(Span.__slots__, 1) | {"path": "x"}
    renamed = {("from_" if key == "from" else key): placed(each) for key, each in value.items()}
    if "modal" in value:
        renamed["modal_span"] = place
    if value.get("shape") == "semgrep":
        renamed["pattern_span"] = place
    return {**renamed, "span": place}


def test_a_scope_has_its_globs_and_their_expressions(constraint_set: dict[str, Any]) -> None:
    scope = by_id(constraint_set)["files"]["scope"]
    assert scope["include"] == [{"glob": "web/**", "regex": "^web/[^/]+(?:/[^/]+)*$"}]
    assert [each["glob"] for each in scope["exclude"]] == ["web/ssr/**"]


def test_waivers_permissions_dates_and_examples_are_carried(
    constraint_set: dict[str, Any],
) -> None:
    found = by_id(constraint_set)
    (waiver,) = found["import"]["waivers"]
    assert waiver["until"] == "2026-12-31"
    place = waiver["place"]
    assert (place["path"], place["line"], place["column"]) == (PATH, line("- Waiver for"), 3)
    assert waiver["edges"] == [{"importer": "shop.domain.new", "imported": "sqlalchemy"}]
    (permission,) = found["door"]["permissions"]
    assert permission["grant"]["modal"] == "may"
    assert (found["apart"]["from"], found["apart"]["until"]) == ("2026-01-01", "2031-12-31")
    assert found["shown"]["examples"][0]["path"] == "shop/web/a.py"
    assert found["shown"]["prose"] == "The reason stands here."
    assert found["import"]["fidelity"]["semgrep"] == {
        "level": "approximate",
        "reason": "it is",
        "errs": "misses",
        "rules": ["a.b"],
    }


def test_provenance_is_the_place_and_the_digest_of_the_file(
    constraint_set: dict[str, Any],
) -> None:
    decision = read(EVERY_SHAPE)
    place = by_id(constraint_set)["files"]["provenance"]
    text = FILE.encode()
    assert text[place["offset"] : place["end_offset"]].startswith(b"[files] Code in `web/**`")
    assert (place["line"], place["sha256"]) == (line("- [files]"), decision.digest)


def test_an_inactive_constraint_is_carried_with_its_dates() -> None:
    found = loaded("- [later] Code in `shop/**` MUST NOT call `print` from 2031-01-01.")
    assert by_id(found)["later"]["from"] == "2031-01-01"


def test_only_waivers_and_permissions_make_the_bytes_depend_on_the_day() -> None:
    change = date(2027, 1, 1)
    plain = scoped("- [it] Code in `shop/**` MUST NOT call `print` until 2026-12-31.", TREE)
    (artifact,) = assemble(Json(), plain, next_change=change).values()
    assert artifact.until is None
    (artifact,) = assemble(Json(), scoped(EVERY_SHAPE, TREE), next_change=change).values()
    assert artifact.until == "2027-01-01"


def test_a_proposed_decision_is_marked() -> None:
    found = loaded("- [it] Code in `shop/**` MUST NOT call `print`.", proposed=True)
    assert found["decisions"][0]["proposed"] is True
    assert found["constraints"][0]["proposed"] is True


def test_no_decision_makes_an_empty_set(validator: Draft202012Validator) -> None:
    (artifact,) = assemble(Json()).values()
    validator.validate(json.loads(artifact.data))


def test_a_constraint_is_a_line() -> None:
    (artifact,) = assemble(Json(), scoped(EVERY_SHAPE, TREE)).values()
    lines = artifact.data.decode().splitlines()
    assert sum(line.startswith('{"id":"0007-domain/') for line in lines) == len(
        read(EVERY_SHAPE).constraints
    )


HOSTILE = 'a\u202eb \u200b \udcff \x7f \x1b[31m </script> \u2028 \ufeff \U000e0041 \\ " é 🙂'


def test_hostile_text_is_json_without_hidden_characters() -> None:
    decision = scoped("- [it] Code in `shop/**` MUST NOT call `print`.", TREE)
    node = decision.constraints[0].constraint.model_copy(update={"because": HOSTILE})
    decision = replace(
        decision,
        decision=decision.decision.model_copy(update={"title": HOSTILE}),
        constraints=(decision.constraints[0]._replace(constraint=node),),
    )
    (artifact,) = assemble(Json(), decision).values()
    text = artifact.data.decode()
    assert text.replace("\n", "").isprintable()
    because = json.loads(text)["constraints"][0]["because"]
    assert because == HOSTILE.replace("\udcff", "\ufffd")


def test_the_bytes_do_not_hang_on_the_hash_seed() -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from tests.targets.compiled import assemble, scoped\n"
        "from tests.targets.sentences import EVERY_SHAPE, TREE\n"
        "from bylaw_targets.agents import Agents\n"
        "from bylaw_targets.importlinter import ImportLinter\n"
        "from bylaw_targets.json import Json, plain\n"
        "for target in (Json(), Agents(), ImportLinter()):\n"
        "    for artifact in assemble(target, scoped(EVERY_SHAPE, reversed(TREE))).values():\n"
        "        sys.stdout.buffer.write(artifact.data)\n"
    )
    root = os.path.abspath(os.path.join(os.path.dirname(__file__), *[".."] * 3))
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script, root],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(outputs) == 1
    assert len(outputs.pop()) > 10_000
