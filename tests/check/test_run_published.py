"""A published constraint set read back: the same constraints, and clear words where it is none."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bylaw.check.published import read_set, scope_set
from bylaw.config import Config
from bylaw.diagnostics import Report
from bylaw_targets.json import Json, plain
from tests.check.shop import ADR, NO_DEBUG, NO_ORM, Shop, record
from tests.targets.compiled import DAY, assemble, read, scoped
from tests.targets.sentences import EVERY_SHAPE

NO_ORM_ID = "0007-domain/no-orm"
ORDER = "src/shop/domain/order.py"
FILES = ("shop/domain/order.py", "shop/store.py", "shop/web.py", "tests/test_a.py", "web/a.ts")
SET = ".bylaw/constraints.json"


def published(sentences: str = EVERY_SHAPE) -> bytes:
    """Return the set that a build of some sentences publishes."""
    return assemble(Json(), scoped(sentences, FILES))["constraints.json"].data


def test_every_shape_comes_back_as_it_was() -> None:
    report = Report()
    found = read_set(published(), SET, None, report)
    assert list(report) == []
    assert found is not None
    rules = scope_set(found, SET, Config(), FILES, DAY)
    before = scoped(EVERY_SHAPE, FILES).constraints
    assert len(rules.constraints) == len(before) == len(read(EVERY_SHAPE).constraints)
    for mine, theirs in zip(before, rules.constraints, strict=True):
        assert plain(theirs.constraint) == plain(mine.constraint)
        assert theirs.constraint.span == mine.constraint.span
        assert (theirs.full_id, theirs.area, theirs.languages, theirs.active) == (
            mine.full_id,
            mine.area,
            mine.languages,
            mine.active,
        )
        for name in ("waivers", "permissions"):
            pairs = zip(getattr(mine, name), getattr(theirs, name), strict=True)
            assert all(plain(a) == plain(b) and a.span == b.span for a, b in pairs)


def test_days_are_those_of_the_check_and_not_of_the_build() -> None:
    found = read_set(published(), SET, None, Report())
    assert found is not None
    late = scope_set(found, SET, Config(), FILES, date(2032, 1, 1))
    assert "0007-domain/apart" in late.inactive
    assert "BL221" in {each.code for each in late.diagnostics}
    assert late.by_id["0007-domain/import"].waivers == ()


def test_a_set_carries_the_configured_layout(shop: Shop) -> None:
    toml = 'adrs = ["docs/adr"]\nsource-roots = ["src"]\ntests = ["checks/**"]\n'
    rule = NO_ORM.replace("; use", ", except in tests; use")
    shop.write({"bylaw.toml": toml, ADR: record(rule, NO_DEBUG)})
    shop.write({ORDER: "import sqlalchemy\n", "checks/a.py": "print(1)\n"})
    shop.run("build", "-q")
    own = shop.check()
    (shop.root / "bylaw.toml").unlink()
    published = shop.check("--constraints", SET)
    assert own.violations == [(NO_ORM_ID, ORDER, 1)]
    assert published.said["violations"] == own.said["violations"]
    assert published.said["constraints"] == own.said["constraints"]


# --- what is no set ------------------------------------------------------------------------------


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    document = json.loads(published(NO_ORM))
    change(document)
    return json.dumps(document).encode()


def first(document: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = document["constraints"][0]
    return entry


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("BL518", b"no json"),
        ("BL518", b"[]"),
        ("BL518", b"[" * 100_000),
        ("BL518", b'{"format":"bylaw/manifest"}'),
        ("BL519", changed(lambda d: d.update(schema_version=2))),
        ("BL519", changed(lambda d: d.update(schema_version=True))),
        ("BL520", changed(lambda d: d.pop("constraints"))),
        ("BL520", changed(lambda d: d.update(constraints=[1]))),
        ("BL520", changed(lambda d: d.update(decisions=[]))),
        ("BL520", changed(lambda d: d.update(layout=1))),
        ("BL520", changed(lambda d: d["constraints"].append(first(d)))),
        ("BL520", changed(lambda d: first(d).update(shape="fly"))),
        ("BL520", changed(lambda d: first(d).update(id="no-orm"))),
        ("BL520", changed(lambda d: first(d).update(modal="maybe"))),
        ("BL520", changed(lambda d: first(d).update(more=1))),
        ("BL520", changed(lambda d: first(d).pop("subject"))),
        ("BL520", changed(lambda d: first(d).pop("provenance"))),
        ("BL520", changed(lambda d: first(d).update(operands="sqlalchemy"))),
        ("BL520", changed(lambda d: first(d).update(waivers=[{"until": "soon"}]))),
    ],
)
def test_what_is_no_set_is_refused_with_a_reason(code: str, data: bytes) -> None:
    report = Report()
    assert read_set(data, SET, None, report) is None
    assert {each.code for each in report} == {code}


def test_a_fault_names_where_it_is() -> None:
    report = Report()
    read_set(changed(lambda d: first(d)["subject"]["modules"][0].pop("text")), SET, None, report)
    (fault,) = report
    assert "constraints[0]" in str(fault.note)


def test_an_operand_that_the_compiler_would_refuse_is_refused() -> None:
    report = Report()
    text = "- [x] Files matching `src/**` MUST NOT match `/a+/`."
    document = json.loads(published(text))
    document["constraints"][0]["texts"][0]["text"] = "(?<=x)"
    assert read_set(json.dumps(document).encode(), SET, None, report) is None
    document = json.loads(published(text))
    document["constraints"][0]["subject"]["globs"][0]["text"] = "../../etc/**"
    assert read_set(json.dumps(document).encode(), SET, None, report) is None


def test_a_set_that_was_edited_after_its_build_is_refused(shop: Shop) -> None:
    shop.write({ORDER: "import sqlalchemy\n"})
    shop.run("build", "-q")
    assert shop.check("--constraints", SET).status == 1
    path = shop.root / SET
    path.write_text(path.read_text().replace('"severity":"error"', '"severity":"warning"'))
    done = shop.check("--constraints", SET)
    assert (done.status, done.codes) == (2, ["BL521"])


def test_a_set_that_the_change_weakens_is_judged_as_the_base_has_it(shop: Shop) -> None:
    shop.run("build", "-q")
    policy = shop.root / "policy.json"
    policy.write_bytes((shop.root / SET).read_bytes())
    shop.commit()
    shop.git("checkout", "-q", "-b", "work")
    shop.write({ORDER: "import sqlalchemy\n"})
    policy.write_text(policy.read_text().replace('"severity":"error"', '"severity":"warning"'))
    shop.commit()
    done = shop.check("--constraints", "policy.json", "--diff", "main")
    assert done.status == 1
    assert [v["by"] for v in done.said["violations"]] == ["own", "base"]
    assert "BL511" in done.codes


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_damage_ends_in_a_traceback(data: st.DataObject) -> None:
    document = json.loads(published())
    where: Any = document["constraints"]
    where = where[data.draw(st.integers(0, len(where) - 1))]
    for _ in range(data.draw(st.integers(0, 4))):
        keys = list(where) if isinstance(where, dict) else list(range(len(where)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if not isinstance(where[key], dict | list):
            break
        where = where[key]
    keys = list(where) if isinstance(where, dict) else list(range(len(where)))
    if keys:
        odd: list[Any] = [None, 0, -1, True, "", "x", "[", [], {}, [[]], {"text": 1}, "9" * 99]
        where[data.draw(st.sampled_from(keys))] = data.draw(st.sampled_from(odd))
    report = Report()
    found = read_set(json.dumps(document).encode(), SET, None, report)
    assert (found is None) == report.has_errors
    if found is not None:
        scope_set(found, SET, Config(), FILES, DAY)
