"""What editing needs of a repository whose decisions are held open."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from bylaw.config import Config
from bylaw.diagnostics import Diagnostic
from bylaw.program import Program
from bylaw.scope import ScopeContext
from bylaw.source import Source


class Linked(Protocol):
    """The decisions of a repository, some with another text than on disk, linked on one day.

    `bylaw.preview.workspace` has it; what shows previews shows editing too, and not the reverse.
    """

    @property
    def root(self) -> Path:
        """The repository's folder."""

    @property
    def config(self) -> Config:
        """The configuration."""

    @property
    def files(self) -> tuple[str, ...]:
        """The tree's paths, sorted, without what builds write."""

    @property
    def program(self) -> Program:
        """The decisions."""

    @property
    def context(self) -> ScopeContext:
        """What scoping a decision needs beyond the decision."""

    @property
    def by_file(self) -> Mapping[str, tuple[Diagnostic, ...]]:
        """The diagnostics by each file in which they, or a label of theirs, stand."""

    def source(self, path: str) -> Source | None:
        """Return an ADR's text with its places; None where it cannot be read."""
