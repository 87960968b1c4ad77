"""What a real parser answers of our lines is what the demands ask for."""

from codeowners import CodeOwners
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from bylaw.globs import intersect
from bylaw.owners.lines import Demand, Layout, lay_out
from bylaw.owners.patterns import to_globs, to_patterns
from tests.scope.strategies import globs, reference

OWNERS = ("@ann", "@bob", "@shop/dba", "x@y.example")

# Folders that are named like files are left out of account, so only a last name has a dot in it.
_FOLDERS = st.text("abx", min_size=1, max_size=3)
_FILES = st.one_of(_FOLDERS, st.sampled_from(["a.py", "b.py", ".a", "ab.py", "x.a"]))
paths = st.tuples(st.lists(_FOLDERS, max_size=4), _FILES).map(lambda p: "/".join((*p[0], p[1])))


def is_tree(named: list[str]) -> bool:
    """Tell whether no path is a folder of another: a path is a file or a folder, never both."""
    return not any(other.startswith(f"{path}/") for path in named for other in named)


trees = st.lists(paths, min_size=1, max_size=8).filter(is_tree)

real_globs = st.one_of(
    globs(),
    st.sampled_from(
        ["**", "a/**", "**/*.py", "a/*", "b/", "a/b", "**/a", "a/**/b/", "*.py", "[ab]/x"]
    ),
)

_owners = st.lists(st.sampled_from(OWNERS), min_size=1, max_size=2, unique=True).map(tuple)


@st.composite
def demands(draw: st.DrawFn) -> list[Demand]:
    """Draw demands that meet often."""
    some = st.lists(real_globs, min_size=1, max_size=2).map(tuple)
    few = st.lists(real_globs, max_size=2).map(tuple)
    return [
        Demand(f"d/{number}", draw(some), draw(few), draw(_owners))
        for number in range(draw(st.integers(1, 3)))
    ]


def text_of(layout: Layout) -> str:
    return "".join(" ".join((line.pattern, *line.owners)) + "\n" for line in layout.lines)


def asked(demand: Demand, path: str) -> bool:
    return any(reference(glob, path) for glob in demand.include) and not any(
        reference(glob, path) for glob in demand.exclude
    )


def wanted(some: list[Demand], path: str) -> set[str]:
    return {owner for demand in some if asked(demand, path) for owner in demand.owners}


def answered(layout: Layout, path: str) -> set[str]:
    return {name for _, name in CodeOwners(text_of(layout)).of(path)}


def is_said(some: list[Demand]) -> bool:
    """Tell whether every glob, and what two have in common, is a pattern's own meaning."""
    all_globs = [glob for demand in some for glob in (*demand.include, *demand.exclude)]
    joints = [intersect(one, other) for one in all_globs for other in all_globs]
    if any(joint is None for joint in joints):
        return False
    spelt = [*all_globs, *(glob for joint in joints for glob in joint or ())]
    return not any(pattern.wider for glob in spelt for pattern in to_patterns(glob))


@settings(max_examples=120, deadline=None)
@given(demands(), trees)
def test_the_last_match_names_the_owners_of_every_demand_that_binds(
    some: list[Demand], named: list[str]
) -> None:
    layout = lay_out(some, named)
    assume(layout.whole and not layout.unsaid and is_said(some))
    for path in named:
        assert answered(layout, path) == wanted(some, path), (path, text_of(layout))


@settings(max_examples=120, deadline=None)
@given(demands(), trees)
def test_whatever_cannot_be_said_asks_too_many_and_never_too_few(
    some: list[Demand], named: list[str]
) -> None:
    layout = lay_out(some, named)
    assume(layout.whole)
    for path in named:
        assert answered(layout, path) >= wanted(some, path), (path, text_of(layout))


@settings(max_examples=300, deadline=None)
@given(real_globs, paths)
def test_a_glob_and_its_patterns_match_the_same_files(glob: str, path: str) -> None:
    patterns = to_patterns(glob)
    found = any(bool(CodeOwners(f"{p.text} @x\n").of(path)) for p in patterns)
    if any(pattern.wider for pattern in patterns):
        assert found or not reference(glob, path)
    else:
        assert found == reference(glob, path)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(["a", "b", "*", "**", "*.py", "a*", "?"]), min_size=1, max_size=3),
    st.booleans(),
    st.booleans(),
    paths,
)
def test_a_pattern_that_somebody_has_written_is_read_as_the_parser_reads_it(
    parts: list[str], anchored: bool, folder: bool, path: str
) -> None:
    pattern = ("/" if anchored else "") + "/".join(parts) + ("/" if folder else "")
    found = to_globs(pattern)
    assume(found is not None and not pattern.endswith("**/"))
    read = any(reference(glob, path) for glob in found or ())
    assert bool(CodeOwners(f"{pattern} @x\n").of(path)) == read, (pattern, found)


@settings(max_examples=300, deadline=None)
@given(real_globs, paths)
def test_a_second_reader_finds_the_same_files(glob: str, path: str) -> None:
    """As `.gitignore` reads them, where a folder's `*` takes what lies deeper, too."""
    patterns = to_patterns(glob)
    assume(not any(p.wider or p.text.endswith("/*") for p in patterns))
    spec = GitIgnoreSpec.from_lines([pattern.text for pattern in patterns])
    assert spec.match_file(path) == reference(glob, path), patterns


@settings(max_examples=200, deadline=None)
@given(demands())
def test_the_same_demands_give_the_same_lines_in_any_order_of_the_tree(some: list[Demand]) -> None:
    files = ["b/a.py", "a/b", "a/x.py"]
    assert lay_out(some, files).lines == lay_out(some, sorted(files)).lines


def test_an_exception_of_two_does_not_take_the_owner_of_a_third() -> None:
    """Found by the law: a pattern that takes a folder of its name, too, must not be left out."""
    some = [
        Demand("d/0", ("*", "?/?"), (), ("@ann",)),
        Demand("d/1", ("{a,b}",), ("**",), ("@bob",)),
        Demand("d/2", ("{a,b}",), ("{a,b}",), ("@bob",)),
    ]
    assert answered(lay_out(some, ["a"]), "a") >= {"@ann"}
