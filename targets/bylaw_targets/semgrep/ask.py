"""What imports a constraint is after, in which files: operands, overlaps and waived edges."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bylaw import ir
from bylaw.area import Area, TreeFacts
from bylaw.globs import included
from bylaw.modules import paths_of
from bylaw.places import area_of, granted
from bylaw.scope import ScopedConstraint
from bylaw_targets.semgrep.draft import UnsupportedError
from bylaw_targets.semgrep.names import covers
from bylaw_targets.semgrep.places import narrow, touches, without


@dataclass(frozen=True, slots=True)
class Ask:
    """Imports of these names or files but the excepted, or, with `only`, of any other.

    `files` are globs of the repository's own code. `runtime` leaves out what stands under
    `TYPE_CHECKING`, `eager` what stands in a function. `own` are the names of the subject.
    """

    area: Area
    names: tuple[str, ...]
    excepts: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    only: bool = False
    runtime: bool = False
    eager: bool = False
    own: tuple[str, ...] = ()


def ask(scoped: ScopedConstraint) -> Ask:
    """Read a constraint's operands and exceptions."""
    constraint = scoped.constraint
    if not isinstance(constraint, ir.Import):
        raise TypeError(constraint.shape)
    names, files = _sorted(constraint.operands)
    excepts: tuple[str, ...] = ()
    runtime = False
    for exception in constraint.exceptions:
        if isinstance(exception, ir.ExceptOperands):
            kept, kept_files = _sorted(exception.operands)
            excepts += kept
            if kept_files:
                raise UnsupportedError("an exception for files of an import has no rule")
        elif isinstance(exception, ir.ExceptTypeChecking):
            runtime = True
    subject = constraint.subject
    own: tuple[str, ...] = ()
    if subject.noun == "modules" and constraint.modal != "only-may":
        own = tuple(module.text for module in subject.modules)
    return Ask(
        scoped.area,
        names,
        excepts,
        files,
        constraint.modal == "must-only",
        runtime,
        constraint.reach == "module-level",
        own,
    )


def _sorted(operands: tuple[object, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    names: list[str] = []
    files: list[str] = []
    for operand in operands:
        if isinstance(operand, ir.FilesOperand):
            files += [glob.text for glob in operand.globs]
        elif isinstance(operand, ir.Module):
            names.append(operand.text)
    return tuple(names), tuple(files)


@dataclass(frozen=True, slots=True)
class Spared:
    """Names that some files may import after all: by a waiver's edge, or by a permission."""

    files: tuple[str, ...]
    names: tuple[str, ...]


def spared(scoped: ScopedConstraint, facts: TreeFacts) -> list[Spared]:
    """Return what waivers and permissions spare, beyond what the area leaves out already."""
    found: list[Spared] = []
    for waiver in scoped.waivers:
        for edge in waiver.edges:
            files, _ = paths_of((edge.importer,), facts)
            found.append(Spared(files, (edge.imported,)))
    for permission in scoped.permissions:
        grant = permission.grant
        if isinstance(grant, ir.Import) and granted(scoped.constraint, grant, facts) is None:
            area = area_of(grant, facts)
            names, files = _sorted(grant.operands)
            if files or area.exclude or area.within:
                raise UnsupportedError("a permission with exceptions has no rule")
            found.append(Spared(area.include or ("**",), names))
    return found


# --- Python: names and files are the same thing ------------------------------------------------

_PLAIN = re.compile(r"[\w*]+(?:/[\w*]+)*")
DOTTED = re.compile(r"[^\W\d]\w*(?:\.(?:\w+|[\w*]*\*[\w*]*))*|\*\*?(?:\.[\w*]+)+")


def module_name(glob: str, facts: TreeFacts) -> str | None:
    """Return the module that a glob of Python files means with all below, or None."""
    path = glob
    for root in sorted(facts.source_roots, key=len, reverse=True):
        if root and path.startswith(root + "/"):
            path = path[len(root) + 1 :]
            break
    path = path.removesuffix("/**").removesuffix("/").removesuffix(".py")
    return path.replace("/", ".") if _PLAIN.fullmatch(path) else None


def python_asks(scoped: ScopedConstraint, facts: TreeFacts) -> Iterator[Ask]:
    """Split a constraint into asks, so that no import within an overlap is judged."""
    whole = _with_modules(ask(scoped), scoped, facts)
    if whole.only:
        whole = replace(whole, names=whole.names + whole.excepts + whole.own, excepts=())
    for part in spare(whole, spared(scoped, facts)):
        if part.only:
            yield part
        else:
            yield from _without_overlap(part, facts)


def _with_modules(found: Ask, scoped: ScopedConstraint, facts: TreeFacts) -> Ask:
    names = tuple(name for name in found.names if DOTTED.fullmatch(name))
    for glob in found.files:
        name = module_name(glob, facts)
        if name is None:
            raise UnsupportedError(f"`{glob}` is no Python module and what lies below it")
        names += (name,)
    own = found.own
    subject = scoped.constraint.subject
    if isinstance(subject, ir.CodeSubject) and scoped.constraint.modal != "only-may":
        modules = [module_name(glob.text, facts) for glob in subject.globs]
        own = tuple(name for name in modules if name is not None)
        if found.only and (not own or None in modules):
            raise UnsupportedError("the scope is no module, so what is its own cannot be told")
    return replace(found, names=names, own=own)


def spare(found: Ask, exempt: list[Spared]) -> Iterator[Ask]:
    """Split an ask so that the files of each exemption are judged by what is left for them."""
    rest = found
    for one in exempt:
        area = narrow(found.area, one.files)
        if area is not None and found.only:
            yield replace(found, area=area, names=found.names + one.names)
        elif area is not None:
            yield replace(found, area=area, excepts=found.excepts + one.names)
        rest = replace(rest, area=without(rest.area, one.files))
    yield rest


def is_internal(name: str, facts: TreeFacts) -> bool:
    """Tell whether a module may be one of the repository's own."""
    first = name.partition(".")[0]
    return "*" in first or first in facts.modules or first in facts.packages


def _without_overlap(found: Ask, facts: TreeFacts) -> Iterator[Ask]:
    apart: list[str] = []
    for name in found.names:
        related = any(covers(own, name) or covers(name, own) for own in found.own)
        if not related and not is_internal(name, facts):
            apart.append(name)
            continue
        globs, _ = paths_of((name,), facts)
        if not touches(found.area, globs):
            apart.append(name)
            continue
        yield from _overlapping(replace(found, names=(name,)), globs, facts)
    if apart:
        yield replace(found, names=tuple(apart))


def _overlapping(found: Ask, globs: tuple[str, ...], facts: TreeFacts) -> Iterator[Ask]:
    """Judge imports of one module from outside it, and from within it only what lies elsewhere."""
    area = found.area
    if not included(area, globs):
        yield replace(found, area=without(area, globs))
    for own in found.own:
        if "*" not in own and "*" not in found.names[0] and covers(own, found.names[0]):
            continue
        mine, _ = paths_of((own,), facts)
        shared = narrow(area, globs)
        shared = narrow(shared, mine) if shared is not None and len(found.own) > 1 else shared
        if shared is not None:
            yield replace(found, area=shared, excepts=(*found.excepts, own))
