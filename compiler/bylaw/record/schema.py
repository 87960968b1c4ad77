"""The published model of a record's lines: the first line, and an event of each kind."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Texts = tuple[str, ...]
Words = Annotated[tuple[str, ...], Field(min_length=1)]
Amount = Annotated[float, Field(ge=0)]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class First(_Line):
    """The first line of a record."""

    format: Literal["bylaw/record"]
    version: Literal[1]
    session: str


class _Event(_Line):
    at: str = Field(
        description="The time in UTC, as in `2026-11-21T09:30:00Z`.",
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
    )
    session: str = Field(description="The session that the record is of.")
    agent: str | None = Field(None, description="The class of the agent.", pattern=r"\S")
    autonomy: Literal["assisted", "supervised", "autonomous", "ase"] | None = None
    policy: str | None = Field(None, description="The version of the constraints it works under.")
    previous: Digest = Field(description="The SHA-256 of the line before, without its line feed.")
    torn: bool = Field(False, description="Whether the line before was never written to its end.")


class _Deeds(_Event):
    call: str | None = Field(None, description="The host's id of the tool call.")
    reads: Texts = Field((), description="Files whose content gets to the agent.")
    writes: Texts = Field((), description="Files written.")
    creates: Texts = Field((), description="Those of them that were not there before.")
    removes: Texts = Field((), description="Files removed.")
    runs: tuple[Words, ...] = Field((), description="The words of each simple command.")
    untold: Texts = Field((), description="Why it cannot be told what a part of the call does.")
    lines: Amount | None = Field(None, description="Lines added and removed.")


class SessionEvent(_Event):
    """A session starts, or what is said of it changes."""

    event: Literal["session"]
    host: str | None = None
    model: str | None = None
    task: str | None = None
    base: str | None = Field(None, description="The commit of the tree as it was then.")


class CallEvent(_Deeds):
    """A tool call was judged; what it would do happens unless it is denied."""

    event: Literal["call"]
    tool: str | None = None
    decision: Literal["allow", "deny", "ask"]
    constraints: Texts = Field((), description="The ids of those that spoke.")


class ResultEvent(_Deeds):
    """A tool call has ended; its deeds are those that only showed then."""

    event: Literal["result"]
    tool: str | None = None
    failed: bool | None = None


class ReadEvent(_Deeds):
    """Something was read, where no call says so."""

    event: Literal["read"]


class ChangeEvent(_Deeds):
    """Something was changed, where no call says so."""

    event: Literal["change"]


class RunEvent(_Deeds):
    """A command was run, where no call says so."""

    event: Literal["run"]
    failed: bool | None = None


class CheckEvent(_Event):
    """The work was checked, by bylaw or by a command; one that has not passed has failed."""

    event: Literal["check"]
    passed: bool
    by: str | None = None
    constraints: Texts = ()


class AttemptEvent(_Event):
    """An attempt at the task has ended, where no check says so."""

    event: Literal["attempt"]
    failed: bool


class SpentEvent(_Event):
    """What was spent since the last such event; with `total`, in the session so far."""

    event: Literal["spent"]
    tokens: Amount | None = None
    minutes: Amount | None = None
    usd: Amount | None = None
    total: bool = False


class ApprovalEvent(_Event):
    """Somebody has approved of something."""

    event: Literal["approval"]
    by: str | None = None
    teams: Texts = ()
    commit: str | None = None
    paths: Texts = ()


class FinishEvent(_Event):
    """The agent says that it is done."""

    event: Literal["finish"]
    outcome: str | None = None


Event = Annotated[
    SessionEvent
    | CallEvent
    | ResultEvent
    | ReadEvent
    | ChangeEvent
    | RunEvent
    | CheckEvent
    | AttemptEvent
    | SpentEvent
    | ApprovalEvent
    | FinishEvent,
    Field(discriminator="event"),
]


def schema() -> dict[str, Any]:
    """Return the JSON Schema of one line of a record."""
    found = TypeAdapter[Any](First | Event).json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of a record",
        **found,
    }
