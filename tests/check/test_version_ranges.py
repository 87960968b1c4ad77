"""Ranges of versions: how two lie to each other is what trying many versions shows."""

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.version import Version

from bylaw.versions import declared, maven, meets, npm, nuget, pep440, semver, wanted, within
from bylaw.versions.bounds import keeps
from bylaw.versions.ranges import Range, Registry

# --- laws --------------------------------------------------------------------------------------

_NUMBERS = ("0", "1", "1.0", "1.2", "1.2.3", "1.10", "2", "2.0.1")
_PYTHON_ENDS = ("", "a1", "rc2", ".post1", ".dev3", "a1.dev1", ".post2.dev1")
_PYTHON = [
    Version(number + end)
    for number in (*_NUMBERS, "0.5", "1.1", "1.2.9", "1.2.3.1", "1.2.4", "1.3", "3", "1!0.5")
    for end in (*_PYTHON_ENDS, "a0", "a2", "rc3", ".post0", ".dev0", ".dev4", ".post2.dev0")
]
_python_ranges = st.lists(
    st.one_of(
        st.builds(
            "{}{}{}".format,
            st.sampled_from([">=", "<=", ">", "<", "==", "!="]),
            st.sampled_from(_NUMBERS),
            st.sampled_from(_PYTHON_ENDS),
        ),
        st.builds("{}{}.*".format, st.sampled_from(["==", "!="]), st.sampled_from(_NUMBERS)),
        st.sampled_from(["~=1.2", "~=1.2.3", "~=2.0.1", "^1.2", "^0.0.3", "~1.2", "~2"]),
    ),
    min_size=1,
    max_size=3,
).map(",".join)

_SEMANTIC = [
    version
    for numbers in product((0, 1, 2, 3), (0, 1, 2), (0, 1, 2, 4))
    for end in ("", "-0", "-alpha", "-alpha.1", "-alpha.0", "-rc.2", "-beta.11")
    if (version := semver.parse(".".join(map(str, numbers)) + end)) is not None
]
_partial = st.sampled_from(
    [
        *("0", "1", "2", "1.2", "0.1", "0.0.1", "1.2.0", "1.1.x", "1.2.1", "2.0.0", "*"),
        *("1.2.0-alpha", "1.2.0-alpha.1", "2.0.0-rc.2"),
    ]
)
_npm_part = st.builds(
    "{}{}".format, st.sampled_from(["", "^", "~", ">=", "<=", ">", "<", "="]), _partial
)
_npm_ranges = st.lists(
    st.one_of(
        st.lists(_npm_part, min_size=1, max_size=3).map(" ".join),
        st.builds("{} - {}".format, _partial, _partial),
    ),
    min_size=1,
    max_size=2,
).map(" || ".join)
_requirements = st.lists(
    st.builds(
        "{}{}".format,
        st.sampled_from(["==", "!=", ">=", "<=", ">", "<", "^", "~", "~=", "="]),
        st.sampled_from(["1.0", "1.2", "0.1", "1.2.0", "2.0.0", "1.2.0-alpha.1"]),
    ),
    min_size=1,
    max_size=3,
).map(",".join)


def _agrees(inner: Range, outer: Range, versions: list[object]) -> None:
    """What is said of two ranges is so for each version that is tried."""
    inside = [version for version in versions if inner.admits(version)]
    if within(inner, outer):
        assert [version for version in inside if not outer.admits(version)] == []
    if not meets(inner, outer):
        assert [version for version in inside if outer.admits(version)] == []
    if meets(inner, outer):
        shared = [v for v in inner.candidates([outer]) if inner.admits(v) and outer.admits(v)]
        assert shared
    if inside and within(inner, outer):
        assert meets(inner, outer)
    if inner.single:
        assert len(set(inside)) <= 1


@settings(max_examples=300, deadline=None)
@given(_python_ranges, _python_ranges)
def test_ranges_of_python_packages_lie_as_their_versions_do(one: str, other: str) -> None:
    inner, outer = wanted("pypi", one), wanted("pypi", other)
    assert inner is not None
    assert outer is not None
    _agrees(inner, outer, [*_PYTHON])


