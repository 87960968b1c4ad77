"""What module a file is, and what files a module pattern means: two sides of one law."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bylaw.globs import check_module, matcher, module_matches, modules_included, modules_overlap
from bylaw.languages import language_of
from bylaw.modules import find_modules, is_known, module_of, paths_of, read_tree

SHOP = (
    "conftest.py",
    "docs/conf.py",
    "services/orders/app/__init__.py",
    "services/orders/app/api/__init__.py",
    "services/orders/app/api/v1.py",
    "services/orders/app/scripts/load.py",
    "services/orders/manage.py",
    "src/loose.py",
    "src/shop/__init__.py",
    "src/shop/domain/__init__.py",
    "src/shop/domain/order.py",
    "src/shop/money.pyi",
    "tests/test_shop.py",
    "web/app.tsx",
)


def test_a_module_is_the_path_below_its_source_root() -> None:
    facts = read_tree(SHOP)
    assert {path: module_of(path, facts) for path in SHOP} == {
        "conftest.py": "conftest",
        "docs/conf.py": "docs.conf",
        "services/orders/app/__init__.py": "app",
        "services/orders/app/api/__init__.py": "app.api",
        "services/orders/app/api/v1.py": "app.api.v1",
        "services/orders/app/scripts/load.py": "app.scripts.load",
        "services/orders/manage.py": "services.orders.manage",
        "src/loose.py": "loose",
        "src/shop/__init__.py": "shop",
        "src/shop/domain/__init__.py": "shop.domain",
        "src/shop/domain/order.py": "shop.domain.order",
        "src/shop/money.pyi": "shop.money",
        "tests/test_shop.py": "tests.test_shop",
        "web/app.tsx": None,
    }
    assert facts.source_roots == ("", "services/orders", "src")
    assert facts.packages == ("app", "docs", "services", "shop", "tests")
    assert facts.languages == ("python", "typescript")
    assert "shop.domain" in facts.modules
    assert "services.orders" in facts.modules


def test_configured_roots_are_the_only_ones_and_the_deepest_counts() -> None:
    facts = read_tree(SHOP, ("src", "services/orders/", "services/orders/app"))
    assert module_of("src/shop/money.pyi", facts) == "shop.money"
    assert module_of("services/orders/manage.py", facts) == "manage"
    assert module_of("services/orders/app/api/v1.py", facts) == "api.v1"
    assert module_of("tests/test_shop.py", facts) is None
    assert read_tree(SHOP, (".",)).source_roots == read_tree(SHOP, ("",)).source_roots == ("",)
    assert module_of("src/loose.py", read_tree(SHOP, (".",))) == "src.loose"


def test_a_file_that_is_not_there_yet_has_a_module() -> None:
    facts = read_tree(SHOP)
    assert module_of("src/shop/new/thing.py", facts) == "shop.new.thing"
    assert module_of("src/fresh/thing.py", facts) == "fresh.thing"
    assert module_of("src/shop/new/__init__.py", facts) == "shop.new"


@pytest.mark.parametrize(
    ("pattern", "include", "exclude"),
    [
        ("shop", ("src/shop/**",), ()),
        ("shop.domain", ("src/shop/domain.{py,pyi}", "src/shop/domain/**"), ()),
        (
            "shop.*",
            ("src/shop/*.{py,pyi}", "src/shop/*/**"),
            ("src/shop/__init__.{py,pyi}",),
        ),
        ("shop.**", ("src/shop/**",), ()),
        ("app.*.v1", ("services/orders/app/*/v1.{py,pyi}", "services/orders/app/*/v1/**"), ()),
        ("services", ("services/**",), ("services/orders/app/**",)),
        ("conftest", ("conftest.py",), ()),
        ("**", ("**",), ()),
    ],
)
def test_a_module_pattern_stands_as_globs(
    pattern: str, include: tuple[str, ...], exclude: tuple[str, ...]
) -> None:
    assert paths_of((pattern,), read_tree(SHOP)) == (include, exclude)


def test_what_one_pattern_leaves_out_another_may_name() -> None:
    facts = read_tree(SHOP)
    assert paths_of(("services", "app"), facts) == (
        ("services/**", "services/orders/app/**"),
        (),
    )


def test_an_unknown_module_never_becomes_the_whole_repository() -> None:
    include, _ = paths_of(("nowhere.at.all",), read_tree(SHOP))
    assert "src/nowhere/at/all/**" in include
    assert "nowhere/at/all/**" in include
    assert paths_of(("x",), read_tree(()))[0] == ("x.{py,pyi}", "x/**")


_FOLDERS = st.lists(st.sampled_from(["a", "b", "src", "c"]), max_size=3).map("/".join)
_FILES = st.tuples(_FOLDERS, st.sampled_from(["__init__.py", "a.py", "b.pyi", "d.py", "x.ts"])).map(
    lambda pair: f"{pair[0]}/{pair[1]}" if pair[0] else pair[1]
)
_PATTERNS = st.lists(
    st.sampled_from(["a", "b", "c", "src", "d", "*", "**"]), min_size=1, max_size=3
)


@given(
    st.lists(_FILES, min_size=1, max_size=12),
    _PATTERNS.map(".".join),
    st.sampled_from([(), ("",), ("src",), ("", "a"), ("src", "a/b")]),
)
def test_a_files_module_and_a_patterns_files_agree(
    files: list[str], pattern: str, roots: tuple[str, ...]
) -> None:
    tree = sorted(set(files))
    facts = read_tree(tree, roots)
    include, exclude = paths_of((pattern,), facts)
    inside, outside = matcher(include), matcher(exclude)
    nested = any(
        f"{top}/" in f"{other}/" and top != other for top in facts.tops for other in facts.tops
    )
    for path in tree:
        module = module_of(path, facts)
        if module is not None:
            expected = module_matches(pattern, module)
            # A star after `**` cannot leave out each package's own file.
            if "**" in pattern and pattern.endswith("*") and path.endswith("__init__.py"):
                continue
            claimed = inside(path) and not outside(path)
            # Of a source root within a package, globs may have to claim too much, never too little.
            assert claimed or not expected, (path, module, include)
            assert nested or claimed == expected, (path, module, include)
        if module is not None:
            assert module in facts.modules
            assert is_known(module, facts)


@given(st.lists(_FILES, min_size=1, max_size=12), _PATTERNS.map(".".join))
def test_known_modules_are_those_that_match(files: list[str], pattern: str) -> None:
    facts = read_tree(sorted(set(files)))
    assert is_known(pattern, facts) == any(module_matches(pattern, m) for m in facts.modules)
    assert set(find_modules(pattern, facts)) <= facts.modules


_MODULES = [".".join(p) for n in range(1, 7) for p in itertools.product("abc", repeat=n)]
_SMALL = st.lists(st.sampled_from(["a", "b", "*", "**"]), min_size=1, max_size=3).map(".".join)


@given(_SMALL, _SMALL)
def test_decisions_on_module_patterns_are_what_all_modules_say(one: str, other: str) -> None:
    inner = [module for module in _MODULES if module_matches(one, module)]
    assert modules_included((one,), (other,)) == all(module_matches(other, m) for m in inner)
    witness = modules_overlap((one,), (other,))
    assert (witness is None) == (not any(module_matches(other, m) for m in inner))
    if witness is not None:
        assert module_matches(one, witness)
        assert module_matches(other, witness)


@pytest.mark.parametrize(
    ("pattern", "module", "expected"),
    [
        ("shop.domain", "shop.domain", True),
        ("shop.domain", "shop.domain.order", True),
        ("shop.domain", "shop.domains", False),
        ("shop.*.db", "shop.orders.db.rows", True),
        ("shop.*.db", "shop.db", False),
        ("shop.**.db", "shop.db", True),
        ("@acme/ui", "@acme/ui/button", True),
        ("@acme/ui", "@acme/uikit", False),
        ("node:fs", "node:fs/promises", True),
        ("react", "react/jsx-runtime", True),
    ],
)
def test_a_module_pattern_means_the_module_and_all_below(
    pattern: str, module: str, expected: bool
) -> None:
    assert module_matches(pattern, module) == expected
    assert check_module(pattern) is None


def test_an_overlap_of_modules_names_one() -> None:
    assert modules_overlap(("shop.*.db",), ("shop.orders",)) == "shop.orders.db"
    assert modules_overlap(("shop",), ("shop.web",), exclude=("shop.web.**",)) is None


@pytest.mark.parametrize("pattern", ["", "a..b", "shop.pay*", "a b", "a/../b{", "." * 2000])
def test_a_faulty_module_pattern_says_so(pattern: str) -> None:
    assert check_module(pattern)


@pytest.mark.parametrize(
    ("path", "language"),
    [("a.pyi", "python"), ("a.mts", "typescript"), ("a/b.jsx", "javascript"), ("py", None)],
)
def test_a_files_ending_says_its_language(path: str, language: str | None) -> None:
    assert language_of(path) == language
