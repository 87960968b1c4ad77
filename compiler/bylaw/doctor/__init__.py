"""The state of the guard in a repository: what is there, what is missing, what does not work."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bylaw.config import Config
from bylaw.coverage import Checkpoint
from bylaw.doctor.hosts import claude, cursor, pre_commit
from bylaw.doctor.patient import Finding, Patient, look_at
from bylaw.doctor.remote import ci, owners
from bylaw.doctor.repository import artifacts, cache, decisions, git, semgrep
from bylaw.driver import Options, build_repository

__all__ = ["CHECKS", "Finding", "Patient", "examine_repository", "stands"]

CHECKS: tuple[Callable[[Patient], Iterator[Finding]], ...] = (
    git,
    decisions,
    artifacts,
    claude,
    cursor,
    pre_commit,
    ci,
    owners,
    semgrep,
    cache,
)
"""Each looks at one thing, which is the `about` of its findings; in the order a change meets it."""


def examine_repository(
    root: Path, config: Config, options: Options
) -> tuple[Patient, list[Finding]]:
    """Build in memory, and look at everything."""
    patient = look_at(root, build_repository(root, config, options))
    return patient, [finding for check in CHECKS for finding in check(patient)]


def stands(findings: Sequence[Finding]) -> dict[Checkpoint, bool]:
    """Tell which checkpoints stand here: something is installed, and does not fail."""
    bad = {finding.about for finding in findings if finding.state in ("warning", "error")}
    seen = {finding.about for finding in findings if finding.state == "ok"}

    def up(*names: str) -> bool:
        return any(name in seen and name not in bad for name in names)

    hook = up("claude-code", "cursor")
    ci = up("ci")
    return {
        "call": hook,
        "stop": hook,
        "commit": up("pre-commit"),
        "pull-request": ci,
        "main": ci,
    }
