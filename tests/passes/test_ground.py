"""Where modules lie and what a test is: the passes ask the tree and the configuration."""

import gc
import weakref
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bylaw.config import Config
from bylaw.diagnostics import Report
from bylaw.driver import Options, compile_repository
from bylaw.globs import matcher
from bylaw.modules import module_of
from bylaw.passes import PROGRAM_PASSES
from bylaw.passes.compare.claim import make_claim
from bylaw.passes.compare.clash import clash
from bylaw.passes.compare.company import company
from bylaw.places import area_of
from bylaw.program import Ground
from tests.passes.building import DAY, adr, check, check_sentences, compile_files

BAN = "Modules in `shop` MUST NOT import `sqlalchemy`."


def _codes(*sentences: str, ground: Ground) -> list[str]:
    found = check_sentences(*sentences, ground=ground)
    return [d.code for d in found if d.code.startswith("BL2")]


def _demand(folder: str) -> str:
    return f"Each module in `{folder}/**` MUST import `sqlalchemy`."


def test_modules_lie_below_the_configured_source_roots_and_nowhere_else() -> None:
    ground = Ground(("lib/python/shop/a.py", "shop/b.py"), ("lib/python",))
    assert _codes(BAN, _demand("lib/python/shop"), ground=ground) == ["BL230"]
    assert _codes(BAN, _demand("shop"), ground=ground) == []
    assert _codes(BAN, _demand("src/shop"), ground=ground) == []


def test_modules_lie_above_their_outermost_package_where_no_root_is_configured() -> None:
    ground = Ground(("api/shop/__init__.py", "api/shop/a.py"))
    assert _codes(BAN, _demand("api/shop"), ground=ground) == ["BL230"]
    assert _codes(BAN, _demand("shop"), ground=ground) == []
    assert _codes(BAN, _demand("src/shop"), ground=Ground(("src/shop/a.py",))) == ["BL230"]


def test_a_module_of_two_source_roots_lies_in_both() -> None:
    ground = Ground(("a/shop/__init__.py", "b/shop/__init__.py"))
    assert _codes(BAN, _demand("a/shop"), ground=ground) == ["BL230"]
    assert _codes(BAN, _demand("b/shop"), ground=ground) == ["BL230"]


def test_the_witness_of_a_conflict_is_the_module_below_its_root() -> None:
    ground = Ground(("api/shop/__init__.py",))
    (found,) = check_sentences(BAN, _demand("api/shop/web"), ground=ground)
    assert "`shop.web.x -> sqlalchemy`" in found.message


def test_a_wider_glob_subsumes_modules_only_where_they_lie_below_it() -> None:
    wide = "Code in `api/**` MUST NOT import `sqlalchemy`."
    assert _codes(wide, BAN, ground=Ground(("api/shop/__init__.py",))) == ["BL233"]
    assert _codes(wide, BAN, ground=Ground(("web/shop/__init__.py",))) == []


def test_a_door_for_modules_is_shut_to_modules_only() -> None:
    door = "Only modules in `shop.store` MAY import `sqlalchemy`."
    ground = Ground(("src/shop/store.py", "tools/a.py"), ("src",))
    assert _codes(door, _demand("src/shop/web"), ground=ground) == ["BL230"]
    assert _codes(door, _demand("tools"), ground=ground) == []


def test_tests_are_the_files_that_the_configuration_says() -> None:
    ban = "Code in `shop/**` MUST NOT import `sqlalchemy`, except in tests."
    usual, own = Ground(), Ground(tests=("shop/checks/**",))
    assert _codes(ban, _demand("shop/checks"), ground=usual) == ["BL230"]
    assert _codes(ban, _demand("shop/checks"), ground=own) == []
    assert _codes(ban, _demand("shop/tests"), ground=usual) == []
    assert _codes(ban, _demand("shop/tests"), ground=own) == ["BL230"]


def test_a_module_that_the_region_holds_by_its_root_may_be_imported_by_its_own() -> None:
    only = "Code in `api/**` MUST only import `attrs`."
    demand = "Each module in `api/**` MUST import `shop`."
    assert _codes(only, demand, ground=Ground(("api/shop/__init__.py",))) == []
    assert _codes(only, demand, ground=Ground(("web/shop/__init__.py",))) == ["BL230"]


def test_a_waiver_lies_where_the_modules_of_its_constraint_do() -> None:
    waiver = (
        "Waiver for [aa]: `{}/shop/x.py` until 2030-01-01, approved by `@arch`, because it goes."
    )

    def codes(folder: str) -> list[str]:
        text = adr(1, f"[aa] {BAN}", waiver.format(folder))
        found = check({"docs/adr/0001-a.md": text}, ground=Ground(("api/shop/__init__.py",)))
        return [d.code for d in found if d.code.startswith("BL2")]

    assert codes("api") == []
    assert codes("web") == ["BL223"]


