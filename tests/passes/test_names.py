"""Names as regular languages: what is decided holds for every name that one tries."""

import re
from itertools import product
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bylaw.passes.compare.names import disjoint, included

WORDS = ["".join(w) for n in range(5) for w in product("ab_", repeat=n)]

expressions = st.recursive(
    st.sampled_from(["a", "b", "_", ".", "[ab]", "[^a]", r"\w", "[a-c]", "x"]),
    lambda inner: st.one_of(
        st.builds("({}|{})".format, inner, inner),
        st.builds("{}{}".format, inner, inner),
        st.builds("({}){}".format, inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{2,}"])),
    ),
    max_leaves=5,
)


@settings(max_examples=400, deadline=None)
@given(expressions, expressions)
def test_two_expressions_are_disjoint_where_no_word_matches_both(one: str, other: str) -> None:
    first, second = re.compile(one, re.ASCII), re.compile(other, re.ASCII)
    both = [w for w in WORDS if first.fullmatch(w) and second.fullmatch(w)]
    assert disjoint([one], [other]) == disjoint([other], [one])
    if both:
        assert not disjoint([one], [other])
        assert not disjoint([one, "q"], [other])
    if included([one], [other]):
        assert not [w for w in WORDS if first.fullmatch(w) and not second.fullmatch(w)]


@settings(max_examples=200, deadline=None)
@given(expressions, expressions)
def test_an_expression_is_included_in_its_union_and_apart_from_what_it_lacks(
    one: str, other: str
) -> None:
    assert included([one], [one, other])
    assert included([f"({one})"], [f"{one}|{other}"])
    assert disjoint([f"q({one})"], [f"r({other})"])


def test_what_is_not_understood_is_never_concluded_from() -> None:
    for odd in (r"\bx", "^x$", "(?i)x", r"(?=x)y", r"\pL", "(", "x" * 1000):
        assert not disjoint([odd], ["z"])
        assert not included(["z"], [odd])


@pytest.mark.parametrize("tail", ["(a|b)" * 20, "[ab]{30}"])
def test_an_expression_with_a_huge_automaton_is_given_up_on_soon(tail: str) -> None:
    start = process_time()
    assert not included(["[ab]+"], [f"(a|b)*a{tail}"])
    assert not included([f"(a|b)*a{tail}"], [f"(a|b)*a{tail[:-5]}(b|c)"])
    assert disjoint([f"(a|b)*a{tail}"], ["c+"])
    assert process_time() - start < 2
