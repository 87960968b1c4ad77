"""Programs for `depend on` and `be pinned`: manifests that declare a package, or do not."""

import json
from collections.abc import Callable, Iterator

from bylaw import ir
from bylaw.prove.case import NO_LINES, Draft
from bylaw.prove.names import MOST
from bylaw.prove.shapes.stage import Stage

Write = Callable[[list[str]], str]

_UNLISTED = "unlisted-package"


def _pyproject(names: list[str]) -> str:
    some = "".join(f"    {json.dumps(name)},\n" for name in names)
    return f'[project]\nname = "example"\nversion = "1"\ndependencies = [\n{some}]\n'


def _requirements(names: list[str]) -> str:
    return "".join(f"{name}\n" for name in names)


def _package(names: list[str]) -> str:
    found = {}
    for name in names:
        at = next((i for i, char in enumerate(name) if char in "=<>!~^ " and i), len(name))
        found[name[:at]] = name[at:].strip() or "*"
    return json.dumps({"name": "example", "dependencies": found}, indent=2) + "\n"


def _writer(path: str) -> Write | None:
    name = path.rpartition("/")[2]
    if name == "pyproject.toml":
        return _pyproject
    if name == "package.json":
        return _package
    if name.endswith((".txt", ".in")) and "requirements" in path:
        return _requirements
    return None


_USUAL = ("pyproject.toml", "package.json", "requirements.txt")


def _paths(stage: Stage) -> Iterator[tuple[str, Write]]:
    """Yield manifests to write: the constraint's own, or one of each usual kind."""
    subject = stage.constraint.subject
    language = getattr(subject, "language", None)
    if isinstance(subject, ir.ManifestsSubject | ir.DependenciesSubject):
        some: tuple[str, ...] = (stage.path,)
    elif language == "python":
        some = ("pyproject.toml", "requirements.txt")
    elif language in ("typescript", "javascript"):
        some = ("package.json",)
    else:
        some = _USUAL[:2]
    for path in some:
        write = _writer(path)
        if write is not None:
            yield path, write


def depends(stage: Stage) -> Iterator[Draft]:
    """Declare what must, must not, and may only be declared."""
    constraint = stage.a(ir.Depend)
    if constraint.modal == "only-may" or constraint.where not in ("anywhere", "production"):
        return
    if any(e.excepts == "operands" for e in constraint.exceptions):
        return
    for path, write in _paths(stage):
        names = [r.name for r in constraint.requirements]
        plain = [n for r, n in zip(constraint.requirements, names, strict=True) if not r.specifier]
        if constraint.modal == "must-not":
            for name in plain[:MOST]:
                yield Draft(f"declares `{name}`", write([name]), None, path)
                yield Draft(
                    "declares what is named almost so", write([f"{name}-more"]), NO_LINES, path
                )
            yield Draft("declares nothing", write([]), NO_LINES, path)
        elif constraint.modal == "must-only":
            yield Draft("declares what is not listed", write([_UNLISTED]), None, path)
            yield Draft("declares what is listed", write(plain), NO_LINES, path)
        else:
            whole = [f"{r.name}{r.specifier}" for r in constraint.requirements]
            some = whole if constraint.quantifier == "all" else whole[:1]
            if write is not _package or all(name in plain for name in names):
                yield Draft("declares it", write(some), NO_LINES, path)
            yield Draft("declares another", write([_UNLISTED]), None, path)


def pinned(stage: Stage) -> Iterator[Draft]:
    """Declare one version, and more than one."""
    for path, write in _paths(stage):
        if write is _package:
            yield Draft("pins it", write(["sample 1.2.3"]), NO_LINES, path)
            yield Draft("admits newer ones", write(["sample ^1.2.3"]), None, path)
        else:
            yield Draft("pins it", write(["sample==1.2.3"]), NO_LINES, path)
            yield Draft("admits newer ones", write(["sample>=1.2.3"]), None, path)
            yield Draft("admits all", write(["sample"]), None, path)