@settings(max_examples=300, deadline=None)
@given(_npm_ranges, _requirements)
def test_ranges_of_npm_lie_as_their_versions_do(one: str, other: str) -> None:
    inner, outer = declared("npm", one), wanted("npm", other)
    assert inner is not None
    assert outer is not None
    _agrees(inner, outer, [*_SEMANTIC])


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.builds("{}{}".format, st.sampled_from(["", "^", "~", ">=", "<", "="]), _partial),
        min_size=1,
        max_size=2,
    ).map(", ".join),
    _requirements,
)
def test_ranges_of_cargo_lie_as_their_versions_do(one: str, other: str) -> None:
    inner, outer = declared("crates", one), wanted("crates", other)
    if inner is None:
        assert "x" in one
        return
    assert outer is not None
    _agrees(inner, outer, [*_SEMANTIC])


_MAVEN = ["0.9", "1.0", "1.0.1", "1.1-alpha", "1.1", "1.1-sp", "1.1-1", "1.1.1", "2.0-rc1", "2.0"]
_INTERVALS = ["[1.0,1.1)", "(1.0,1.1]", "[1.1]", "(,1.1]", "[1.1,)", "[1.0,1.0.1],[2.0,)", "1.1"]


@pytest.mark.parametrize("one", _INTERVALS)
@pytest.mark.parametrize("other", [">=1.0", "<2", "<1.1", "==1.1", "!=1.1", "~=1.0", ">1.1,<2"])
@pytest.mark.parametrize("registry", ["maven", "nuget"])
def test_intervals_lie_as_their_versions_do(one: str, other: str, registry: Registry) -> None:
    inner, outer = declared(registry, one), wanted(registry, other)
    assert inner is not None
    assert outer is not None
    read = maven.version if registry == "maven" else lambda text: semver.parse(text, 4)
    _agrees(inner, outer, [v for v in map(read, _MAVEN) if v is not None])


# --- what registries say -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "admitted", "refused"),
    [
        ("^1.2.3", "1.2.3 1.9.0", "1.2.2 2.0.0 2.0.0-alpha 1.3.0-rc.1"),
        ("^0.2.3", "0.2.3 0.2.9", "0.3.0 0.2.2"),
        ("^0.0.3", "0.0.3", "0.0.4 0.1.0"),
        ("^0.x", "0.0.0 0.9.9", "1.0.0"),
        ("~1.2", "1.2.0 1.2.9", "1.3.0 1.1.9"),
        ("~1", "1.0.0 1.9.9", "2.0.0"),
        ("1.2.x", "1.2.0 1.2.9", "1.3.0"),
        (">1.2", "1.3.0", "1.2.9"),
        ("<=1.2", "1.2.9 0.0.0", "1.3.0"),
        ("1.2 - 2.3", "1.2.0 2.3.9", "2.4.0 1.1.9"),
        ("1.2.3 - 2.3.4", "2.3.4", "2.3.5"),
        (">=1.2.3-beta.2 <2", "1.2.3-beta.10 1.2.3", "1.2.3-beta.1 1.2.4-beta.3 2.0.0-beta"),
        ("", "0.0.0 9.9.9", "1.0.0-rc.1"),
        (">= 1.0  <2", "1.5.0", "2.0.0"),
        ("=1.2.3 || ^3", "1.2.3 3.1.0", "1.2.4 2.0.0"),
        ("v1.2.3+build", "1.2.3", "1.2.4"),
    ],
)
def test_npm_admits_what_it_says(text: str, admitted: str, refused: str) -> None:
    found = npm.parse(text)
    assert found is not None
    for version in admitted.split():
        assert found.admits(semver.parse(version)), version
    for version in refused.split():
        assert not found.admits(semver.parse(version)), version


