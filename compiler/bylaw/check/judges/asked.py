"""What a constraint on imports asks of one import, made ready to be asked often."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from bylaw.check.evidence import Evidence, FileView
from bylaw.check.finding import NotEvaluated, Violation
from bylaw.check.resolve import Imported, own_name
from bylaw.check.resolve.names import name_test, node_names
from bylaw.facts.model import Where
from bylaw.globs import matcher
from bylaw.modules import paths_of
from bylaw.places import members
from bylaw.visible import shorten, visible

if TYPE_CHECKING:
    from bylaw import ir
    from bylaw.ir import ExceptOperand, ImportOperand
    from bylaw.scoped import ScopedConstraint

_LONGEST = 200


class Operand(NamedTuple):
    """One module, package or glob: which imports name it, and which files are of it."""

    text: str
    names: Callable[[Imported], bool]
    holds: Callable[[FileView], bool]
    files: bool = False


class Member(NamedTuple):
    """One member of a subject: which imports lead into it, and which files are of it."""

    means: Callable[[Imported], bool]
    holds: Callable[[FileView], bool]


class Asked(NamedTuple):
    """A constraint on imports with its parts as tests."""

    full_id: str
    modal: ir.Modal
    operands: tuple[Operand, ...]
    excepted: tuple[Operand, ...]
    members: tuple[Member, ...]
    skipped: int

    @property
    def asks_files(self) -> bool:
        """Whether it names files, so that what an import leads to has to be known."""
        return any(operand.files for operand in self.operands)

    def counts(self, imported: Imported) -> bool:
        """Tell whether an import counts: it stands where it does, and nothing excepts it."""
        return not imported.source.where & self.skipped and not self.excepts(imported)

    def excepts(self, imported: Imported) -> bool:
        """Tell whether an exception names what is imported."""
        return any(operand.names(imported) for operand in self.excepted)

    def violated(self, view: FileView, imported: Imported) -> Operand | None:
        """Return the operand that an import which counts must not name, and does."""
        for operand in self.operands:
            if operand.names(imported) and not self.lies_within(view, imported, operand):
                return operand
        return None

    def lies_within(self, view: FileView, imported: Imported, operand: Operand) -> bool:
        """Tell whether both ends of an import lie where subject and operand overlap.

        Lists distribute, so each member of the subject is asked; the exceptions by place are not,
        for to leave a place out asks nothing more of the others.
        """
        if not operand.holds(view):
            return False
        if self.modal == "only-may":
            return True
        return all(member.means(imported) for member in self.members if member.holds(view))

    def is_own(self, imported: Imported) -> bool:
        """Tell whether an import leads into the subject itself."""
        return any(member.means(imported) for member in self.members)

    def allows(self, imported: Imported) -> bool:
        """Tell whether `MUST only import` lets an import be."""
        if imported.standard or self.is_own(imported):
            return True
        return any(operand.names(imported) for operand in self.operands)


def asked_of(scoped: ScopedConstraint, evidence: Evidence) -> Asked:
    """Return a constraint's tests, which are made once."""
    known = evidence.once(_known)
    found = known.get(id(scoped))
    # The constraint is kept beside its tests, so that its identity stays its own.
    if found is None or found[0] is not scoped:
        found = known[id(scoped)] = (scoped, _asked(scoped, evidence))
    return found[1]


def _known(_: Evidence) -> dict[int, tuple[ScopedConstraint, Asked]]:
    return {}


def _asked(scoped: ScopedConstraint, evidence: Evidence) -> Asked:
    node = scoped.constraint
    operands: Iterable[ImportOperand] = getattr(node, "operands", ())
    excepted = [
        one
        for exception in node.exceptions
        if exception.excepts == "operands"
        for one in exception.operands
    ]
    skipped = 0
    if any(e.excepts == "type-checking" for e in node.exceptions):
        skipped |= Where.TYPE_CHECKING
    if getattr(node, "reach", "") == "module-level":
        skipped |= Where.FUNCTION
    return Asked(
        scoped.full_id,
        node.modal,
        tuple(_operands(operands)),
        tuple(_operands(excepted)),
        tuple(_members(node, evidence)),
        skipped,
    )


def _operands(nodes: Iterable[ImportOperand | ExceptOperand]) -> Iterator[Operand]:
    for node in nodes:
        if node.sort == "files":
            for glob in node.globs:
                yield _files(glob.text)
        elif node.sort == "module":
            yield _names(node.text)


def _files(glob: str) -> Operand:
    test = matcher((glob,))
    return Operand(
        glob,
        lambda imported: imported.own and any(map(test, imported.paths)),
        lambda view: test(view.path),
        files=True,
    )


def _names(pattern: str) -> Operand:
    dotted = name_test((pattern,), ".")
    slashed = name_test(node_names((pattern,)), "/")

    def holds(view: FileView) -> bool:
        name = own_name(view)
        return name is not None and (dotted(name) if "/" not in name else slashed(name))

    return Operand(
        pattern,
        lambda imported: (
            dotted(imported.name) if imported.separator == "." else slashed(imported.name)
        ),
        holds,
    )


def _members(node: ir.Constraint, evidence: Evidence) -> Iterator[Member]:
    subject = node.subject
    lead_in = node.lead_in
    within = matcher(g.text for g in lead_in.globs) if lead_in and lead_in.globs else None
    found = members(subject)
    if subject.noun == "modules" and subject.language in (None, "python"):
        for module in found:
            yield _module(module.text, within, evidence)
        return
    for glob in found:
        globs: tuple[str, ...] = (glob.text,)
        if subject.noun == "modules":
            globs = paths_of(globs, evidence.layout, subject.language or "python")[0]
        yield _place(matcher(globs), within)
    if not found:
        yield _place(lambda _: True, within)


def _module(pattern: str, within: Callable[[str], bool] | None, evidence: Evidence) -> Member:
    test = name_test((pattern,), ".")
    include, exclude = paths_of((pattern,), evidence.layout)
    inside, outside = matcher(include), matcher(exclude)

    def means(imported: Imported) -> bool:
        if not test(imported.name) or imported.separator != ".":
            return False
        return within is None or not imported.paths or any(map(within, imported.paths))

    def holds(view: FileView) -> bool:
        path = view.path
        return inside(path) and not outside(path) and (within is None or within(path))

    return Member(means, holds)


def _place(test: Callable[[str], bool], within: Callable[[str], bool] | None) -> Member:
    def holds(path: str) -> bool:
        return test(path) and (within is None or within(path))

    return Member(
        lambda imported: imported.own and any(map(holds, imported.paths)),
        lambda view: holds(view.path),
    )


def quoted(name: str) -> str:
    """Return a name as a detail shows it: in backticks, on one line, and not endless."""
    return f"`{shorten(visible(name), _LONGEST).replace('`', chr(0x27))}`"


def unread(
    full_id: str, view: FileView, found: Iterable[Violation | NotEvaluated]
) -> Iterator[NotEvaluated]:
    """Yield that a file with a fault was not read to its end, where nothing was found in it."""
    faults = view.facts.faults
    if faults and not any(isinstance(finding, Violation) for finding in found):
        yield NotEvaluated(full_id, faults[0].reason, view.path, faults[0].place)
