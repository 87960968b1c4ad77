"""Judging a proposal on the whole tree: the whole checker, where single files say too little."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from bylaw.check.judges import sort_of
from bylaw.check.proposal import judge_proposal
from bylaw.check.verdict import Judgement, Violation
from bylaw.checkpoint.compact import Compact, Entry
from bylaw.checkpoint.effects import Install
from bylaw.checkpoint.judge import Found
from bylaw.config import Config
from bylaw.config_file import load
from bylaw.diagnostics import Report
from bylaw.moments import BEFORE, OF_AGENTS
from bylaw.sentence import in_full
from bylaw.visible import visible

_DEPEND = frozenset({"depend"})

_MANIFESTS = {
    "npm": ("package.json",),
    "pypi": ("pyproject.toml", "requirements.txt"),
    "go": ("go.mod",),
    "crates": ("Cargo.toml",),
}


def judge_whole(root: str, contents: Mapping[str, bytes | None]) -> list[Found]:
    """Return what of each constraint a proposal newly violates, or nobody can tell."""
    proposal = judge_proposal(Path(root), config_of(root), contents, sorts=BEFORE - OF_AGENTS)
    touched = frozenset(contents)
    found: list[Found] = []
    for judgement in proposal.verdicts.judgements:
        unjudged = [
            (each.path, each.reason) for each in judgement.not_evaluated if each.path in touched
        ]
        if judgement.violations or unjudged:
            found.append(Found(entry_of(judgement), judgement.violations, unjudged))
    return found


def judge_installs(
    root: str, set_: Compact, installs: Iterable[Install], folder: str
) -> Iterator[Found]:
    """Yield what packages would violate if their manifest declared them.

    The manifest is the nearest to the folder that the command runs in: `folder` is the one that the
    call is made in, absolute.
    """
    for install in installs:
        if install.name is None:
            continue
        path = _manifest(install, set_, _inside(root, install.folder or folder))
        text = _declaring(install, PurePosixPath(path).name)
        contents = {path: text.encode("utf-8", "replace")}
        proposal = judge_proposal(Path(root), config_of(root), contents, sorts=_DEPEND)
        for judgement in proposal.verdicts.judgements:
            if judgement.scoped.constraint.modal != "must" and judgement.violations:
                # The place is a manifest that nobody has written yet.
                found = [_unplaced(violation) for violation in judgement.violations]
                yield Found(entry_of(judgement), found)


def _inside(root: str, folder: str) -> str:
    """Return a folder from the root; the root itself, and any outside of it, is the empty path."""
    path = os.path.relpath(os.path.realpath(folder), root)
    return "" if path == "." or path.startswith("..") else path


def _unplaced(violation: Violation) -> Violation:
    return Violation(
        violation.constraint, violation.path, violation.detail, operand=violation.operand
    )


def entry_of(judgement: Judgement) -> Entry:
    """Return a constraint as answers name it."""
    node = judgement.scoped.constraint
    return Entry(
        visible(node.alternative.text) if node.alternative else None,
        visible(node.because) if node.because else None,
        judgement.scoped.full_id,
        ((), (), ()),
        (),
        node.span.line,
        b"",
        node.span.path,
        visible(in_full(node, pattern=False)),
        str(node.severity),
        sort_of(node),
        (),
        "",
        False,
        None,
    )


def config_of(root: str) -> Config:
    """Return the configuration; what is wrong with it, a build says."""

    def read(name: str) -> bytes | None:
        try:
            return Path(root, name).read_bytes()
        except OSError:
            return None

    return load(read, Report())


# --- manifests ---------------------------------------------------------------------------------


def _manifest(install: Install, set_: Compact, folder: str) -> str:
    names = _MANIFESTS[install.registry]
    above = PurePosixPath(folder or ".")
    for each in (above, *above.parents):
        for name in names:
            path = str(each / name)
            if set_.has(path):
                return path
    return names[-1]


def _declaring(install: Install, name: str) -> str:
    """Return the text of a manifest that declares nothing but one package."""
    package, range_ = install.name or "", install.requirement
    if name == "package.json":
        group = "devDependencies" if install.dev else "dependencies"
        return json.dumps({group: {package: range_ or "*"}})
    if name == "requirements.txt":
        return f"{package}{range_}\n"
    quoted = json.dumps(f"{package}{range_}")
    if name == "pyproject.toml" and install.dev:
        return f"[dependency-groups]\ndev = [{quoted}]\n"
    if name == "pyproject.toml":
        return f'[project]\nname = "x"\nversion = "0"\ndependencies = [{quoted}]\n'
    if name == "Cargo.toml":
        table = "dev-dependencies" if install.dev else "dependencies"
        return f"[{table}]\n{json.dumps(package)} = {json.dumps(range_ or '*')}\n"
    return f"module x\n\nrequire {package} {range_ or 'v0.0.0'}\n"
