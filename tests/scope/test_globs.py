"""The glob dialect: what a glob matches, what it must not be, and what is decided about it."""

import itertools
import re
import time

import pytest
import re2
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.scope.strategies import globs, paths, reference

from bylaw.area import Area
from bylaw.globs import (
    check,
    expand_braces,
    included,
    intersect,
    is_empty,
    matcher,
    overlap,
    to_regex,
)
from bylaw.globs.decide import path_matches
from bylaw.globs.dialect import alternatives
from bylaw.tree import Tree

# Every path of up to three segments over a few names: enough to tell small globs apart.
_NAMES = ["a", "b", "ab", "ba", "aa", "a.py", "x", "xa"]
UNIVERSE = ["/".join(p) for n in (1, 2, 3) for p in itertools.product(_NAMES, repeat=n)]


@pytest.mark.parametrize(
    ("glob", "yes", "no"),
    [
        ("src/shop", ["src/shop", "src/shop/a/b.py"], ["src/shops", "lib/src/shop", "src"]),
        ("docs/", ["docs/a", "docs/a/b"], ["docs", "adocs/a"]),
        ("src/*", ["src/a", "src/.env"], ["src/a/b", "src"]),
        ("src/**", ["src/a", "src/a/b/.c"], ["src", "srcs/a"]),
        ("**", ["a", ".a/b"], []),
        ("**/*.py", ["a.py", "a/b/c.py", ".py"], ["a.pyi", "a.py/b"]),
        ("src/**/test_*.py", ["src/test_a.py", "src/x/y/test_.py"], ["test_a.py", "src/a.py"]),
        ("**/tests/**", ["tests/a", "x/tests/a/b"], ["tests", "x/tests"]),
        ("services/*/", ["services/a/b", "services/a/b/c"], ["services/a"]),
        ("a?c.[ch]", ["abc.c", "aéc.h"], ["ac.c", "a/c.c", "abc.x"]),
        ("x/[!a-c]*", ["x/d", "x/-"], ["x/a", "x/bcd", "x/"]),
        ("{src,lib}/*.{py,pyi}", ["src/a.py", "lib/b.pyi"], ["src/a.js"]),
        ("{src,lib}", ["src/a/b", "lib"], ["libs"]),
        ("app/[[]id]/[*].ts", ["app/[id]/*.ts"], ["app/id/a.ts"]),
        ("a.b+c(d)^$|", ["a.b+c(d)^$|"], ["aab+c(d)^$|"]),
        ("src/A.py", ["src/A.py"], ["src/a.py"]),
        ("x[{,}]y", ["x{y", "x,y"], ["xy"]),
    ],
)
def test_a_glob_matches_what_the_reference_says(glob: str, yes: list[str], no: list[str]) -> None:
    assert check(glob) is None
    test, regex = matcher([glob]), re.compile(to_regex(glob))
    assert [p for p in yes if not test(p) or not regex.fullmatch(p)] == []
    assert [p for p in no if test(p) or regex.fullmatch(p)] == []


@pytest.mark.parametrize(
    ("glob", "fault"),
    [
        ("", "empty"),
        ("/src", "starts with `/`"),
        ("./src", "starts with `./`"),
        ("a/../b", "`..`"),
        ("..", "`..`"),
        ("a\\b", "no separator"),
        ("a//b", "empty segment"),
        ("a/./b", "segment `.`"),
        ("{a,{b,c}}", "nest"),
        ("{a,b", "`{` is never closed"),
        ("a}", "closes nothing"),
        ("[ab", "`[` is never closed"),
        ("[]", "no character"),
        ("[!]a", "no character"),
        ("[^a]", "`[!…]`"),
        ("[a/b]", "cannot hold `/`"),
        ("[b-a]", "backwards"),
        ("[[:alpha:]]", "named character classes"),
        ("a**", "whole segments"),
        ("{,a}/b", "starts with `/`"),
        ("a\u200bb", "U+200B"),
        ("a\nb", "U+000A"),
        (" a", "white space"),
        ("{a,b}" * 9, "more than 256"),
        ("a" * 5000, "longer than"),
    ],
)
def test_a_faulty_glob_says_what_is_wrong(glob: str, fault: str) -> None:
    assert fault in str(check(glob))


@pytest.mark.parametrize("text", ["[" * 100_000, "{" * 100_000, "{a,b}" * 100_000, "*/" * 500_000])
def test_hostile_text_is_faulted_at_once(text: str) -> None:
    start = time.perf_counter()
    assert check(text) is not None
    assert check(text[:4000]) is not None or len(text) < 4000
    assert time.perf_counter() - start < 1


def test_braces_expand_in_the_order_written_and_once() -> None:
    assert expand_braces("{b,a}/{x,y}{,z}")[:3] == ("b/x", "b/xz", "b/y")
    assert expand_braces("{a,a}") == ("a",)
    assert expand_braces("[{,}]") == ("[{,}]",)


