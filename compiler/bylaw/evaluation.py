"""What `bylaw check` needs to have a verdict on a constraint, if it can have one."""

from bylaw.ir import AgentLimit, Constraint

# What a change shows by itself; the other limits are of a task that somebody has recorded.
_OF_A_CHANGE = frozenset({"files", "lines"})

_NEEDS = {
    "semgrep": "with Semgrep",
    "command-pass": "with `--run`",
    "approve": "with `--approvals`",
    "agent-change": "with `--agent`",
    "agent-limit": "with `--agent`",
    "change-with": "against a base",
}
_NEVER = frozenset({"agent-run", "agent-read", "agent-autonomy"})


def needed(constraint: Constraint) -> str | None:
    """Return what `bylaw check` has to be given: empty where nothing, None where nothing helps.

    No verdict is possible on what only a record of an agent's tool calls could show.
    """
    if constraint.shape in _NEVER:
        return None
    if isinstance(constraint, AgentLimit) and constraint.unit not in _OF_A_CHANGE:
        return None
    if constraint.for_new_code:
        return "against a base"
    return _NEEDS.get(constraint.shape, "")
