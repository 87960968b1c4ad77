"""What a call would leave behind: its effects, one after the other, as one proposal."""

from bylaw.checkpoint.effects import (
    Fails,
    Install,
    Opaque,
    Outside,
    Read,
    Remove,
    Run,
    Spend,
    Write,
)

TYPE_CHECKING = False  # `typing` takes longer to import than a proposal takes to make
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bylaw.checkpoint.compact import Compact
    from bylaw.checkpoint.effects import Effect

_MOST_FILES = 2_000
"""A command that may write more is judged by what it has written."""


class Proposal:
    """What a call would do.

    `contents` are the files that it surely writes or removes, by path: bytes, or None where a file
    goes. `unknown` are those that it surely writes without saying what, with the reason; `perhaps`
    those that it may write or remove, and the place that it named. `fails` says why the host will
    refuse the call.
    """

    __slots__ = (
        "contents",
        "fails",
        "installs",
        "outside",
        "perhaps",
        "reads",
        "runs",
        "spends",
        "unknown",
        "untold",
    )

    def __init__(self) -> None:
        self.contents: dict[str, bytes | None] = {}
        self.unknown: dict[str, str] = {}
        self.perhaps: dict[str, str] = {}
        self.reads: list[str] = []
        self.runs: list[Run] = []
        self.installs: list[Install] = []
        self.outside: list[Outside] = []
        self.untold: list[Opaque] = []
        self.spends: list[Spend] = []
        self.fails: str | None = None

    @property
    def paths(self) -> "tuple[str, ...]":
        """Every path that surely changes, sorted."""
        return tuple(sorted({*self.contents, *self.unknown}))


def propose(effects: "Iterable[Effect]", set_: "Compact") -> Proposal:
    """Put the effects of a call together; of what a later one replaces, only that counts."""
    made = Proposal()
    for effect in effects:
        if isinstance(effect, Write):
            _write(made, effect, set_)
        elif isinstance(effect, Remove):
            _remove(made, effect, set_)
        elif isinstance(effect, Read):
            if effect.extent == "file":
                made.reads.append(effect.path)
        elif isinstance(effect, Run):
            made.runs.append(effect)
        elif isinstance(effect, Install):
            made.installs.append(effect)
        elif isinstance(effect, Outside):
            made.outside.append(effect)
        elif isinstance(effect, Opaque):
            made.untold.append(effect)
        elif isinstance(effect, Spend):
            made.spends.append(effect)
        elif isinstance(effect, Fails):
            made.fails = effect.reason
    return made


def _write(made: Proposal, effect: Write, set_: "Compact") -> None:
    if effect.extent != "file":
        for path in _within(effect.path, effect.extent, set_):
            made.perhaps.setdefault(path, effect.path)
    elif effect.content is None:
        made.contents.pop(effect.path, None)
        made.unknown[effect.path] = effect.why
    else:
        made.unknown.pop(effect.path, None)
        made.contents[effect.path] = effect.content


def _remove(made: Proposal, effect: Remove, set_: "Compact") -> None:
    if effect.extent == "glob":
        for path in _within(effect.path, "glob", set_):
            made.perhaps.setdefault(path, effect.path)
        return
    paths = [effect.path] if effect.extent == "file" else _within(effect.path, "tree", set_)
    for path in paths:
        made.unknown.pop(path, None)
        if set_.has(path):
            made.contents[path] = None
        else:
            made.contents.pop(path, None)


def _within(path: str, extent: str, set_: "Compact") -> "Iterator[str]":
    """Yield the files of the tree that an extent holds, up to a number."""
    if extent == "tree":
        below = f"{path}/" if path else ""
        found = (each for each in set_.files if each == path or each.startswith(below))
    else:
        from bylaw.globs import matcher

        test = matcher((path,))
        found = (each for each in set_.files if test(each))
    for number, each in enumerate(found):
        if number == _MOST_FILES:
            return
        yield each