@given(globs(), paths)
def test_matcher_regex_and_reference_agree(glob: str, path: str) -> None:
    assume(check(glob) is None)
    expected = reference(glob, path)
    assert matcher([glob])(path) == expected
    assert any(path_matches(alternative, path) for alternative in alternatives(glob)) == expected
    assert Tree([path]).matches(glob) == expected
    files = sorted({path, "z/z/z", "b/a.py", "a/b/ab", "aa"})
    assert Tree(files).matching(glob) == tuple(f for f in files if reference(glob, f))
    assert (re.fullmatch(to_regex(glob), path) is not None) == expected
    assert (re2.fullmatch(to_regex(glob), path) is not None) == expected


@given(st.lists(globs(), max_size=4), paths)
def test_a_matcher_of_several_globs_is_their_union(several: list[str], path: str) -> None:
    assume(all(check(glob) is None for glob in several))
    assert matcher(several)(path) == any(reference(glob, path) for glob in several)


def test_a_matcher_of_very_many_folders_is_their_union() -> None:
    test = matcher([f"src/p{n}/**" for n in range(100)] + ["README.md", "docs"])
    assert [p for p in ("src/p7/a", "README.md", "docs/x/y") if not test(p)] == []
    assert [p for p in ("src/p7", "src/p100/a", "README", "doc") if test(p)] == []


def _members(area: Area) -> set[str]:
    include, within = area.include or ("**",), area.within or ("**",)
    return {
        path
        for path in UNIVERSE
        if any(reference(g, path) for g in include)
        and any(reference(g, path) for g in within)
        and not any(reference(g, path) for g in area.exclude)
    }


@st.composite
def _areas(draw: st.DrawFn) -> Area:
    some = st.lists(globs().filter(lambda g: check(g) is None), max_size=2).map(tuple)
    return Area(draw(some), draw(some), draw(some))


@given(_areas(), _areas())
def test_overlap_and_inclusion_are_never_contradicted_by_a_path(one: Area, other: Area) -> None:
    first, second = _members(one), _members(other)
    witness = overlap(one, other)
    if witness is None:
        assert not first & second
    else:
        assert witness.isprintable()
        for area in (one, other):
            assert matcher(area.include or ("**",))(witness)
            assert matcher(area.within or ("**",))(witness)
            assert not (area.exclude and matcher(area.exclude)(witness))
    if included(one, other):
        assert first <= second
    if is_empty(one):
        assert not first


_PLAIN = st.lists(st.sampled_from(["a", "b", "*", "**"]), min_size=1, max_size=3).map("/".join)
_ALL = ["/".join(p) for n in range(1, 7) for p in itertools.product("abc", repeat=n)]


@given(_PLAIN, _PLAIN)
def test_on_small_globs_inclusion_is_what_all_paths_say(one: str, other: str) -> None:
    """With names a, b and a third, six levels tell two globs of three segments apart."""
    inner = [path for path in _ALL if reference(one, path)]
    assert included((one,), (other,)) == all(reference(other, path) for path in inner)
    assert (overlap((one,), (other,)) is None) == (not any(reference(other, p) for p in inner))


@given(globs(), globs())
def test_an_intersection_means_what_both_globs_mean(one: str, other: str) -> None:
    assume(check(one) is None and check(other) is None)
    found = intersect(one, other)
    if found is not None:
        assert [check(glob) for glob in found if check(glob)] == []
        test = matcher(found)
        for path in UNIVERSE[:200]:
            assert test(path) == (reference(one, path) and reference(other, path))


@pytest.mark.parametrize(
    ("one", "other", "witness"),
    [
        (("src/**",), ("**/*.py",), "src/x.py"),
        (("src/*",), ("src/shop/**",), None),
        (("**/test_*.py",), ("src/**",), "src/test_x.py"),
        (("a/**/b",), ("a/*",), "a/b"),
        (("{a,b}/x",), ("b/**",), "b/x"),
        (("*.py",), ("*.pyi",), None),
        (Area(("src/**",), (), ("src/a/**",)), ("src/a/x.py",), None),
        (Area(("src/**",), ("**/*.py",)), ("**/*.ts",), None),
    ],
)
def test_a_witness_is_short_and_readable(one: object, other: object, witness: str | None) -> None:
    assert overlap(one, other) == witness  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("src/**", "**/*.py", {"src/**/*.py"}),
        ("test_*", "*.py", {"test_*.py"}),
        ("src/shop/**", "src/**", {"src/shop/**"}),
        ("a/**", "b/**", set()),
        ("?[ab]*", "*c?", None),
    ],
)
def test_an_intersection_is_written_as_globs_where_it_can_be(
    one: str, other: str, expected: set[str] | None
) -> None:
    found = intersect(one, other)
    assert (found if found is None else set(found)) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("*a*a*a*a*b", "*b*b*b*b*a*"),
        ("**/a/**/a/**/a/**/b", "**/b/**/b/**/a/**"),
        ("**", "*a" + "?" * 40),
        ("*a" + "?" * 40 + "/**", "*b" + "?" * 40 + "/**"),
        ("/".join(["**", "*a*"] * 12), "/".join(["**", "*b*"] * 12)),
    ],
)
def test_tangled_globs_are_answered_soon(one: str, other: str) -> None:
    start = time.perf_counter()
    overlap((one,), (other,))
    included((one,), (other,))
    included((other,), (one,))
    matcher([one])("a" * 250 + "/" + "b/" * 200 + "a" * 250)
    assert time.perf_counter() - start < 2
