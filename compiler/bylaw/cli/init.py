"""`bylaw init`: a configuration, a first decision and a template, where there are none yet."""

from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from bylaw.cli.faults import BAD_ARGUMENT, FaultError
from bylaw.cli.session import Session, io_fault, say, session, shared_options

if TYPE_CHECKING:
    from bylaw.config import Config

CONFIGURATION = """\
# The configuration of bylaw; `bylaw schema config` describes every key.
adrs = [{adrs}]
output = ".bylaw"
# source-roots = ["src"]
# targets = ["json", "semgrep", "import-linter", "agents"]
# strict = true
"""

FIRST = """\
# 1. Record architecture decisions

Date: {today}

## Status

Accepted

## Context

Decisions that shape this project are made in meetings and chats, and nobody finds them again.
Those that bind the code are broken by accident.

## Decision

We write each of them down in a short file in `{folder}`, with its context and its consequences.
What binds the code stands under `Constraints`, in sentences that machines check.

## Constraints

- [numbered] Files matching `{folder}/*.md` MUST be named `[0-9][0-9][0-9][0-9]-*.md`, \
except `{folder}/template.md`, because the number is what people call a decision by.

## Consequences

A decision is changed by a new one that supersedes it.
`bylaw check` judges the code by the constraints; `bylaw build` makes rules for other tools of them.
"""

TEMPLATE = """\
# NUMBER. TITLE

Date: YYYY-MM-DD

## Status

Proposed | Accepted | Superseded by [NUMBER](NUMBER-title.md)

## Context

What makes a decision necessary, and what was considered?

## Decision

What do we do?

## Constraints

<!--
One item for each sentence that a machine is to check, as in:

- [no-orm] Modules in `shop.domain` MUST NOT import `sqlalchemy`; use `shop.ports` instead.

`MUST` is an error and `SHOULD` a warning. `bylaw explain` knows the rest.
-->

## Consequences

What becomes easier, and what harder?
"""


@click.command("init")
@click.option(
    "--adrs", metavar="FOLDER", help="Where the decisions go; `docs/adr` where there are none."
)
@shared_options
def command(adrs: str | None) -> int:
    """Start a repository: configuration, first decision, template.

    What exists is left as it is, so it does no harm to run it again.
    """
    run = session()
    configured, diagnostics = run.config()
    if diagnostics:
        run.print_diagnostics(diagnostics)
        return 2
    wanted = run.inside(adrs) if adrs is not None else None
    if wanted == ".":
        raise FaultError(
            BAD_ARGUMENT, "decisions need a folder of their own", "name one, as in `docs/adr`"
        )
    existing = _existing(run, configured)
    found = list(configured.adrs) or _folders(existing) or ["docs/adr"]
    folders = [wanted] if wanted else found
    if _start(run, folders, has_decisions=bool(existing) and not wanted):
        _say_next(run, folders[0], bool(existing))
    return 0


def _existing(run: Session, config: "Config") -> list[str]:
    """Return the files that are ADRs already, as the build would find them."""
    from bylaw.adr.locate import adr_files
    from bylaw.diagnostics import Report
    from bylaw.worktree import list_files

    return adr_files(list_files(run.root, Report()), config)


def _folders(paths: list[str]) -> list[str]:
    """Return the folders of the files, without those that lie in another."""
    folders = sorted({str(PurePosixPath(path).parent) for path in paths})
    return [
        folder
        for folder in folders
        if not any(PurePosixPath(folder).is_relative_to(f) for f in folders if f != folder)
    ]


def _start(run: Session, folders: list[str], has_decisions: bool) -> bool:
    """Write what is missing, say so, and return whether anything was."""
    wrote = False
    if _has_configuration(run.root):
        say("kept   the configuration")
    else:
        named = ", ".join(f'"{folder}"' for folder in folders)
        wrote = _write(run, "bylaw.toml", CONFIGURATION.format(adrs=named))
    folder = folders[0]
    if has_decisions:
        say(f"kept   the decisions in {', '.join(folders)}")
        return wrote
    if set(folder) & set("*?[]{}"):
        say(f"kept   {folder}, which names files and no folder")
        return wrote
    today: date = datetime.now(UTC).date()
    first = FIRST.format(folder=folder, today=today.isoformat())
    wrote |= _write(run, f"{folder}/0001-record-architecture-decisions.md", first)
    return _write(run, f"{folder}/template.md", TEMPLATE) or wrote


def _has_configuration(root: Path) -> bool:
    from bylaw.cli.session import configures

    return (root / "bylaw.toml").exists() or configures(root / "pyproject.toml")


def _write(run: Session, path: str, text: str) -> bool:
    """Write a file unless there is one, and return whether it was written."""
    full = run.root / path
    try:
        full.parent.mkdir(parents=True, exist_ok=True)
        with full.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        say(f"kept   {run.show(path)}")
        return False
    except OSError as error:
        raise io_fault(full, error) from error
    say(f"wrote  {run.show(path)}")
    return True


def _say_next(run: Session, folder: str, adopted: bool) -> None:
    say()
    say("Next:")
    if adopted:
        say("  add a section `Constraints` to a decision that is in force, with a sentence such as")
        say("  - Modules in `shop.domain` MUST NOT import `sqlalchemy`.")
    else:
        say(f"  copy {run.show(folder)}/template.md for your own first decision")
    say("  bylaw check           judge the code by the decisions")
    say("  bylaw build           compile the decisions to .bylaw/")
    say("  bylaw describe PATH   see which of them govern a file")
