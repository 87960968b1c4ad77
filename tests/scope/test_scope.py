"""What places a constraint binds, and what is said of scopes that hold nothing."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.scope.nodes import (
    DAY,
    EXCEPT_TESTS,
    code,
    code_in,
    constraint,
    decision,
    except_in,
    except_modules,
    globs,
    imports,
    in_modules,
    lead_in,
    modules,
    permission,
    program,
    span,
    waiver,
)

from bylaw import ir
from bylaw.area import Area
from bylaw.config import Config
from bylaw.diagnostics import Report
from bylaw.places import TESTS, template_glob
from bylaw.program import Program
from bylaw.scope import ScopedConstraint, read_context, scope, scope_decision

FILES = (
    "docs/payments.md",
    "infra/main.tf",
    "src/shop/__init__.py",
    "src/shop/domain/__init__.py",
    "src/shop/domain/legacy.py",
    "src/shop/domain/order.py",
    "src/shop/store/__init__.py",
    "src/shop/web/__init__.py",
    "src/shop/web/views.py",
    "tests/test_order.py",
    "web/app/page.tsx",
    "web/app/old.js",
)
CONFIG = Config()


def _scoped(*statements: Any, config: Config = CONFIG) -> tuple[ScopedConstraint, list[str]]:
    report = Report()
    found = scope(program(decision(*statements)), FILES, config, report)
    return found.decisions[0].constraints[0], [d.code for d in report]


def test_modules_stand_as_paths() -> None:
    scoped, codes = _scoped(imports(in_modules("shop.domain"), "sqlalchemy"))
    assert scoped.area == Area(("src/shop/domain.{py,pyi}", "src/shop/domain/**"))
    assert scoped.languages == ("python",)
    assert scoped.full_id == "0001/rule"
    assert codes == []


def test_a_lead_in_and_exceptions_narrow_the_scope() -> None:
    scoped, codes = _scoped(
        imports(
            code("src/shop/**"),
            "sqlalchemy",
            lead_in=lead_in("src/shop/domain/**", excepts=("src/shop/domain/legacy.py",)),
            exceptions=(except_in("src/shop/domain/__init__.py"), EXCEPT_TESTS),
        )
    )
    assert scoped.area == Area(
        ("src/shop/**",),
        ("src/shop/domain/**",),
        ("src/shop/domain/legacy.py", "src/shop/domain/__init__.py", *TESTS),
    )
    assert codes == []


def test_configured_tests_replace_the_usual_ones() -> None:
    scoped, _ = _scoped(
        imports(code(), "sqlalchemy", exceptions=(EXCEPT_TESTS,)),
        config=Config(tests=("checks/**",)),
    )
    assert scoped.area == Area((), (), ("checks/**",))


def test_an_exception_may_name_modules() -> None:
    scoped, _ = _scoped(
        imports(in_modules("shop"), "sqlalchemy", exceptions=(except_modules("shop.store"),))
    )
    assert scoped.area.exclude == ("src/shop/store.{py,pyi}", "src/shop/store/**")


def test_only_may_binds_everything_else_of_the_noun() -> None:
    scoped, _ = _scoped(imports(in_modules("shop.store"), "sqlalchemy", modal="only-may"))
    assert scoped.area == Area((), (), ("src/shop/store.{py,pyi}", "src/shop/store/**"))
    assert scoped.languages == ("python",)
    scoped, _ = _scoped(
        imports(code("web/app/**"), "react", modal="only-may", lead_in=lead_in("web/**"))
    )
    assert scoped.area == Area((), ("web/**",), ("web/app/**",))
    assert scoped.languages == ("javascript", "python", "typescript")


def test_only_may_lets_an_own_module_import_itself() -> None:
    scoped, _ = _scoped(imports(in_modules("shop.web"), "shop.store", modal="only-may"))
    assert "src/shop/store/**" in scoped.area.exclude
    scoped, _ = _scoped(imports(code("web/**"), code_in("src/shop/**"), modal="only-may"))
    assert scoped.area.exclude == ("web/**", "src/shop/**")


def test_only_agents_may_keeps_the_agents_places() -> None:
    subject = ir.AgentsSubject(globs=globs("infra/**"), span=span())
    scoped, _ = _scoped(
        constraint(ir.AgentChange, subject, globs=globs("infra/"), modal="only-may")
    )
    assert scoped.area == Area(("infra/**",))


@pytest.mark.parametrize(
    ("glob", "languages"),
    [
        ("**", ("javascript", "python", "typescript")),
        ("web/**/*.tsx", ("typescript",)),
        ("web/**/*.ts*", ("javascript", "python", "typescript")),
        ("**/*.py", ("python",)),
        ("docs/*.md", ()),
        ("src/*s", ("javascript", "typescript")),
    ],
)
def test_languages_are_those_of_the_tree_that_the_endings_admit(
    glob: str, languages: tuple[str, ...]
) -> None:
    assert _scoped(imports(code(glob), "x"))[0].languages == languages


def test_a_language_that_the_subject_names_counts_alone() -> None:
    assert _scoped(imports(code("**", language="go"), "x"))[0].languages == ("go",)
    subject = ir.FilesSubject(globs=globs("src/**"), span=span())
    text = constraint(ir.Size, subject, bound="at-most", count=9, unit="lines", modal="must")
    assert _scoped(text)[0].languages == ()


def test_waived_paths_leave_until_their_day_and_edges_stay() -> None:
    rule = imports(in_modules("shop.domain"), "sqlalchemy")
    path = "src/shop/domain/legacy.py"
    scoped, _ = _scoped(rule, waiver("rule", path, until=DAY))
    assert scoped.area.exclude == (path,)
    assert len(scoped.waivers) == 1
    scoped, _ = _scoped(rule, waiver("rule", path, until=DAY - timedelta(1)))
    assert scoped.area.exclude == ()
    assert scoped.waivers == ()
    scoped, _ = _scoped(rule, waiver("other", path))
    assert scoped.area.exclude == ()


def test_a_waiver_in_another_decision_counts_while_that_binds() -> None:
    rule = decision(imports(in_modules("shop.domain"), "sqlalchemy"))
    debt = decision(
        waiver("0001/rule", "src/shop/domain/legacy.py"), path="docs/adr/0002.md", name="0002"
    )
    for proposed, waived in (((), 1), (("docs/adr/0002.md",), 0)):
        found = scope(program(rule, debt, proposed=proposed), FILES, CONFIG, Report())
        assert len(found.decisions[0].constraints[0].area.exclude) == waived


def test_a_permission_takes_its_places_where_it_grants_every_operand() -> None:
    rule = imports(in_modules("shop"), "sqlalchemy.orm")
    grant = imports(in_modules("shop.store"), "sqlalchemy", modal="may")
    scoped, _ = _scoped(rule, permission("rule", grant))
    assert scoped.area.exclude == ("src/shop/store.{py,pyi}", "src/shop/store/**")
    rule = imports(in_modules("shop"), "sqlalchemy", "django")
    scoped, _ = _scoped(rule, permission("rule", grant))
    assert scoped.area.exclude == ()
    assert len(scoped.permissions) == 1


def test_a_permission_may_end() -> None:
    rule = imports(in_modules("shop"), "sqlalchemy")
    grant = imports(in_modules("shop.store"), "sqlalchemy", modal="may", until=date(2026, 5, 31))
    scoped, _ = _scoped(rule, permission("rule", grant))
    assert scoped.area.exclude == ()
    assert scoped.permissions == ()


@pytest.mark.parametrize(
    ("fields", "active"),
    [
        ({}, True),
        ({"from_": DAY}, True),
        ({"from_": DAY + timedelta(1)}, False),
        ({"until": DAY}, True),
        ({"until": DAY - timedelta(1)}, False),
    ],
)
def test_first_and_last_day_are_within(fields: dict[str, date], active: bool) -> None:
    assert _scoped(imports(code(), "x", **fields))[0].active is active


def test_the_next_change_is_the_nearest_day_ahead() -> None:
    found = scope(
        program(
            decision(waiver("rule", "a", until=date(2026, 12, 31)), waiver("rule", "b", until=DAY))
        ),
        FILES,
        CONFIG,
        Report(),
    )
    assert found.next_change == date(2026, 6, 2)


@pytest.mark.parametrize(
    ("statement", "codes"),
    [
        (imports(code("src/**"), "x", lead_in=lead_in("web/**")), ["BL301"]),
        (imports(in_modules("shop.web"), "x", lead_in=lead_in("src/shop/domain/**")), ["BL301"]),
        (imports(code("src/**", "web/**"), "x", lead_in=lead_in("{src,web}/**")), []),
        (imports(code("src/shp/**", "web/**"), "x"), ["BL302"]),
        (imports(code(), "x", exceptions=(except_in("old/**"),)), ["BL302"]),
        (imports(code(), code_in("server/**")), ["BL302"]),
        (waiver("rule", "src/gone.py"), ["BL302"]),
        (imports(in_modules("shop.*.db"), "x"), ["BL303"]),
        (imports(in_modules("shop.domian"), "x"), ["BL303"]),
        (imports(in_modules("shop"), "shop.nope"), ["BL304"]),
        (imports(in_modules("shop"), "sqlalchemy.nope"), []),
        (imports(code("tests/**"), "x", exceptions=(EXCEPT_TESTS,)), ["BL305"]),
        (
            imports(in_modules("shop.web"), "x", exceptions=(except_modules("shop"),)),
            ["BL305"],
        ),
    ],
)
def test_a_scope_that_holds_nothing_is_reported(statement: Any, codes: list[str]) -> None:
    report = Report()
    scope(program(decision(statement)), FILES, CONFIG, report)
    assert [d.code for d in report] == codes


def test_what_must_not_exist_may_be_missing() -> None:
    subject = ir.FilesSubject(globs=globs("**/package-lock.json"), span=span())
    rule = constraint(ir.Exist, subject)
    assert _scoped(rule)[1] == []


def test_a_missing_plain_file_is_the_checks_business() -> None:
    subject = ir.FilesSubject(globs=globs("LICENSE"), single=True, span=span())
    text = (ir.LiteralText(text="Apache", span=span()),)
    assert _scoped(constraint(ir.Text, subject, shape="contain", texts=text, modal="must"))[1] == []
    assert _scoped(constraint(ir.Text, subject, shape="contain", texts=text))[1] == ["BL302"]


def test_what_else_a_statement_names_is_looked_for() -> None:
    subject = ir.FilesSubject(globs=globs("src/**"), span=span())
    (gone,) = globs("gone/LICENSE")
    live = constraint(ir.Live, subject, globs=globs("src/**", "gone/"), modal="must")
    assert _scoped(live)[1] == ["BL302"]
    assert _scoped(constraint(ir.Live, subject, globs=globs("gone/")))[1] == []
    assert _scoped(constraint(ir.Identical, subject, path=gone, modal="must"))[1] == ["BL302"]
    exist = constraint(ir.Exist, subject, lead_in=lead_in("srv/**"), modal="must")
    assert "BL302" in _scoped(exist)[1]


def test_a_layer_within_is_named_relative() -> None:
    report = Report()
    rule = constraint(
        ir.Layered, _layers("shop.web", "store"), within=modules("shop"), modal="must"
    )
    scope(program(decision(rule)), FILES, CONFIG, report)
    (diagnostic,) = report
    assert diagnostic.help is not None
    assert diagnostic.help.endswith("named relative to its packages: `web`")


def test_a_dotted_name_for_a_glob_is_proposed_as_a_path() -> None:
    report = Report()
    scope(program(decision(imports(code("src.shop.domain"), "x"))), FILES, CONFIG, report)
    assert [d.help for d in report] == ["did you mean `src/shop/domain/**`?"]


def test_directories_are_looked_for_among_folders() -> None:
    subject = ir.DirectoriesSubject(globs=globs("src/shop/*"), span=span())
    rule = constraint(ir.HoldEntry, subject, entries=globs("OWNERS"), modal="must")
    assert _scoped(rule)[1] == []
    subject = ir.DirectoriesSubject(globs=globs("services/*"), span=span())
    assert _scoped(constraint(ir.HoldEntry, subject, entries=globs("x"), modal="must"))[1] == [
        "BL302"
    ]


def _layers(*names: str) -> ir.LayersSubject:
    layers = tuple(ir.Layer(modules=modules(name), span=span()) for name in names)
    return ir.LayersSubject(layers=layers, span=span())


@pytest.mark.parametrize(
    ("rule", "codes"),
    [
        (constraint(ir.Layered, _layers("shop.web", "shop.store"), modal="must"), []),
        (constraint(ir.Layered, _layers("shop.web", "shop.stor"), modal="must"), ["BL308"]),
        (
            constraint(ir.Layered, _layers("web", "store"), within=modules("shop"), modal="must"),
            [],
        ),
        (
            constraint(ir.Layered, _layers("web", "x"), within=modules("shop"), modal="must"),
            ["BL308"],
        ),
        (constraint(ir.Independent, _layers("shop.*"), modal="must"), []),
        (constraint(ir.Independent, _layers("shop.web.*"), modal="must"), ["BL309"]),
        (constraint(ir.Independent, _layers("shop.web"), modal="must"), ["BL309"]),
        (constraint(ir.Independent, _layers("shop.web", "shop.web"), modal="must"), ["BL309"]),
        (constraint(ir.Independent, _layers("shop.gone.*"), modal="must"), ["BL303"]),
        (constraint(ir.Independent, _layers("shop.web", "shop.gone"), modal="must"), ["BL303"]),
        (
            constraint(ir.Independent, _layers("shop.web", "shop.gone.*"), modal="must"),
            ["BL303", "BL309"],
        ),
        (
            constraint(ir.Layered, _layers("web", "x"), within=modules("gone"), modal="must"),
            ["BL303"],
        ),
    ],
)
def test_layers_and_siblings_must_be_there(rule: Any, codes: list[str]) -> None:
    assert _scoped(rule)[1] == codes


def test_a_near_name_is_proposed() -> None:
    report = Report()
    rule = imports(in_modules("shop.domian"), code_in("src/shop/domian/**"), "shop.stor")
    scope(program(decision(rule)), FILES, CONFIG, report)
    assert [d.help for d in report] == [
        "did you mean `src/shop/domain/**`?",
        "did you mean `shop.domain`?",
        "did you mean `shop.store`?",
    ]


def test_templates_stand_as_globs() -> None:
    assert template_glob("shop/<**p>/<n>.py") == "shop/**/?*.py"
    assert template_glob("a/<n>_<m>") == "a/?*_?*"


def test_the_key_of_a_scope_changes_with_what_matters_to_it_and_nothing_else() -> None:
    rule = decision(imports(in_modules("shop.domain"), "x"), waiver("rule", "web/**", until=DAY))
    other = decision(imports(code(), "x"), path="docs/adr/0003.md", name="0003")
    debt = decision(waiver("0001/rule", "web/**"), path="docs/adr/0002.md", name="0002")

    def keys(found: Program, files: tuple[str, ...] = FILES) -> list[str]:
        context = read_context(found, files, CONFIG)
        return [context.key(unit.header) for unit in found.units]

    before = keys(program(rule, other))
    assert keys(program(rule, other)) == before
    after = keys(program(rule, other, debt))
    assert after[0] != before[0]
    assert after[1] == before[1]
    after = keys(program(rule, other, as_of=DAY + timedelta(1)))
    assert after[0] != before[0]
    assert after[1] == before[1]
    assert keys(program(rule, other), (*FILES, "z.py"))[1] != before[1]


def test_one_decision_scopes_as_it_does_in_company() -> None:
    one = decision(imports(in_modules("shop.domain"), "x"))
    two = decision(waiver("0001/rule", "src/**"), path="docs/adr/0002.md", name="0002")
    company = program(one, two)
    context = read_context(company, FILES, CONFIG)
    assert (
        scope_decision(one, context, Report())
        == scope(company, FILES, CONFIG, Report()).decisions[0]
    )