def test_the_driver_hands_down_the_tree_and_the_configuration(tmp_path: Path) -> None:
    texts = {
        "lib/python/shop/a.py": "",
        "docs/adr/0001-a.md": adr(1, f"[aa] {BAN}"),
        "docs/adr/0002-b.md": adr(2, f"[bb] {_demand('lib/python/shop')}"),
        "docs/adr/0003-c.md": adr(3, "[cc] Code in `lib/**` MUST NOT call `f`, except in tests."),
        "docs/adr/0004-d.md": adr(4, "[dd] Each module in `lib/checks/**` MUST call `f`."),
    }
    for path, text in texts.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)

    def conflicts(config: Config) -> list[str]:
        found = compile_repository(tmp_path, config, Options(as_of=DAY, cache=False)).report
        return [d.span.path for d in found if d.code == "BL230" and d.span]

    roots, tests = ("lib/python",), ("lib/checks/**",)
    assert conflicts(Config()) == ["docs/adr/0004-d.md"]
    assert conflicts(Config(source_roots=roots)) == ["docs/adr/0002-b.md", "docs/adr/0004-d.md"]
    assert conflicts(Config(source_roots=roots, tests=tests)) == ["docs/adr/0002-b.md"]


def test_nothing_of_a_program_outlives_it() -> None:
    """`bylaw build --watch` compiles again and again; no cycle may wait for a collector."""
    gc.disable()
    try:
        program, _ = compile_files(
            {"docs/adr/0001-a.md": adr(1, f"[aa] {BAN}", f"[bb] {_demand('shop')}")}
        )
        for check_program in PROGRAM_PASSES:
            check_program(program, Report())
        claim = weakref.ref(company(program).pairs[0][0])
        assert claim() is not None
        del program
        assert claim() is None
    finally:
        gc.enable()


# --- laws --------------------------------------------------------------------------------------

TREES = (
    ("shop/__init__.py", "shop/web/a.py"),
    ("src/shop/a.py", "src/shop/web/a.py"),
    ("api/shop/__init__.py", "api/shop/web/__init__.py"),
    ("api/shop/__init__.py", "web/shop/__init__.py", "src/shop.py"),
    ("a/shop/__init__.py", "a/shop/vendor/x.py", "a/shop/web.py"),
    ("docs/x.md",),
)
ROOTS = ((), ("src",), ("api", "web"), ("", "src"), ("a", "a/shop/vendor"))
FOLDERS = ("", "src/", "api/", "web/", "a/", "a/shop/vendor/", "tools/")
PATHS = tuple(
    folder + path
    for folder in FOLDERS
    for path in ("shop.py", "shop/__init__.py", "shop/a.py", "shop/web.py", "shop/web/a.py", "x.py")
)
GLOBS = ("**/*.py", "shop/**", "src/**", "api/shop/**", "*/shop/web/**", "web/**", "a/shop/*.py")
MODULES = ("shop", "shop.web", "shop.*", "**", "x", "*.web")


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(TREES),
    st.sampled_from(ROOTS),
    st.sampled_from(GLOBS),
    st.sampled_from(MODULES),
    st.booleans(),
)
def test_a_glob_and_a_module_conflict_exactly_where_a_file_is_in_both(
    tree: tuple[str, ...], roots: tuple[str, ...], glob: str, module: str, door: bool
) -> None:
    ground = Ground(tuple(sorted(tree)), roots)
    ban = (
        f"Only modules in `{module}` MAY call `connect`."
        if door
        else f"Modules in `{module}` MUST NOT call `connect`."
    )
    demand = f"Each module in `{glob}` MUST call `connect`."
    texts = {
        f"docs/adr/{n:04}-d{n}.md": adr(n, f"[c{n}] {text}") for n, text in enumerate((ban, demand))
    }
    program, _ = compile_files(texts, ground=ground)
    ruling = program.units[0].decision.constraints[0]
    area = area_of(ruling, ground.facts, ground.tests)
    demanded, included = matcher((glob,)), matcher(area.include or ("**",))
    excluded = matcher(area.exclude)

    def in_both(path: str) -> bool:
        return demanded(path) and included(path) and not excluded(path)

    found = [d.message for d in check(texts, ground=ground) if d.code == "BL230"]
    if any(map(in_both, PATHS)):
        assert found
    claims = [
        make_claim(u.header.path, u.header.id, u.decision.constraints[0], ground=ground)
        for u in program.units
    ]
    clashing = clash(*claims)
    # The pairs that are compared lose none, and each witness is a file that both claim.
    assert bool(clashing) == bool(found)
    if clashing is not None:
        assert in_both(clashing.witness)
        assert not roots or module_of(clashing.witness, ground.facts) is not None
