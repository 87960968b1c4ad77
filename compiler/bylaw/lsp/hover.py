"""What a hover says of a constraint: its sentence, how it fares, its rules, what it would break."""

import re
from collections.abc import Iterable, Iterator

from bylaw.editing.model import Position
from bylaw.editing.places import Range, named_at, range_of, statement_at
from bylaw.fidelity import Fidelity
from bylaw.ir import ConstraintNode, Guidance, Permission, Waiver
from bylaw.lsp.measuring import Measured
from bylaw.preview.model import STATES, Output, Preview, StatementView
from bylaw.preview.workspace import Linked
from bylaw.program import Unit

_MOST_LINES = 14
_WIDEST = 120
_REPEATED = re.compile(r"\s*(?:message|metadata):")
_MOST_OUTPUTS = 2
_MOST_SENTENCE = 2000

Hovered = tuple[str, Range]
"""Markdown, and the range that it is about."""


def hovered_constraint(linked: Linked, path: str, at: Position) -> tuple[Unit, str] | None:
    """Return the constraint that a hover at a place is about, with its decision."""
    named = named_at(linked, path, at)
    return (named.unit, named.id) if named is not None and named.id else None


def hover(
    linked: Linked, preview: Preview | None, path: str, at: Position, measured: Measured | None
) -> Hovered | None:
    """Return what there is to say at a place; `preview` is of the file that the constraint is in.

    `measured` is None where nobody has asked what would break.
    """
    named = named_at(linked, path, at)
    if named is not None and not named.id:
        return "\n\n".join(_decision(linked, named.unit)), named.at
    unit = linked.program.by_path.get(path)
    here = statement_at(unit, at) if unit is not None else None
    if named is None:
        view = _view_at(preview, here.span.line) if here is not None and preview else None
        if view is None:
            return None
        return "\n\n".join((_sentence(view.sentence), _fate(view))), range_of(view.span)
    views = preview.statements if preview is not None else ()
    view = next((v for v in views if v.key == _key(named.unit, named.id)), None)
    constraint = next(
        (s for s in named.unit.decision.statements if getattr(s, "id", None) == named.id), None
    )
    if not isinstance(constraint, ConstraintNode | Guidance):
        return None
    parts = [f"**{_key(named.unit, named.id)}**"]
    if isinstance(here, Waiver | Permission):
        parts[0] += f" · {named.unit.header.title}"
    parts.append(_sentence(constraint.sentence))
    if view is not None and preview is not None:
        parts.append(_fate(view))
        parts += _impact(view, measured)
        parts += _targets(view)
        parts += _rules(view, preview)
    same = isinstance(here, ConstraintNode) and here.id == named.id
    return "\n\n".join(parts), range_of(here.span) if same and here is not None else named.at


def _key(unit: Unit, identity: str) -> str:
    return f"{unit.header.id}/{identity}"


def _view_at(preview: Preview, line: int) -> StatementView | None:
    return next((view for view in preview.statements if view.span.line == line), None)


def _sentence(text: str) -> str:
    return f"> {' '.join(text[:_MOST_SENTENCE].split())}"


def _fate(view: StatementView) -> str:
    why = f": {view.why}" if view.why else ""
    return f"**{view.state}**: {STATES[view.state]}{why}"


def _decision(linked: Linked, unit: Unit) -> Iterator[str]:
    header = unit.header
    standing = linked.program.standing[header.path]
    reason = f": {standing.reason}" if standing.reason else ""
    yield f"**{header.title}**"
    yield f"`{header.path}` · {standing.state}{reason}"
    for row in header.rows[:20]:
        yield f"- `[{row.id}]`"


def _impact(view: StatementView, measured: Measured | None) -> Iterator[str]:
    if measured is None or view.kind is None:
        return
    count = measured.counts.get(view.key)
    if measured.state == "measuring":
        yield "Impact: measuring …"
    elif measured.state == "failed":
        yield f"Impact: not known, {measured.why}"
    elif count is not None:
        word = "violation" if count == 1 else "violations"
        yield f"Impact: **{count} {word}** today" + _first(measured.paths.get(view.key, ()))
    elif measured.why:
        yield f"Impact: {measured.why}"


def _first(paths: tuple[str, ...]) -> str:
    if not paths:
        return ""
    shown = ", ".join(f"`{path}`" for path in paths[:3])
    return f", in {shown}" + (" …" if len(paths) > 3 else "")


def _targets(view: StatementView) -> Iterator[str]:
    said = {t: f for t, f in view.fidelity.items() if f.level != "unsupported"}
    lines = [f"- {target}: {_answer(fidelity)}" for target, fidelity in said.items()]
    silent = [target for target in view.fidelity if target not in said]
    if silent:
        lines.append(f"- not said by {', '.join(silent)}")
    if lines:
        yield "\n".join(lines)


def _answer(fidelity: Fidelity) -> str:
    return f"{fidelity.level}: {fidelity.reason}" if fidelity.reason else str(fidelity.level)


# --- rules -------------------------------------------------------------------------------------


def _rules(view: StatementView, preview: Preview) -> Iterator[str]:
    """Yield the lines that engines run of the constraint, abridged; else the first there are."""
    exact = {t for t, f in view.fidelity.items() if f.level != "unsupported" and f.rules}
    ruled = [o for o in preview.outputs if o.target in exact]
    # What a build writes comes before what it would write if it were asked to.
    some = sorted(ruled, key=lambda output: not output.configured) or [
        o for o in preview.outputs if o.target == "json"
    ]
    shown = 0
    for output in some:
        lines = _lines(output, view.key)
        if lines and shown < _MOST_OUTPUTS:
            shown += 1
            yield f"{output.target} · `{output.path}`\n" + _fenced(output.path, lines)


def _lines(output: Output, key: str) -> list[str]:
    text = output.text.split("\n")
    found: list[str] = []
    for mark in output.marks:
        if mark.statement == key:
            found += text[mark.first - 1 : mark.last]
    margin = min((len(line) - len(line.lstrip()) for line in found if line.strip()), default=0)
    lines = list(_telling(line[margin:].rstrip() for line in found))
    shown = [line if len(line) <= _WIDEST else f"{line[: _WIDEST - 1]}…" for line in lines]
    return [*shown[:_MOST_LINES], "…"] if len(shown) > _MOST_LINES else shown


def _telling(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a rule but for what repeats the sentence and says where it stands."""
    skipped: int | None = None
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        if skipped is not None and (indent > skipped or not line.strip()):
            continue
        skipped = indent if _REPEATED.match(line) else None
        if skipped is None:
            yield line


def _fenced(path: str, lines: list[str]) -> str:
    text = "\n".join(lines)
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    marks = "`" * max(3, longest + 1)
    ending = path.rpartition(".")[2]
    language = {"yml": "yaml", "toml": "toml", "json": "json", "md": "markdown"}.get(ending, "")
    return f"{marks}{language}\n{text}\n{marks}"
