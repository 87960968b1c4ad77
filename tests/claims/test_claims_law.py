"""The law of claims: what settling accepts of a diff, checking accepts as claims."""

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from bylaw.area import TreeFacts
from bylaw.check.change import Change
from bylaw.check.evidence import Evidence
from bylaw.claims.check import check_claims, check_deeds
from bylaw.claims.model import CHANGES, Verb
from bylaw.claims.places import Holdings, exactly
from bylaw.claims.read import Claim, read_claims
from bylaw.claims.settle import deeds_of, literal, settle_deeds, settle_paths
from bylaw.claims.task import Task
from bylaw.diagnostics import Report, Severity
from bylaw.globs import check, matcher
from bylaw.snapshot import MemoryTree
from tests.targets.compiled import scoped

SENTENCES = """
- [aa] Agents of class `B` MUST NOT change `a/x*`.
- [bb] Agents of class `B` MUST only change `a/`, `b/` or `c`.
- [cc] Files matching `b/**/y` MUST NOT exist.
- [dd] Only agents of class `C` MAY change `**/z`.
- [ee] Agents MUST change at most 3 files.
"""
FILES = ("a/x", "a/w", "b/a/w", "c", "b/z")

names = st.sampled_from(["a", "b", "c", "x", "w", "y", "z", "xw"])
paths = st.lists(names, min_size=1, max_size=3).map("/".join)
globs = paths | st.lists(
    names | st.sampled_from(["*", "**", "x*", "[xw]", "{x,y}"]), min_size=1, max_size=3
).map("/".join)


def task_of(claims: tuple[Claim, ...]) -> Task:
    sheet = read_claims(b'task = "t"\nclass = "B"\n', "claims.toml", Report())
    assert sheet is not None
    decision = scoped(SENTENCES, FILES)
    evidence = Evidence(MemoryTree(dict.fromkeys(FILES, b"")), TreeFacts())
    return Task(sheet, claims, "B", None, decision.constraints, evidence)


def errors(report: Report) -> list[str]:
    return [each.message for each in report if each.severity is Severity.ERROR]


@given(
    st.lists(st.tuples(st.sampled_from(CHANGES), globs), max_size=4),
    st.sets(paths, max_size=4),
    st.sets(st.sampled_from(FILES), max_size=3),
    st.sets(st.sampled_from(FILES), max_size=3),
)
def test_whatever_is_settled_lies_in_a_claim_and_would_be_accepted_as_one(
    said: list[tuple[Verb, str]], added: set[str], modified: set[str], deleted: set[str]
) -> None:
    task = task_of(tuple(Claim(verb, text, None) for verb, text in said))
    change = Change(
        base=MemoryTree(),
        added=tuple(sorted(added - set(FILES))),
        modified=tuple(sorted(modified - deleted)),
        deleted=tuple(sorted(deleted)),
    )
    done = deeds_of(change)
    report = Report()
    settled = settle_paths(task, done, report)
    settle_deeds(task, done, report)
    if errors(report):
        return
    verbs = {"created": "create", "edited": "edit", "deleted": "delete"}
    for each in settled:
        assert each.claim is not None
        assert task.holdings.holds(each.claim.text, each.path)
        assert each.done != "deleted" or each.claim.verb == "delete"
    again = Report()
    real = tuple(Claim(verbs[what], literal(path), None) for path, what in done.items())  # type: ignore[arg-type] # a verb
    check_claims(task_of(real), again)
    assert errors(again) == []


@given(st.sampled_from(CHANGES), globs, paths)
def test_a_path_in_an_accepted_claim_is_accepted_by_itself(
    verb: Verb, text: str, path: str
) -> None:
    task = task_of((Claim(verb, text, None),))
    report = Report()
    check_deeds(task, report)
    limited = [each for each in errors(report) if "(0007-domain/ee)" not in each]
    if limited or not task.holdings.holds(text, path):
        return
    alone = Report()
    check_deeds(task_of((Claim(verb, literal(path), None),)), alone)
    assert errors(alone) == []


@given(globs, paths, st.sets(paths, max_size=4))
def test_a_claim_holds_what_its_glob_matches(text: str, path: str, files: set[str]) -> None:
    held = Holdings(files)
    assert held.holds(text, path) is bool(matcher((held.glob(text),))(path))
    assert check(held.glob(text)) is None
    assert all(held.holds(text, each) for each in held.samples(text))


@given(
    st.text(st.characters(exclude_characters="/\\\0", exclude_categories=("Cs", "Cc")), min_size=1)
)
def test_the_glob_of_one_file_is_of_no_other(name: str) -> None:
    if check(literal(name)) is None:
        assert matcher((literal(name),))(name)
    if check(name) is None and not set(name) & set("*?[{"):
        assert matcher((exactly(name),))(name)


def test_every_verb_is_one_that_is_read() -> None:
    assert set(CHANGES) < set(get_args(Verb))
