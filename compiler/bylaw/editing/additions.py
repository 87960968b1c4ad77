"""What can be added to a constraint: examples that `bylaw prove` accepts, and a waiver."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Literal

from bylaw.adr.markdown import parse_blocks
from bylaw.diagnostics import Report
from bylaw.editing.linked import Linked
from bylaw.editing.model import Edit, due
from bylaw.editing.names import names_of
from bylaw.ir import ConstraintNode
from bylaw.languages import language_of
from bylaw.program import Unit
from bylaw.prove.case import Case, Situation
from bylaw.prove.evaluate import Evaluator
from bylaw.prove.generate import Ground, generated
from bylaw.scope import scope_decision
from bylaw.scoped import ScopedConstraint
from bylaw.snapshot import WorkingTree
from bylaw.source import Source
from bylaw.tree import area_test

_MARKER = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_MOST_PLACES = 5
_MOST_LINES = 30
"""An example that is longer shows nothing any more."""
Verdict = Literal["violates", "complies"]
VERDICTS: tuple[Verdict, ...] = ("violates", "complies")


def possible_examples(linked: Linked, unit: Unit, identity: str) -> tuple[Verdict, ...]:
    """Return of which verdicts an example may be added: what no single file shows has none."""
    scoped = _scoped(linked, unit, identity)
    found = {case.verdict for case in _cases(linked, scoped)} if scoped is not None else ()
    return tuple(verdict for verdict in VERDICTS if verdict in found)


def example_edit(
    linked: Linked, source: Source, unit: Unit, identity: str, verdict: Verdict
) -> Edit | None:
    """Return the edit that adds an example; None where the evaluator accepts none.

    It takes as long as to judge a file, in a large tree a second.
    """
    scoped = _scoped(linked, unit, identity)
    if scoped is None:
        return None
    end = _end_of_item(source, scoped.constraint.span.line - 1)
    indent = _indentation(source, scoped.constraint.span.line - 1)
    if end is None or indent is None:
        return None
    evaluator = Evaluator(
        WorkingTree(linked.root, linked.files), linked.context.facts, linked.config.tests
    )
    for case in _cases(linked, scoped):
        if case.verdict != verdict:
            continue
        (answer,) = evaluator.evaluate(scoped, [case])
        if answer.unevaluated is None and case.fault_of(answer.lines) is None:
            place = (end, len(source.lines[end]))
            return Edit(source.path, place, place, "\n\n" + "\n".join(_fence(case, indent)))
    return None


def _scoped(linked: Linked, unit: Unit, identity: str) -> ScopedConstraint | None:
    scoped = scope_decision(unit.decision, linked.context, Report())
    return next((each for each in scoped.constraints if each.constraint.id == identity), None)


def _cases(linked: Linked, scoped: ScopedConstraint) -> Iterator[Case]:
    """Yield the made programs that one fence can hold."""
    if scoped.constraint.shape == "semgrep":
        return
    ground = Ground(linked.context.facts, names_of(linked).paths, linked.config.tests)
    for case in generated(scoped, ground):
        if set(case.files) != {case.path} or case.absent or case.situation != Situation():
            continue
        if "`" in case.path or " " in case.path or not 0 < case.text.count("\n") <= _MOST_LINES:
            continue
        yield case


def _fence(case: Case, indent: str) -> Iterator[str]:
    longest = max((len(run) for run in re.findall(r"`+", case.text)), default=0)
    marks = "`" * max(3, longest + 1)
    _, dot, ending = case.path.rpartition("/")[2].rpartition(".")
    language = _LANGUAGES.get(ending, ending) if dot and ending.isalnum() else "text"
    lines = sorted(line for line in case.lines or () if line)
    at = f" line={lines[0]}" if case.verdict == "violates" and lines else ""
    yield f"{indent}{marks}{language} {case.verdict} path={case.path}{at}"
    for line in case.text.removesuffix("\n").split("\n"):
        yield f"{indent}{line}" if line else ""
    yield f"{indent}{marks}"


_LANGUAGES = {"py": "python", "pyi": "python", "js": "javascript", "yml": "yaml", "tsx": "tsx"}
_LANGUAGES |= {"ts": "typescript", "md": "markdown"}


# --- waivers -----------------------------------------------------------------------------------


def waiver_edit(
    linked: Linked,
    source: Source,
    unit: Unit,
    constraint: ConstraintNode,
    paths: Sequence[str] | None,
) -> Edit | None:
    """Return the edit that adds a waiver for today's violations; None where there are none.

    Where they are not known, it is for some file that the constraint binds.
    """
    end = _end_of_item(source, constraint.span.line - 1)
    if paths is None:
        paths = _some_file(linked, unit, constraint.id)
    if end is None or constraint.lead_in is not None or not paths:
        return None
    marker = _MARKER.match(source.lines[constraint.span.line - 1])
    places = [path for path in dict.fromkeys(paths) if "`" not in path][:_MOST_PLACES]
    named = ", ".join(f"`{path}`" for path in places)
    owner = next(iter(names_of(linked).owners), "@owner")
    day = due(linked.program.as_of)
    text = (
        f"{marker[0] if marker else '- '}Waiver for [{constraint.id}]: {named} until {day}, "
        f"approved by `{owner}`, because …"
    )
    place = (end, len(source.lines[end]))
    return Edit(source.path, place, place, f"\n{text}")


def _some_file(linked: Linked, unit: Unit, identity: str) -> list[str]:
    scoped = _scoped(linked, unit, identity)
    if scoped is None:
        return []
    binds = area_test(scoped.area)
    languages = scoped.languages
    fits = (p for p in linked.files if binds(p) and (not languages or language_of(p) in languages))
    return list(islice(fits, 1))


def _indentation(source: Source, line: int) -> str | None:
    marker = _MARKER.match(source.lines[line])
    if marker is None:
        return None
    box = re.search(r"\[[ xX]\][ \t]+\Z", marker[0])
    return " " * (len(marker[0]) - (len(box[0]) if box else 0))


def _end_of_item(source: Source, line: int) -> int | None:
    """Return the last line of the list item that a line begins."""
    for token in parse_blocks(source).tokens:
        if token.type == "list_item_open" and token.map and token.map[0] == line:
            last = token.map[1] - 1
            while last > line and not source.lines[last].strip():
                last -= 1
            return last
    return None
