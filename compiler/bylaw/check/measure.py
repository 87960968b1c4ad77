"""What a tree is measured from: the revision that is asked for, and what has changed since."""

from dataclasses import replace
from pathlib import Path

from bylaw.check.change import Change
from bylaw.check.git import change_since, find_base, resolve_commit
from bylaw.check.new import OF_THE_CHANGE
from bylaw.check.request import Request
from bylaw.check.rules import Rules
from bylaw.check.trees import Part
from bylaw.config import Config
from bylaw.diagnostics import Report
from bylaw.git import run_git
from bylaw.snapshot import Snapshot


def find_change(
    root: Path, tree: Snapshot, rules: Rules, request: Request, report: Report
) -> Change | None:
    """Return what has changed since the base, where a constraint or the request needs to know.

    Where somebody named the base, that there is none is an error; else it is none to say here.
    """
    config = rules.config
    asked = Report()
    if not request.measures and not request.run and not any(map(_needs_change, rules.active)):
        return None
    base = _base(root, request, config, asked)
    change = change_since(root, base, tree, asked) if base is not None else None
    if request.measures or any(map(_needs_change, rules.active)):
        report.extend(asked)
    if change is None:
        return None
    # What a build writes is no part of a tree, then as now.
    return replace(change, base=Part(change.base, folder=config.output))


def _needs_change(scoped: object) -> bool:
    constraint = scoped.constraint  # type: ignore[attr-defined] # a ScopedConstraint
    return constraint.for_new_code or (
        constraint.shape in OF_THE_CHANGE and constraint.shape != "command-pass"
    )


def _base(root: Path, request: Request, config: Config, report: Report) -> str | None:
    """Return the commit to measure from.

    With `diff` it is where HEAD and that revision parted: what the other branch has done since is
    none of this change's.
    """
    if request.base is not None or request.diff is None:
        return find_base(root, report, request.base, config.main_branch)
    named = resolve_commit(root, request.diff, report)
    if named is None:
        return None
    done = run_git(str(root), "merge-base", "HEAD", named)
    found = done.stdout.split() if done is not None else []
    return found[0].decode("ascii") if found else named
