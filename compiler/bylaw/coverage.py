"""The bypass map: at which checkpoints a constraint is judged, what it needs there, and ways round.

Nothing an agent may run is beyond its reach. What is, is what it cannot change: a pull request
judged in CI by the rules of the base, and merged by somebody else. All before it saves time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from bylaw.check.judges import sort_of
from bylaw.moments import AFTER, BEFORE, OF_AGENTS

if TYPE_CHECKING:
    from bylaw.ir import Constraint

Checkpoint: TypeAlias = Literal["call", "stop", "commit", "pull-request", "main"]

CHECKPOINTS: dict[Checkpoint, str] = {
    "call": "before a tool call, by `bylaw hook`",
    "stop": "after a tool call and when the agent stops, by `bylaw hook`",
    "commit": "at a commit, by `bylaw check --staged --diff HEAD`",
    "pull-request": "on a pull request in CI, by `bylaw check --diff BASE`",
    "main": "on the main branch in CI, by `bylaw check`",
}
"""In the order in which a change meets them."""

Level: TypeAlias = Literal["judged", "given", "never"]
"""`given` is judged where it has what it needs, and else *not evaluated*, never kept."""


class Cover(NamedTuple):
    """How a constraint fares at a checkpoint: what it needs there, or why it is not judged."""

    level: Level
    why: str = ""


class Way(NamedTuple):
    """A way round a checkpoint, and what is not got round by it."""

    id: str
    past: tuple[Checkpoint, ...]
    how: str
    then: str


class Traits(NamedTuple):
    """What of a constraint decides where it is judged.

    `sort` is that of `bylaw.check.judges.JUDGES`; `unit` that of a limit; `commits` says that it
    is about commit messages, `new` that it counts in new code only, and `classed` that it binds
    agents of a class only, so that one which nobody names is free of it.
    """

    sort: str
    unit: str = ""
    commits: bool = False
    new: bool = False
    classed: bool = False


SEMGREP = "Semgrep"
AGENT = "`--agent` or `--no-agent`"
CLASS = "the agent's class"
RECORD = "the record of tool calls"
APPROVALS = "`--approvals`, or what CI knows"
RUN = "`--run`"
BASE = "a base"

_OF_CHANGES = frozenset({"files", "lines"})
_OF_RECORDS = frozenset({"agent-run", "agent-read", "agent-autonomy"})


def traits_of(constraint: Constraint) -> Traits:
    """Return what of a constraint decides where it is judged."""
    return Traits(
        sort_of(constraint),
        getattr(constraint, "unit", "") if constraint.shape == "agent-limit" else "",
        constraint.subject.noun == "commits",
        constraint.for_new_code,
        bool(getattr(constraint.subject, "classes", ())) and constraint.modal != "only-may",
    )


def covers_of(traits: Traits) -> dict[Checkpoint, Cover]:
    """Return how a constraint fares at each checkpoint."""
    if traits.sort in OF_AGENTS:
        return _of_agents(traits)
    if traits.sort in _APART:
        return _APART[traits.sort](traits)
    needs = Cover("given", SEMGREP) if traits.sort == "semgrep" else Cover("judged")
    late = traits.sort in AFTER
    return {
        "call": Cover("never", _LATER.get(traits.sort, "")) if late else _known(traits),
        "stop": needs if traits.sort in BEFORE | AFTER else Cover("never"),
        "commit": needs,
        "pull-request": needs,
        "main": Cover("given", BASE) if traits.new or traits.sort == "change-with" else needs,
    }


_LATER = {
    "semgrep": "Semgrep takes longer than a call may wait",
    "hold": "no single call can add several files",
    "identical": "no single call can change two files",
    "key-equal": "no single call can change two files",
    "exist-with": "no single call can add two files",
    "change-with": "no single call can change two files",
}


def _known(traits: Traits) -> Cover:
    return Cover("judged") if traits.sort in BEFORE else Cover("never")


def _of_agents(traits: Traits) -> dict[Checkpoint, Cover]:
    """Return the map of a constraint on agents: the hook knows the agent, CI has to be told."""
    if traits.sort in _OF_RECORDS or (traits.unit and traits.unit not in _OF_CHANGES):
        return {
            "call": Cover("given", RECORD),
            "stop": Cover("given", RECORD),
            "commit": Cover("given", RECORD),
            "pull-request": Cover("given", RECORD),
            "main": Cover("never", "a tree does not say who made it"),
        }
    known = Cover("given", CLASS) if traits.classed else Cover("judged")
    return {
        "call": known,
        "stop": known,
        "commit": Cover("given", AGENT),
        "pull-request": Cover("given", AGENT),
        "main": Cover("never", "a tree does not say who made it"),
    }


def _approve(traits: Traits) -> dict[Checkpoint, Cover]:  # noqa: ARG001 - one signature for all
    never = Cover("never", "nobody can have approved it yet")
    return {
        "call": never,
        "stop": never,
        "commit": never,
        "pull-request": Cover("given", APPROVALS),
        "main": Cover("never", "an approval is of a change"),
    }


def _command(traits: Traits) -> dict[Checkpoint, Cover]:  # noqa: ARG001 - as above
    slow = Cover("never", "a command may take long")
    return {
        "call": slow,
        "stop": slow,
        "commit": Cover("given", RUN),
        "pull-request": Cover("given", RUN),
        "main": Cover("given", RUN),
    }


def _names(traits: Traits) -> dict[Checkpoint, Cover]:
    never = Cover("never", "there is no commit yet")
    at_commit = never if traits.commits else Cover("judged")
    on_main = Cover("given", BASE) if traits.commits else Cover("judged")
    return {
        "call": Cover("never", "it is about no file"),
        "stop": Cover("never", "it is about no file"),
        "commit": at_commit,
        "pull-request": Cover("judged"),
        "main": on_main,
    }


_APART = {"approve": _approve, "command-pass": _command, "name-match": _names}


# --- ways round --------------------------------------------------------------------------------

WAYS: tuple[Way, ...] = (
    Way(
        "other-host",
        ("call", "stop"),
        "work in a host, or a terminal, that calls no hook",
        "the commit and the pull request judge files, whoever wrote them",
    ),
    Way(
        "settings",
        ("call", "stop"),
        "take the hook out of the host's settings, or switch hooks off in local or user settings",
        "say that agents must not change the settings (``Only agents of class `C` MAY change "
        "`.claude/` ``), and have them owned in CODEOWNERS",
    ),
    Way(
        "shell",
        ("call",),
        "write through a program whose text does not say what it writes (a script, `make`, "
        "`python -c`)",
        "what has changed is settled after the call and when the agent stops",
    ),
    Way(
        "time-limit",
        ("call", "stop"),
        "keep the hook busy beyond its host's time limit, which lets the call through",
        "the commit and the pull request",
    ),
    Way(
        "afterwards",
        ("stop",),
        "leave a program behind that writes after the agent has stopped, or be interrupted",
        "the commit and the pull request",
    ),
    Way(
        "record",
        ("call", "stop", "commit", "pull-request"),
        "delete or replace the record of tool calls, which lies where the agent may write",
        "a gap in the record is seen, and what it would have shown is *not evaluated*, never kept",
    ),
    Way(
        "class",
        ("call", "stop", "commit", "pull-request"),
        "be of no class: a sentence about agents of a class does not bind one that nobody names",
        "name the class as `class` under `[hook]`, and with `--agent` in CI; ``Only agents of "
        "class `C` MAY …`` keeps out who is not named",
    ),
    Way(
        "no-verify",
        ("commit",),
        "`git commit --no-verify`, `SKIP=bylaw-check`, another `core.hooksPath`, a clone in which "
        "nobody has run `pre-commit install`",
        "the pull request",
    ),
    Way(
        "rules",
        ("call", "stop", "commit"),
        "change the decisions, the configuration or the baseline first",
        "a pull request is judged by the rules of its base as well",
    ),
    Way(
        "workflow",
        ("pull-request", "main"),
        "change the CI file itself: on GitHub, a pull request runs its own",
        "a ruleset that requires the check and a review by the owners of the CI files and of the "
        "decisions; see `bylaw doctor`",
    ),
    Way(
        "direct-push",
        ("pull-request",),
        "push to the main branch without a pull request",
        "a ruleset that forbids it; the check of the main branch tells it afterwards",
    ),
)


def ways_round(traits: Traits) -> tuple[Way, ...]:
    """Return the ways round the checkpoints at which a constraint is judged."""
    covers = covers_of(traits)
    met = {name for name, cover in covers.items() if cover.level != "never"}
    some = {
        "record": any(cover.why == RECORD for cover in covers.values()),
        "class": traits.classed,
    }
    return tuple(way for way in WAYS if met & set(way.past) and some.get(way.id, True))


def authority(traits: Traits) -> Checkpoint | None:
    """Return the last checkpoint that an agent cannot get round by itself, where there is one."""
    covers = covers_of(traits)
    if covers["pull-request"].level != "never" and covers["pull-request"].why != RECORD:
        return "pull-request"
    return None
