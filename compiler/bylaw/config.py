"""The configuration: what a repository decides about its own build."""

import re
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from bylaw.config_approvals import ApprovalsTable
from bylaw.config_values import Glob, Root, Table, file_name, glob_text, output_folder, refuse
from bylaw.diagnostics import Diagnostic, Severity

TARGETS = ("json", "semgrep", "import-linter", "agents")
"""The targets that are built where none is named."""


def _suppressions(value: object) -> object:
    advice = "write `true`, `false`, or a list of ids, as in `0007-domain/no-orm`"
    if isinstance(value, bool):
        return value
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        refuse("says neither yes nor no nor for which constraints", advice)
    for text in value:
        if not re.fullmatch(r"[^\s/]+(/[a-z][a-z0-9-]*)?", text):
            refuse("holds what is no id of a constraint or a decision", advice)
    return tuple(value)


_ALLOW = re.compile(r"BL(?:\d{3}|\d{2}x|\dxx)")


def _allow(text: str) -> str:
    if not _ALLOW.fullmatch(text):
        refuse("is no code", "write a code such as `BL204`, or `BL2xx` for all of its stage")
    return text


def _branch(text: str) -> str:
    if not re.fullmatch(r"[^\s~^:?*\[\\-][^\s~^:?*\[\\]*", text):
        refuse("is no name of a branch", "write it as `git branch` shows it, as in `main`")
    return text


_SITE = re.compile(r"https?://[\w.~:-]+(?:/[\w.~@+,;=%/-]*)?", re.ASCII)


def _site(text: str) -> str:
    advice = "write it as in `https://shop.example/decisions`"
    if not _SITE.fullmatch(text) or len(text) > _LONGEST_SITE:
        refuse("is no address of a site", advice)
    return text.rstrip("/")


_LONGEST_SITE = 1_000
"""Characters: an address is written beside everything that a report names."""

SURFACES = ("agents-md", "claude", "cursor", "copilot", "gemini", "windsurf", "cline", "contract")
"""What the contract of agents can be written as."""

_IMPORTING = ("claude", "gemini")
"""Surfaces that lead their host to what another one says."""


def _surface(text: str) -> str:
    if text not in SURFACES:
        near = get_close_matches(text.lower(), SURFACES, n=1)
        listing = "the surfaces are " + ", ".join(f"`{name}`" for name in SURFACES)
        refuse("is no surface", f"did you mean `{near[0]}`?" if near else listing)
    return text


def _surfaces(names: tuple[str, ...]) -> tuple[str, ...]:
    for index, name in enumerate(names):
        if name in names[:index]:
            refuse(f"names `{name}` twice", "drop one")
        if name in _IMPORTING and "agents-md" not in names:
            refuse(f"has `{name}` without what it imports", "add `agents-md`")
    return names


Count = Annotated[int, Field(strict=True, ge=1, le=1 << 24)]


class Budget(Table):
    """How large one file of a surface may be, at most."""

    characters: Count | None = Field(default=None, description="Unicode characters, marks included")
    tokens: Count | None = Field(default=None, description="tokens, as `docs/agents.md` counts")


_WINDSURF = 6000
"""Characters of a rule that Windsurf reads, by the lower of the numbers that it documents."""


def _for_windsurf(budget: Budget) -> Budget:
    if (budget.characters or 0) > _WINDSURF:
        refuse("is larger than Windsurf reads", f"it takes up to {_WINDSURF} characters")
    return budget


class Budgets(Table):
    """How large the files of each surface may be, where that is not what its host can take."""

    agents_md: Budget = Field(default_factory=Budget)
    cursor: Budget = Field(default_factory=Budget)
    copilot: Budget = Field(default_factory=Budget)
    windsurf: Annotated[Budget, AfterValidator(_for_windsurf)] = Field(default_factory=Budget)
    cline: Budget = Field(default_factory=Budget)


Level = Literal["assisted", "supervised", "autonomous", "ase"]
LEVELS: tuple[Level, ...] = ("assisted", "supervised", "autonomous", "ase")
"""The levels of autonomy, from the one with the most to the one with the fewest people in it."""


def _levelled(text: str) -> tuple[str, str]:
    """Split `what level`, and check the level."""
    what, _, level = text.rpartition(" ")
    if level not in LEVELS or not what.strip():
        listing = ", ".join(f"`{name}`" for name in LEVELS)
        refuse("ends in no level", f"the levels are {listing}")
    return what.strip(), level


def _class_level(text: str) -> str:
    return f"{_agent_class(_levelled(text)[0])} {_levelled(text)[1]}"


