"""Judges of files and directories as such: their names, whether they are there, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from bylaw.area import Area
from bylaw.check.areas import judged_area
from bylaw.check.evidence import Evidence, area_test
from bylaw.check.finding import Finding, Violation
from bylaw.check.judges.base import TreeJudge
from bylaw.check.judges.phrases import either, quoted, written
from bylaw.check.naming import is_named
from bylaw.globs import expand_braces, matcher
from bylaw.globs.dialect import is_literal
from bylaw.styles import stem_of
from bylaw.tree import Tree

if TYPE_CHECKING:
    from bylaw.ir import AnySubject, Exist, Glob, HoldEntry, Live, Named
    from bylaw.scoped import ScopedConstraint

_CHILD = "\0"
"""The name of a child that no glob can mean but one for any child."""


def missing_files(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Violation]:
    """Yield the files that ``File `p` `` names and the tree lacks: they violate every MUST."""
    constraint = scoped.constraint
    subject = constraint.subject
    if constraint.modal != "must" or subject.noun != "files" or not subject.single:
        return
    is_in_area = area_test(judged_area(scoped, evidence))
    for glob in subject.globs:
        path = glob.text
        if is_plain(path) and path not in evidence.file_set and is_in_area(path):
            yield Violation(scoped.full_id, path, "does not exist", operand=path)


def is_plain(glob: str) -> bool:
    """Tell whether a glob is the path of one file or directory."""
    return is_literal(glob) and "{" not in glob and not glob.endswith("/")


def is_missing(glob: str, paths: Iterable[str]) -> bool:
    """Tell whether a glob is a plain path, and neither a file nor a folder among paths has it."""
    if not is_plain(glob):
        return False
    return not any(path == glob or path.startswith(glob + "/") for path in paths)


# --- directories -------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def tree_of(files: tuple[str, ...]) -> Tree:
    """Return the index of a tree."""
    return Tree(files)


def directories_of(scoped: ScopedConstraint, evidence: Evidence) -> list[str]:
    """Return the directories of a subject: those that match and hold a file, sorted."""
    area = judged_area(scoped, evidence)
    subject = scoped.constraint.subject
    is_meant = matcher(("**",))
    if subject.noun == "directories":
        is_meant = _meant(subject.globs, single=subject.single)
    is_within = area_test(Area(within=area.within))
    is_left_out = _exemption(area.exclude)
    return [
        folder
        for folder in tree_of(evidence.tree.files).folders.files
        if is_meant(folder) and is_within(folder) and not is_left_out(folder)
    ]


def _meant(asked: Iterable[Glob], *, single: bool) -> Callable[[str], bool]:
    """Return what tells whether a directory is one that a subject speaks of.

    ``Directory `p` `` is that one; in a list, a path without wildcards means what lies below it.
    """
    globs = [text for glob in asked for text in expand_braces(glob.text)]
    if not globs:
        return lambda folder: True  # noqa: ARG005 - one of three tests
    others = matcher(glob for glob in globs if not is_literal(glob))
    plain = [glob.removesuffix("/") for glob in globs if is_literal(glob)]
    if single:
        return lambda folder: folder in plain or bool(others(folder))
    above = tuple(f"{name}/" for name in plain)
    return lambda folder: folder.startswith(above) or bool(others(folder))


def _exemption(globs: tuple[str, ...]) -> Callable[[str], bool]:
    """Tell whether a directory is left out: it, or whatever it may hold, is matched."""
    if not globs:
        return lambda folder: False  # noqa: ARG005 - one of two tests
    test = matcher(globs)
    return lambda folder: bool(test(folder)) or bool(test(f"{folder}/{_CHILD}"))


# --- the judges --------------------------------------------------------------------------------


def _paths(scoped: ScopedConstraint, evidence: Evidence) -> Iterable[str]:
    if scoped.constraint.subject.noun == "directories":
        return directories_of(scoped, evidence)
    return evidence.files(judged_area(scoped, evidence))


def _named(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    constraint = cast("Named", scoped.constraint)
    yield from missing_files(scoped, evidence)
    yield from _missing_directories(scoped, evidence)
    names = constraint.names
    for path in _paths(scoped, evidence):
        base = path.rpartition("/")[2]
        if constraint.modal == "must-not":
            for name in names:
                if is_named(name, base) and (name.form != "style" or stem_of(base)):
                    detail = f"is named {quoted(written(name))}"
                    yield Violation(scoped.full_id, path, detail, operand=name.text, found=base)
        elif constraint.quantifier == "all":
            for name in names:
                if not is_named(name, base):
                    detail = f"is not named {quoted(written(name))}"
                    yield Violation(scoped.full_id, path, detail, operand=name.text, found=base)
        elif not any(is_named(name, base) for name in names):
            detail = f"is not named {either(map(written, names))}"
            yield Violation(scoped.full_id, path, detail, operand=names[0].text, found=base)


def _missing_directories(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Violation]:
    constraint = scoped.constraint
    subject = constraint.subject
    if subject.noun != "directories" or not subject.single:
        return
    if constraint.modal != "must":
        return
    folders = tree_of(evidence.tree.files).folders
    for glob in subject.globs:
        path = glob.text.removesuffix("/")
        if is_plain(path) and not folders.has(path):
            yield Violation(scoped.full_id, path, "does not exist", operand=glob.text)


def _exist(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    constraint = cast("Exist", scoped.constraint)
    found = list(_paths(scoped, evidence))
    if constraint.modal == "must-not":
        for path in found:
            yield Violation(scoped.full_id, path, "exists", found=path)
        return
    subject = constraint.subject
    is_within = area_test(Area((), judged_area(scoped, evidence).within))
    for glob in getattr(subject, "globs", ()):
        path = glob.text
        if subject.noun == "directories":
            path = path.removesuffix("/")
        if any(map(_finder(subject, glob), found)):
            continue
        if not is_plain(path):
            detail = f"nothing matches {quoted(glob.text)}"
            yield Violation(scoped.full_id, None, detail, operand=glob.text)
        elif is_within(path):
            yield Violation(scoped.full_id, path, "does not exist", operand=glob.text)


def _finder(subject: AnySubject, glob: Glob) -> Callable[[str], bool]:
    """Return what tells whether a path is one that a member of a subject asks for."""
    if subject.noun == "directories":
        return _meant((glob,), single=subject.single)
    return matcher((glob.text,))


def _live(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    constraint = cast("Live", scoped.constraint)
    yield from missing_files(scoped, evidence)
    globs = [glob.text for glob in constraint.globs]
    test = matcher(globs)
    for path in evidence.files(judged_area(scoped, evidence)):
        if constraint.modal == "must-not":
            for glob in globs:
                if matcher((glob,))(path):
                    detail = f"lives in {quoted(glob)}"
                    yield Violation(scoped.full_id, path, detail, operand=glob, found=path)
        elif not test(path):
            detail = f"does not live in {either(globs)}"
            yield Violation(scoped.full_id, path, detail, operand=globs[0], found=path)


def _hold(scoped: ScopedConstraint, evidence: Evidence) -> Iterator[Finding]:
    constraint = cast("HoldEntry", scoped.constraint)
    yield from _missing_directories(scoped, evidence)
    entries = [entry.text for entry in constraint.entries]
    tree = tree_of(evidence.tree.files)
    for folder in directories_of(scoped, evidence):
        held = {entry: held_entry(tree, folder, entry) for entry in entries}
        if constraint.modal == "must-not":
            for entry, path in held.items():
                if path is not None:
                    detail = f"contains {quoted(path)}"
                    yield Violation(scoped.full_id, folder, detail, operand=entry, found=path)
        elif constraint.quantifier == "all":
            for entry, path in held.items():
                if path is None:
                    detail = f"does not contain {quoted(entry)}"
                    yield Violation(scoped.full_id, folder, detail, operand=entry)
        elif all(path is None for path in held.values()):
            detail = f"does not contain {either(entries)}"
            yield Violation(scoped.full_id, folder, detail, operand=entries[0])


def held_entry(tree: Tree, folder: str, entry: str) -> str | None:
    """Return the first path, relative to a directory, that an entry means; None for none."""
    for text in expand_braces(entry):
        plain = text.removesuffix("/")
        if is_literal(plain):
            path = f"{folder}/{plain}"
            # A path to a file, unless a slash at its end asks for a directory.
            if (text == plain and tree.has(path)) or tree.folders.has(path):
                return plain
            continue
        test = matcher((plain,))
        found = [name for name in _below(tree.folders, folder) if test(name)]
        if text == plain:
            found += [name for name in _below(tree, folder) if test(name)]
        if found:
            return min(found)
    return None


def _below(tree: Tree, folder: str) -> list[str]:
    """Return the paths below a directory, relative to it."""
    return [path[len(folder) + 1 :] for path in tree.below(folder)]


NAMED = TreeJudge(_named)
EXIST = TreeJudge(_exist)
LIVE = TreeJudge(_live)
HOLD = TreeJudge(_hold)