def test_what_is_no_range_is_none() -> None:
    assert npm.parse("latest") is None
    assert npm.parse("github:a/b") is None
    assert npm.parse("1.2.3.4") is None
    assert npm.parse("20-alpine") is None
    assert pep440.parse("^1") is None
    assert maven.parse("[1.0") is None
    assert maven.parse("[1,2],") is not None
    assert nuget.parse("[1.0.0") is None
    assert declared("go", "master") is None
    assert declared("npm", "1 " * 100_000) is None
    assert wanted("npm", "~=1") is None


@pytest.mark.parametrize(
    ("registry", "text", "is_single"),
    [
        ("pypi", "==1.2", True),
        ("pypi", "===1.2", True),
        ("pypi", "==1.2.*", False),
        ("pypi", ">=1.2,==1.3", True),
        ("pypi", "~=1.2", False),
        ("pypi", "", False),
        ("pypi", "==1||==2", False),
        ("npm", "1.2.3", True),
        ("npm", "=1.2.3", True),
        ("npm", ">=1.2.3 <=1.2.3", True),
        ("npm", "1.2", False),
        ("npm", "^0.0.3", True),
        ("npm", "1.2.3 || 1.2.4", False),
        ("crates", "=1.2.3", True),
        ("crates", "1.2.3", False),
        ("crates", "=1.2", False),
        ("go", "v1.2.3", True),
        ("go", "v0.0.0-20240101000000-abcdefabcdef", True),
        ("maven", "1.2", True),
        ("maven", "[1.2]", True),
        ("maven", "[1.2,1.3)", False),
        ("maven", "(,1.3)", False),
        ("maven", "(1.3,)", False),
        ("npm", ">0.0.1", False),
        ("npm", "<0.0.2", False),
        ("npm", "<0.0.1", True),
        ("nuget", "1.2.3", True),
        ("nuget", "[1.2.3]", True),
        ("nuget", "1.2.*", False),
        ("nuget", "[1.2,)", False),
    ],
)
def test_one_version_is_told_from_many(registry: Registry, text: str, is_single: bool) -> None:
    found = declared(registry, text)
    assert found is not None
    assert found.single is is_single


def test_versions_of_maven_stand_in_its_order() -> None:
    order = [
        "1-alpha", "1-alpha-1", "1.0a2", "1-beta", "1.0.M1", "1.0-rc", "1.0-rc1", "1-SNAPSHOT",
        "1", "1-sp", "1-foo", "1-1", "1.0.1", "1.1", "1.9", "1.10", "2.0.0-M2", "2",
    ]  # fmt: skip
    versions = [maven.version(text) for text in order]
    for (one, first), (other, second) in combinations(zip(order, versions, strict=True), 2):
        assert first is not None
        assert second is not None
        assert first < second, (one, other)
    same = {maven.version(text) for text in ("1", "1.0", "1.0.0", "1.0.Final", "1-ga", "1.RELEASE")}
    assert len(same) == 1


@pytest.mark.parametrize(
    ("text", "at_least", "at_most"),
    [
        ("3.11", "kept", "kept"),
        ("v3.12.1", "kept", "kept"),
        (">=3.11,<4", "kept", "kept"),
        (">=3.11", "kept", "passed"),
        ("<4", "passed", "kept"),
        (">=3.10,<4", "passed", "kept"),
        (">=3.11,<4.1", "kept", "passed"),
        ("^3.11", "kept", "kept"),
        ("~=3.11", "kept", "kept"),
        ("3.12.*", "kept", "kept"),
        ("3.x", "passed", "kept"),
        ("3.11.0 || 3.12.0", "kept", "kept"),
        ("3.11 - 3.12", "kept", "kept"),
        (">=3.11 <3.14", "kept", "kept"),
        ("3.11rc1", "passed", "kept"),
        ("*", "passed", "passed"),
        ("latest", "none", "none"),
        ("3.11-alpine", "none", "none"),
        ("", "none", "none"),
        ("100MB", "none", "none"),
    ],
)
def test_a_bound_looks_at_the_lowest_and_the_highest_version(
    text: str, at_least: str, at_most: str
) -> None:
    assert keeps(text, "3.11", at_least=True) == at_least
    assert keeps(text, "4", at_least=False) == at_most
