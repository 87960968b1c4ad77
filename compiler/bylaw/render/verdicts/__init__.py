"""Verdicts as people and machines read them: one module a format."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Protocol, cast

from bylaw.check.verdict import Verdicts
from bylaw.render.text import Style

Lines = Callable[[str], Sequence[str] | None]
"""Returns the lines of a file of the tree under check, None where it cannot be read."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a report depends on besides the verdicts.

    `strict` says that a violated SHOULD counts like a MUST. `style.show` makes a path of the tree
    one that the reader of the format can open (for GitHub, of the workspace); colours and width
    are the text's only. `links` stands before a path where Markdown links to it, such as
    `https://github.com/shop/shop/blob/3f2a91c/`; empty, links are relative to the repository.
    `site` is where the static site is published, whose pages reports link to; empty, there is none.
    `everything` leaves nothing of the text folded. `status` is the exit status that the command
    ends with; None where only the verdicts decide it.
    """

    strict: bool = False
    style: Style = field(default_factory=Style)
    links: str = ""
    site: str = ""
    everything: bool = False
    status: int | None = None


DEFAULT = Setting()


class Render(Protocol):
    """Makes a report, without a final newline."""

    def __call__(self, verdicts: Verdicts, lines: Lines, setting: Setting = DEFAULT) -> str:
        """Return the report of a run."""


def _renderer(name: str) -> Render:
    """Return what imports a format's module when it is called: no run needs more than one."""

    def render(verdicts: Verdicts, lines: Lines, setting: Setting = DEFAULT) -> str:
        module = import_module(f"{__name__}.{name}")
        return cast("Render", getattr(module, name))(verdicts, lines, setting)

    return render


# Each format is a module in this package, with a function of its name.
FORMATS: Mapping[str, Render] = {
    name: _renderer(name) for name in ("text", "json", "sarif", "github", "junit", "markdown")
}
