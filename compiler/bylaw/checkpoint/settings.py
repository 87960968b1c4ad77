"""What of the configuration a tool call's check needs, as plain values."""

from bylaw.checkpoint.asked import LEVELS

TYPE_CHECKING = False  # `typing` takes longer to import than the settings take to read
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Literal

    Malfunction = Literal["ask", "deny", "allow"]

HOST_FILES = (
    ".claude/settings.json",
    ".claude/settings.local.json",
    ".cursor/hooks.json",
    ".github/hooks/",
    ".pre-commit-config.yaml",
)
"""Where hosts are told to ask us; whoever may write there may take the guard away."""

CONFIGURATIONS = ("bylaw.toml",)

_NAMELESS = ("README.md", "index.md")
"""A decision of this name is called after its folder."""


class Settings:
    """The settings of one repository.

    `adrs` are the paths of the decision records, `output` the folder of generated files,
    `malfunction` what is answered where something of ours fails, `agent_class` the class of an
    agent that nobody names, `autonomy` the level of agents and `class_levels` that of
    single classes, `max_bytes` the largest file that is judged.
    """

    __slots__ = (
        "adrs",
        "agent_class",
        "autonomy",
        "baseline",
        "class_levels",
        "malfunction",
        "max_bytes",
        "output",
        "path_levels",
        "suppressions",
        "tests",
    )

    def __init__(
        self,
        *,
        adrs: "tuple[str, ...]" = (),
        agent_class: "str | None" = None,
        autonomy: "str | None" = None,
        baseline: "str | None" = None,
        class_levels: "tuple[tuple[str, str], ...]" = (),
        malfunction: "Malfunction" = "ask",
        max_bytes: int = 1 << 20,
        output: str = ".bylaw",
        path_levels: "tuple[tuple[str, str], ...]" = (),
        suppressions: bool = False,
        tests: "tuple[str, ...]" = (),
    ) -> None:
        self.adrs = adrs
        self.agent_class = agent_class
        self.autonomy = autonomy
        self.baseline = baseline
        self.class_levels = class_levels
        self.malfunction = malfunction
        self.max_bytes = max_bytes
        self.output = output
        self.path_levels = path_levels
        self.suppressions = suppressions
        self.tests = tests

    def level_of(self, agent: "str | None") -> "str | None":
        """Return the level of autonomy at which agents of a class work, None where nobody says."""
        return dict(self.class_levels).get(agent or "", self.autonomy)

    def level_at(self, paths: "Iterable[str]", level: "str | None") -> "str | None":
        """Return the level at which an agent of this level works where it touches these paths."""
        if not self.path_levels:
            return level
        from bylaw.globs import matcher

        found = [] if level is None else [level]
        for glob, highest in self.path_levels:
            test = matcher((glob,))
            found += [highest] if any(test(path) for path in paths) else []
        return min(found, key=LEVELS.index, default=None)

    def packed(self) -> "tuple[tuple[str, Any], ...]":
        """Return the settings by name."""
        return tuple((name, getattr(self, name)) for name in self.__slots__)

    def governs(self, path: str) -> "str | None":
        """Return what a file is that decides what binds, None of any other file."""
        if path in self.adrs or self._may_decide(path):
            return "a decision record"
        if path.rpartition("/")[2] in CONFIGURATIONS:
            return "the configuration of bylaw"
        if path == self.baseline:
            return "the baseline of violations"
        if path.startswith(HOST_FILES):
            return "where this check is switched on"
        if path == self.output or path.startswith(f"{self.output}/"):
            return "generated from the decisions"
        return None

    def _may_decide(self, path: str) -> bool:
        """Tell whether a new file would lie where decisions do, on its own or in its own folder."""
        if not path.endswith(".md"):
            return False
        folder, _, name = path.rpartition("/")
        if name in _NAMELESS:
            folder = folder.rpartition("/")[0]
        places = [(_home(each), each.rpartition("/")[0]) for each in self.adrs]
        homes = {home for home, _ in places}
        # An index lies among the decisions, and not in a folder of its own.
        return bool(folder) and any(
            home == folder and (own == home or own not in homes) for home, own in places
        )


def _home(path: str) -> str:
    folder, _, name = path.rpartition("/")
    return folder.rpartition("/")[0] if name in _NAMELESS else folder
