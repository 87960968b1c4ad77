"""What `workflow.yaml` holds: the published model, and what each level means by itself."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bylaw.config import Level

Disposition = Literal["abort", "warn", "wait"]
"""What a failed phase does: the task ends, goes on with a word, or waits for a person."""

Phase = Literal["plan", "build", "test", "review", "document", "deploy"]

# --- the profile -------------------------------------------------------------------------------


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Gates(_Record):
    """What has to be passed before a change goes on; null where a level has no such gate."""

    coverage: float | None = Field(description="Per cent of lines that tests cover, at least.")
    blockers: int | None = Field(description="Findings that block, at most.")
    files_changed: int | None = Field(description="Files that a change touches, at most.")
    auto_merge: bool = Field(description="Whether a change merges without a person.")
    auto_merge_delay_minutes: int | None = Field(description="How long it waits until then.")


class Earned(_Record):
    """What an agent has to have shown before it works at a level; null where nothing."""

    runs: int | None = Field(description="Finished tasks, at least.")
    gate_accuracy: float | None = Field(description="Per cent of gates that told truly, at least.")
    human_override: float | None = Field(description="Per cent that people overruled, at most.")
    retries: float | None = Field(description="Attempts that failed for each task, at most.")


class LevelRecord(_Record):
    """One level of autonomy: when people look, what a failure does, the gates, how it is earned."""

    people: str
    on_failure: dict[Phase, Disposition]
    gates: Gates
    earned: Earned


PHASES: tuple[Phase, ...] = ("plan", "build", "test", "review", "document", "deploy")

ON_FAILURE: Mapping[Level, tuple[Disposition, ...]] = {
    "assisted": ("wait", "wait", "wait", "wait", "wait", "wait"),
    "supervised": ("wait", "abort", "abort", "wait", "warn", "wait"),
    "autonomous": ("warn", "abort", "abort", "wait", "warn", "abort"),
    "ase": ("warn", "abort", "abort", "abort", "warn", "abort"),
}

PEOPLE: Mapping[Level, str] = {
    "assisted": "decide after each phase",
    "supervised": "decide at checkpoints",
    "autonomous": "review the pull request",
    "ase": "are told; gates decide, merging included",
}

GATES: Mapping[Level, Gates] = {
    "assisted": Gates(
        coverage=None,
        blockers=None,
        files_changed=None,
        auto_merge=False,
        auto_merge_delay_minutes=None,
    ),
    "supervised": Gates(
        coverage=70, blockers=0, files_changed=50, auto_merge=False, auto_merge_delay_minutes=None
    ),
    "autonomous": Gates(
        coverage=80, blockers=0, files_changed=25, auto_merge=False, auto_merge_delay_minutes=None
    ),
    "ase": Gates(
        coverage=90, blockers=0, files_changed=10, auto_merge=True, auto_merge_delay_minutes=30
    ),
}

EARNED: Mapping[Level, Earned] = {
    "assisted": Earned(runs=None, gate_accuracy=None, human_override=None, retries=None),
    "supervised": Earned(runs=10, gate_accuracy=None, human_override=None, retries=None),
    "autonomous": Earned(runs=50, gate_accuracy=90, human_override=20, retries=2),
    "ase": Earned(runs=100, gate_accuracy=98, human_override=5, retries=1.5),
}


# --- what decisions add ------------------------------------------------------------------------


class Paths(_Record):
    """Files in any of `include`, in any of `within` if there are some, in none of `exclude`.

    Without `include` it is the whole repository; the globs are bylaw's.
    """

    include: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class Rule(_Record):
    """What one sentence says, whom it binds and where."""

    constraint: str = Field(description="The constraint's full id.")
    sentence: str
    source: str = Field(description="The decision's file and line.")
    strength: Literal["error", "warning"]
    classes: tuple[str, ...] = Field(description="The classes that it names; all, without one.")
    others: bool = Field(description="Whether it binds the classes that it does not name.")
    paths: Paths


class Checkpoint(Rule):
    """At these paths agents work at this level at most."""

    autonomy: Level


class Lane(Rule):
    """Where agents may, or may not, change files."""

    may: Literal["only", "not"]
    globs: tuple[str, ...]


class Limit(Rule):
    """How much a task may change or use up."""

    unit: Literal["files", "lines", "tokens", "minutes", "usd", "failed-attempts"]
    at_most: int


class Approval(Rule):
    """Who has to approve of a change."""

    by: tuple[str, ...]
    join: Literal["any", "all"]
    count: int


class Command(Rule):
    """What has to be run, or must not be."""

    run: tuple[str, ...]
    join: Literal["any", "all"]
    when: Literal["always", "before-finishing", "check-fails", "gate", "ci"]
    must: bool


class Reading(Rule):
    """What has to be read before something is changed."""

    read: tuple[str, ...]
    join: Literal["any", "all"]
    before: tuple[str, ...]


class Agents(_Record):
    """The levels that are configured: of all agents, by class, and at most by path."""

    autonomy: Level | None
    classes: dict[str, Level]
    paths: dict[str, Level]


class Workflow(_Record):
    """How agents work in a repository."""

    format: Literal["bylaw/workflow"]
    schema_version: Literal[1]
    agents: Agents
    levels: dict[Level, LevelRecord]
    checkpoints: tuple[Checkpoint, ...]
    lanes: tuple[Lane, ...]
    limits: tuple[Limit, ...]
    approvals: tuple[Approval, ...]
    commands: tuple[Command, ...]
    reading: tuple[Reading, ...]


def schema() -> dict[str, Any]:
    """Return the JSON Schema of `workflow.yaml`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Workflow.model_json_schema(mode="serialization"),
    }
