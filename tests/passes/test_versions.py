"""Ranges of versions: what is decided of them holds for every version that one tries."""

from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from bylaw.passes.compare.versions import disjoint, included, order, shared_version

_RELEASES = ["0", "1", "1.0", "1.2", "1.2.3", "1.10", "2", "2.0.1", "3"]
_SUFFIXES = ["", "a1", "rc2", ".post1", ".dev3"]
VERSIONS = [r + s for r in [*_RELEASES, "0.5", "1.1", "1.2.9", "1.2.3.1", "4"] for s in _SUFFIXES]

_plain = st.builds(
    "{}{}{}".format,
    st.sampled_from([">=", "<=", ">", "<", "==", "!="]),
    st.sampled_from(_RELEASES),
    st.sampled_from(["", "", "", "a1", "rc2"]),
)
_wild = st.builds("{}{}.*".format, st.sampled_from(["==", "!="]), st.sampled_from(_RELEASES))
_compatible = st.sampled_from(["~=1.2", "~=1.2.3", "~=2.0.1"])
ranges = st.lists(st.one_of(_plain, _wild, _compatible), min_size=1, max_size=3).map(",".join)


def _admits(specifier: str, version: str) -> bool:
    return SpecifierSet(specifier).contains(version, prereleases=True)


@settings(max_examples=300, deadline=None)
@given(ranges, ranges)
def test_disjoint_ranges_share_no_version_and_others_do(one: str, other: str) -> None:
    both = [v for v in VERSIONS if _admits(one, v) and _admits(other, v)]
    assert disjoint(one, other) == disjoint(other, one)
    if disjoint(one, other):
        assert both == []
    else:
        shared = shared_version(one, other)
        assert shared is not None
        assert _admits(one, shared)
        assert _admits(other, shared)


@settings(max_examples=300, deadline=None)
@given(ranges, ranges)
def test_an_included_range_admits_nothing_that_the_other_does_not(one: str, other: str) -> None:
    outside = [v for v in VERSIONS if _admits(one, v) and not _admits(other, v)]
    if included(one, other):
        assert outside == []


def test_what_is_no_range_is_never_concluded_from() -> None:
    assert not disjoint("^18", "<17")
    assert not included("^18", "<17")
    assert included("^18", "")
    assert included("^18", "^18")


def test_versions_and_numbers_are_ordered_and_words_are_not() -> None:
    assert order("3.9", "3.10") == -1
    assert order("20", "18.2") == 1
    assert order("1.0", "1") == 0
    assert order("latest", "1") is None
