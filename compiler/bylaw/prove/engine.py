"""What an engine is that an artifact is made for: it is found, run in a tree, and says lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Hit:
    """What an engine reports: the name of a rule, a path, and lines; line 0 is the file."""

    rule: str
    path: str
    line: int
    end_line: int
    edge: tuple[str, str] | None = None


@dataclass(frozen=True)
class Report:
    """What one run of an engine came to.

    `scanned` are the files that it looked at; None where it does not say. `faults` are what it
    could not do, by rule; those of the whole run under the empty name. `unread` are files that it
    could not read all of.
    """

    hits: Sequence[Hit] = ()
    scanned: frozenset[str] | None = None
    faults: Mapping[str, str] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)


class Engine(Protocol):
    """One engine: `target` is whose artifacts it runs, `title` its own name."""

    @property
    def target(self) -> str:
        """The target's name."""

    @property
    def title(self) -> str:
        """The engine's name, as its makers write it."""

    @property
    def install(self) -> str:
        """What to do where it is absent."""

    def command(self) -> str | None:
        """Return the engine's command, None where it is not installed."""

    def select(self, artifacts: Mapping[str, bytes], rules: frozenset[str]) -> dict[str, bytes]:
        """Return the artifacts with no rules but some, which stand in them as they did."""

    def run(
        self, command: str, root: Path, artifacts: Mapping[str, bytes], roots: Sequence[str]
    ) -> Report:
        """Check the tree below a folder with artifacts; `roots` are where modules start."""
