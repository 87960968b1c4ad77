"""The Semgrep target."""

from bylaw_targets.semgrep.target import Semgrep

__all__ = ["Semgrep"]