def _path_level(text: str) -> str:
    what, level = _levelled(text)
    return f"{glob_text(what)} {level}"


class AgentsTable(Table):
    """What is written for coding agents, how large it may be, and how freely they work."""

    surfaces: Annotated[
        tuple[Annotated[str, AfterValidator(_surface)], ...], AfterValidator(_surfaces)
    ] = Field(
        default=(),
        description="The files in which agents read the contract, by the host that reads them.",
        examples=[["agents-md", "claude"]],
    )
    budgets: Budgets = Field(
        default_factory=Budgets, description="The largest size of each file, by surface."
    )
    autonomy: Level | None = Field(
        default=None, description="The level of autonomy at which agents work."
    )
    class_levels: tuple[Annotated[str, AfterValidator(_class_level)], ...] = Field(
        default=(),
        description="Classes of agents that work at another level.",
        examples=[["A autonomous"]],
    )
    path_levels: tuple[Annotated[str, AfterValidator(_path_level)], ...] = Field(
        default=(),
        description="Globs in which agents work at that level at most.",
        examples=[["migrations/** supervised"]],
    )

    @property
    def levels_by_class(self) -> dict[str, Level]:
        """The level of each class that has one of its own."""
        return dict(self._split(self.class_levels))

    @property
    def levels_by_path(self) -> list[tuple[str, Level]]:
        """The globs that have a level, and which."""
        return self._split(self.path_levels)

    @staticmethod
    def _split(entries: tuple[str, ...]) -> list[tuple[str, Level]]:
        parts = (entry.rpartition(" ") for entry in entries)
        return [(what, level) for what, _, level in parts]  # type: ignore[misc] # checked as read


def _agent_class(text: str) -> str:
    if not text.strip() or not text.isprintable() or len(text) > 100:
        refuse("is no class of agents", 'write it as the sentences do, as in `"A"`')
    return text


class HookTable(Table):
    """How tool calls of coding agents are checked."""

    on_malfunction: Literal["ask", "deny", "allow"] = Field(
        default="ask",
        description="What a tool call is answered where the check itself fails; a violation that "
        "it has already found denies in any case.",
    )
    agent_class: Annotated[str, AfterValidator(_agent_class)] | None = Field(
        default=None,
        alias="class",
        description="The class of an agent that is not named otherwise (`--agent`, or "
        "`BYLAW_AGENT` in the environment).",
        examples=["B"],
    )


class Config(Table):
    """What a repository decides about its own build.

    Paths are relative to the folder of the configuration.
    """

    model_config = ConfigDict(title="Configuration of bylaw")

    adrs: tuple[Glob, ...] = Field(
        default=(),
        description="Folders or globs of the decision records; where none is named, the usual "
        "folders are looked for (`docs/adr`, `doc/decisions` …).",
        examples=[["docs/adr"]],
    )
    source_roots: tuple[Root, ...] = Field(
        default=(),
        description="Folders in which the names of modules begin; where none is named, they are "
        "found from the packages.",
        examples=[["src"]],
    )
    targets: tuple[str, ...] = Field(
        default=TARGETS, min_length=1, description="What to compile to.", examples=[["semgrep"]]
    )
    output: Annotated[str, AfterValidator(output_folder)] = Field(
        default=".bylaw",
        description="The folder of the generated files; it belongs to bylaw alone.",
    )
    default_status: Literal["in-force", "proposed", "retired", "none"] = Field(
        default="none",
        description="How a decision without any status counts; with `none` its constraints are "
        "an error.",
    )
    strict: bool = Field(default=False, strict=True, description="Whether a warning fails a build.")
    allow: tuple[Annotated[str, AfterValidator(_allow)], ...] = Field(
        default=(),
        description="Codes of warnings and notes that are not reported; `BL2xx` stands for all "
        "of a stage. An error cannot be allowed.",
        examples=[["BL204", "BL3xx"]],
    )
    main_branch: Annotated[str, AfterValidator(_branch)] | None = Field(
        default=None,
        description="The branch that changes are compared with; where none is named, git's "
        "default branch.",
        examples=["main"],
    )
    tests: tuple[Glob, ...] = Field(
        default=(),
        description="Globs of the files that count as tests, in place of the usual ones "
        "(`tests/`, `test_*.py`, `*.spec.ts` …).",
        examples=[["checks/**"]],
    )
    baseline: Annotated[str, AfterValidator(file_name)] | None = Field(
        default=None,
        description="The file of violations that were there before the rules, and do not fail a "
        "check; `bylaw check --write-baseline` writes it.",
        examples=["bylaw-baseline.json"],
    )
    suppressions: Annotated[bool | tuple[str, ...], BeforeValidator(_suppressions)] = Field(
        default=False,
        description="For which constraints comments in the code count (`bylaw: allow ID because "
        "…`): `true` for all, or ids of constraints and decisions.",
        examples=[["0007-domain/no-orm"]],
    )
    site: Annotated[str, AfterValidator(_site)] | None = Field(
        default=None,
        description="Where the static site of `bylaw preview --static` is published; reports then "
        "link to the page of each constraint.",
        examples=["https://shop.example/decisions"],
    )
    max_file_bytes: int = Field(
        default=1_048_576,
        ge=1,
        le=1 << 40,
        strict=True,
        description="Files larger than this are not read.",
    )
    agents: AgentsTable = Field(
        default_factory=AgentsTable, description="What is written for coding agents."
    )
    hook: HookTable = Field(
        default_factory=HookTable, description="How `bylaw hook` answers tool calls."
    )
    approvals: ApprovalsTable = Field(
        default_factory=ApprovalsTable, description="What approvals are asked for, and by whom."
    )

    def allows(self, diagnostic: Diagnostic) -> bool:
        """Return whether this diagnostic is one that the configuration silences."""
        return diagnostic.severity is not Severity.ERROR and any(
            covers(entry, diagnostic.code) for entry in self.allow
        )


