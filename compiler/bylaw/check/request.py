"""What one run of the checker is asked for, beyond the configuration."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bylaw.check.approval.gather import Source
from bylaw.record.history import Record

TIMEOUT_SECONDS = 300.0
"""How long one command of a `run` constraint may take, where nobody says."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to check, against what, and what is admitted.

    All paths are relative to the root, with `/`; only `started` is a folder of the disk, the one
    that whoever asks stands in. `staged` takes the index for the tree under
    check; `diff` names the revision since which violations count; `base` one from which new code
    and changes are measured. `constraints` is a published constraint set, read in place of ADRs.
    `run` admits commands of `run` constraints, `trust` also such as the change itself has brought,
    and rules that the change has weakened. `record` is what agents were seen to do. With `sorts`
    only constraints of these are judged, and of the others nothing is said. `aside` is a folder of
    the tree that is being written and is no part of it.
    """

    paths: tuple[str, ...] = ()
    started: Path | None = None
    staged: bool = False
    diff: str | None = None
    base: str | None = None
    baseline: str | None = None
    constraints: str | None = None
    run: bool = False
    timeout: float = TIMEOUT_SECONDS
    trust: bool = False
    agent: str | None = None
    record: Record | None = None
    approvals: Source | None = None
    sorts: frozenset[str] | None = None
    include_proposed: bool = False
    as_of: date | None = None
    cache: bool = True
    aside: str | None = None

    @property
    def measures(self) -> bool:
        """Whether it says what the tree is to be compared with."""
        return self.staged or self.diff is not None or self.base is not None
