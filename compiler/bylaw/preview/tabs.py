"""The outputs of a preview as tabs: one for each target, with its files and what it cannot say."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bylaw.fidelity import Fidelity
from bylaw.preview.intermediate import NAME as IR
from bylaw.preview.model import Output, Preview, StatementView

_TITLES = {
    IR: "IR",
    "semgrep": "Semgrep",
    "json": "JSON",
    "agents": "Agents",
    "codeowners": "Code owners",
    "ruleset": "Ruleset",
    "workflow": "Workflow",
}

_ERRS = {
    "misses": "misses violations",
    "over-reports": "reports what is kept, too",
    "both": "misses violations and reports what is kept",
}
"""In which direction an approximation errs, in words."""

_LEVELS = ("exact", "approximate", "unsupported")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How truly a target says some constraints: those of one level and one reason.

    `ids` are the constraints', without the decision's.
    """

    level: str
    ids: tuple[str, ...]
    errs: str
    reason: str


@dataclass(frozen=True, slots=True)
class Group:
    """Files of one tab that belong together; `title` is empty where there is nothing to say."""

    title: str
    files: tuple[Output, ...]


@dataclass(frozen=True, slots=True)
class Tab:
    """One target: its files, grouped, and how truly it says each constraint."""

    name: str
    title: str
    configured: bool
    groups: tuple[Group, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def is_ir(self) -> bool:
        """Whether this is no target, but what all are compiled from."""
        return self.name == IR

    @property
    def files(self) -> tuple[Output, ...]:
        """All files, in their order."""
        return tuple(output for group in self.groups for output in group.files)

    @property
    def summary(self) -> str:
        """How many constraints it says how truly, in a line."""
        counts = dict.fromkeys(_LEVELS, 0)
        for verdict in self.verdicts:
            counts[verdict.level] += len(verdict.ids)
        words = {"exact": "exactly", "approximate": "roughly", "unsupported": "not at all"}
        said = ", ".join(f"{count} {words[level]}" for level, count in counts.items() if count)
        total = sum(counts.values())
        return f"of {total} constraint{'' if total == 1 else 's'}: {said}" if said else ""


def tabs_of(preview: Preview) -> tuple[Tab, ...]:
    """Return the tabs of a preview: the intermediate representation, and a target each.

    A target that no build writes has a tab where it would say something.
    """
    views = [each for each in preview.statements if each.statement == "constraint"]
    outputs: dict[str, list[Output]] = {}
    for output in preview.outputs:
        outputs.setdefault(output.target, []).append(output)
    # In the order in which targets are compiled, which is that of what they answer.
    answered = [name for view in views for name in view.fidelity]
    asked = dict.fromkeys([*([IR] if IR in outputs else []), *answered, *outputs])
    tabs = []
    for name in asked:
        files = outputs.get(name, [])
        configured = files[0].configured if files else name in preview.configured
        if files or configured:
            groups = tuple(_groups(files))
            verdicts = tuple(_verdicts(name, views))
            title = _TITLES.get(name, name)
            tabs.append(Tab(name, title, configured or name == IR, groups, verdicts))
    return tuple(sorted(tabs, key=lambda tab: not tab.configured))


# --- files -------------------------------------------------------------------------------------

_GROUPS: tuple[tuple[str, str], ...] = (
    (r"(?:.*/)?AGENTS\.md", "AGENTS.md, by folder"),
    (r"\.cursor/.*", "Cursor"),
    (r"\.github/.*", "Copilot"),
    (r"\.windsurf/.*", "Windsurf"),
    (r"\.clinerules/.*", "Cline"),
)
"""By path, for which readers a file of the target `agents` is."""


def _groups(files: Sequence[Output]) -> Iterator[Group]:
    in_folder_first = sorted(files, key=lambda output: output.place != "output")
    for title, some in groupby(in_folder_first, _group):
        yield Group(title, tuple(some))


def _group(output: Output) -> str:
    if output.target != "agents" or output.place == "output":
        return ""
    return next((title for path, title in _GROUPS if re.fullmatch(path, output.path)), "")


# --- verdicts ----------------------------------------------------------------------------------


def _verdicts(target: str, views: Sequence[StatementView]) -> Iterator[Verdict]:
    """Yield what a target answers, what it says best first, one entry for each reason."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for view in views:
        answer = view.fidelity.get(target)
        if answer is not None:
            found.setdefault(_said(answer), []).append(view.key.rpartition("/")[2])
    for (level, errs, reason), ids in sorted(
        found.items(), key=lambda item: _LEVELS.index(item[0][0])
    ):
        yield Verdict(level, tuple(dict.fromkeys(ids)), errs, reason)


def _said(answer: Fidelity) -> tuple[str, str, str]:
    return answer.level, _ERRS.get(answer.errs or "", ""), answer.reason or ""
