"""What claimed commands would run, as far as their text tells."""

import posixpath
from dataclasses import dataclass
from typing import Literal

from bylaw.check.judges.spoken import is_run_of, simple
from bylaw.checkpoint.acting import effects_of
from bylaw.checkpoint.calls import RunCommand, ToolCall
from bylaw.checkpoint.effects import Opaque, Run
from bylaw.snapshot import Snapshot
from bylaw.unevaluable import UnevaluableError

_ROOT = "/repository"


@dataclass(slots=True)
class _Files:
    """The tree as the shell of a task would find it, with nothing around it."""

    tree: Snapshot
    root: str = _ROOT
    home: str = "/home"

    def read(self, path: str) -> bytes | None:
        try:
            return self.tree.read(self._inside(path))
        except UnevaluableError:
            return None

    def kind(self, path: str) -> Literal["file", "folder", "other"] | None:
        inside = self._inside(path)
        if inside in self.tree.files:
            return "file"
        below = f"{inside}/" if inside else ""
        return "folder" if any(each.startswith(below) for each in self.tree.files) else None

    def real(self, path: str) -> str:
        return posixpath.normpath(path)

    def _inside(self, path: str) -> str:
        # Outside of the tree nothing is known to be there.
        plain = posixpath.normpath(path)
        return "" if plain == _ROOT else plain.removeprefix(f"{_ROOT}/")


def why_banned(text: str, banned: tuple[str, ...], tree: Snapshot) -> str | None:
    """Return how a command could run a banned one, as a clause; None where it does not.

    A program that is not known to start others counts for one that does, and what nobody can tell
    for what must not be.
    """
    runs, hidden = _runs(text, tree)
    runs += list(simple(text))
    starts = [words[at:] for words in runs for at in range(len(words))]
    if any(is_run_of(words, banned) for words in starts):
        return "does"
    return f"may: {hidden}" if hidden is not None else None


def _runs(text: str, tree: Snapshot) -> tuple[list[list[str]], str | None]:
    """Return the commands that a text runs, and why there may be others."""
    call = ToolCall("claims", "pre", cwd=_ROOT, actions=(RunCommand(text),))
    found: list[list[str]] = []
    hidden: str | None = None
    for effect in effects_of(call, _Files(tree)):
        if isinstance(effect, Run):
            found.append(list(effect.words))
        elif isinstance(effect, Opaque) and effect.sort != "program":
            hidden = hidden or effect.reason
    return found, hidden