def covers(entry: str, code: str) -> bool:
    """Return whether an entry of `allow` speaks of a code."""
    return code.startswith(entry.rstrip("x")) and len(code) == len(entry)


# What each key takes, in words; a table, because pydantic's own words are about Python. A key of a
# nested table has the table's name before it, with dots; `*` stands for any name.
TAKES = {
    "adrs": 'a list of folders or globs, as in `["docs/adr"]`',
    "source-roots": 'a list of folders, as in `["src"]`',
    "targets": 'a list of targets, as in `["json", "semgrep"]`',
    "output": 'a folder, as in `".bylaw"`',
    "default-status": 'one of `"in-force"`, `"proposed"`, `"retired"` and `"none"`',
    "strict": "`true` or `false`, without quotes",
    "allow": 'a list of codes, as in `["BL204", "BL3xx"]`',
    "main-branch": 'the name of a branch, as in `"main"`',
    "tests": 'a list of globs, as in `["checks/**"]`',
    "baseline": 'a file, as in `"bylaw-baseline.json"`',
    "suppressions": '`true`, `false`, or a list of ids, as in `["0007-domain/no-orm"]`',
    "site": 'an address, as in `"https://shop.example/decisions"`',
    "agents": "a table, as in `[agents]`",
    "agents.surfaces": 'a list of surfaces, as in `["agents-md", "claude"]`',
    "hook": "a table, as in `[hook]`",
    "hook.on-malfunction": 'one of `"ask"`, `"deny"` and `"allow"`',
    "hook.class": 'a class of agents, as in `"B"`',
    "agents.autonomy": 'one of `"assisted"`, `"supervised"`, `"autonomous"` and `"ase"`',
    "agents.class-levels": 'a list of classes and levels, as in `["A autonomous"]`',
    "agents.path-levels": 'a list of globs and levels, as in `["migrations/** supervised"]`',
    "agents.budgets": "a table, as in `[agents.budgets]`",
    "agents.budgets.*": "a table, as in `[agents.budgets.agents-md]`",
    "agents.budgets.*.characters": "a whole number of characters, without quotes",
    "agents.budgets.*.tokens": "a whole number of tokens, without quotes",
    "approvals": "a table, as in `[approvals]`",
    "approvals.low": 'a list of globs and ids, as in `["docs/**"]`',
    "approvals.medium": 'a list of globs and ids, as in `["src/**"]`',
    "approvals.high": 'a list of globs and ids, as in `["infra/**"]`',
    "approvals.default": 'one of `"low"`, `"medium"` and `"high"`',
    "approvals.required": "a table, as in `[approvals.required]`",
    "approvals.required.*": "a whole number of approvals from 0 to 10, without quotes",
    "approvals.people": 'a list of people, as in `["@ann ann@x.example"]`',
    "approvals.forge": '`"github"` or `"gitlab"`',
    "approvals.check": 'the name of a check, as in `"decisions"`',
    "approvals.team-ids": 'a list of teams with numbers, as in `["@shop/dba 4711"]`',
    "max-file-bytes": f"a whole number of bytes from 1 to {1 << 40}, without quotes",
}


def schema() -> dict[str, Any]:
    """Return the JSON Schema of `bylaw.toml`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Config.model_json_schema(by_alias=True),
    }
