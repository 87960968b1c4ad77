"""What a tree is measured from: the revision that is asked for, and what has changed since."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

from bylaw.check.change import Change
from bylaw.check.git import change_since, find_base, resolve_commit
from bylaw.check.new import OF_THE_CHANGE
from bylaw.check.request import Request
from bylaw.check.rules import Rules
from bylaw.check.trees import Part
from bylaw.config import Config
from bylaw.config_file import load
from bylaw.config_source import FILE, PYPROJECT, configures
from bylaw.diagnostics import Code, Report, Severity
from bylaw.git import run_git
from bylaw.languages import language_of
from bylaw.snapshot import Snapshot
from bylaw.worktree import commit_date, head_commit_date, main_branch

UNCOVERED_PATH = Code("BL529", "uncovered-path", Severity.WARNING)
_MOST_NAMED = 5

MOVED_ROOT = Code("BL528", "moved-root", Severity.ERROR)


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
    return change._replace(base=Part(change.base, folder=config.output))


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
        main, _ = _main_branch(root, config)
        return find_base(root, report, request.base, main)
    named = resolve_commit(root, request.diff, report)
    if named is None:
        return None
    done = run_git(str(root), "merge-base", "HEAD", named)
    found = done.stdout.split() if done is not None else []
    return found[0].decode("ascii") if found else named


def day_of(root: Path, request: Request) -> date | None:
    """Return the day to judge by: that of HEAD's commit, as far as it can be believed.

    Whoever commits says when: a day before that of the base that was named would bring ended
    waivers back, and one that is still to come would end rules.
    """
    if request.as_of is not None:
        return request.as_of
    head = head_commit_date(root)
    if head is None:
        return None
    day = head
    named = request.base or request.diff
    commit = resolve_commit(root, named, Report()) if named is not None else None
    if commit is not None:
        day = max(day, commit_date(root, commit) or day)
    return min(day, datetime.now(UTC).date())


def is_base_certain(root: Path, config: Config, request: Request) -> bool:
    """Tell whether nothing but the change itself may have said what it is measured from."""
    named = request.base is not None or request.diff is not None
    return named or _main_branch(root, config)[1]


def _main_branch(root: Path, config: Config) -> tuple[str | None, bool]:
    """Return the main branch, None for git's default, and whether the change cannot have chosen it.

    A change may not choose its own base, so the configuration on git's default branch decides,
    where there is one.
    """
    default = main_branch(root)
    if default is None:
        return config.main_branch, config.main_branch is None

    def read(name: str) -> bytes | None:
        return _read_at(root, default, name)

    if not _configures(root, default):
        named = config.main_branch
        return named, named is None or default.endswith(f"/{named}")
    return load(read, Report()).main_branch, True


def report_uncovered(tree: Snapshot, config: Config, change: Change, report: Report) -> None:
    """Report what a change brings and no constraint looks at: links, submodules, code of ours.

    Behind a link a module is what it was to whoever imports it, and nothing to whoever judges it.
    """
    files = frozenset(tree.files)
    written = f"{config.output}/"
    brought = {*change.added, *change.modified, *change.renamed}
    ours = {path for path in files if path.startswith(written) and language_of(path)}
    found = sorted((brought - files) | (brought & ours))
    if not found:
        return
    named = ", ".join(f"`{path}`" for path in found[:_MOST_NAMED])
    more = len(found) - _MOST_NAMED
    report.add(
        UNCOVERED_PATH,
        f"no constraint covers {named}{f' and {more} more' if more > 0 else ''}",
        note="links and submodules are not entered, and the output folder is bylaw's own",
        help="put files in their place, or see for yourself that nothing hides there",
    )


def _configures(folder: Path, revision: str) -> bool:
    """Tell whether a folder held a configuration at a revision."""
    if _read_at(folder, revision, FILE) is not None:
        return True
    shared = _read_at(folder, revision, PYPROJECT)
    return shared is not None and configures(shared)


def _read_at(folder: Path, revision: str, name: str) -> bytes | None:
    done = run_git(str(folder), "cat-file", "blob", f"{revision}:./{name}")
    return done.stdout if done is not None and not done.returncode else None


def report_moved_root(root: Path, change: Change, request: Request, report: Report) -> None:
    """Report that the configuration which we would have found at the base lay in another folder.

    Whoever takes it away, or puts another one nearer, would have other decisions count.
    """
    started, commit = request.started or root, change.base_commit
    if commit is None or (started == root and (root / ".git").exists()):
        return
    for folder in (started, *started.parents):
        if _configures(folder, commit) or (folder / ".git").exists():
            break
    else:
        return
    if folder == root:
        return
    report.add(
        MOVED_ROOT,
        f"the root is `{_named(root, folder)}`, and was `{_named(folder, root)}` at the base",
        help="put the configuration back where it was; whoever owns the decisions may let it "
        "count, with `--trust`",
    )


def _named(folder: Path, other: Path) -> str:
    """Return a folder as people tell it from another."""
    common = Path(os.path.commonpath((folder, other)))
    return folder.relative_to(common.parent).as_posix()
