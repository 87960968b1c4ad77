"""What a shape's function hands back: rules in draft, and what they do not say truly."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from bylaw.area import Area
from bylaw_targets.semgrep.formula import Formula

Errs: TypeAlias = Literal["misses", "over-reports"]


class UnsupportedError(Exception):
    """Semgrep cannot say this constraint; the message is the reason, for the author to read."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule before it has a head: where it looks, what it looks for and what it writes.

    `suffix` tells the rules of one constraint apart. `area` replaces the constraint's own where a
    rule is for some of its files only. `endings` are those of the files the rule is for, none for
    every file. `shallow` keeps the pattern of a statement from matching what stands in one.
    """

    suffix: str
    languages: tuple[str, ...]
    formula: Formula
    endings: tuple[str, ...] = ()
    area: Area | None = None
    fix: str | None = None
    shallow: bool = False


@dataclass(slots=True)
class Drafts:
    """The rules of one constraint, and each doubt about them with the way it errs."""

    rules: list[Rule] = field(default_factory=list)
    doubts: list[tuple[Errs, str]] = field(default_factory=list)

    def doubt(self, errs: Errs, reason: str) -> None:
        """Say once that the rules are not exact, and which way they err."""
        if (errs, reason) not in self.doubts:
            self.doubts.append((errs, reason))

    def turn(self) -> None:
        """Turn every doubt: code must have what the rules look for."""
        self.doubts = [
            ("misses" if errs == "over-reports" else "over-reports", reason)
            for errs, reason in self.doubts
        ]
