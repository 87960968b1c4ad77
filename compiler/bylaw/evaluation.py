"""What `bylaw check` needs to have a verdict on a constraint, if it can have one."""

from bylaw.ir import AgentLimit, Constraint

# What a change shows by itself; the other limits are of a task that somebody has recorded.
_OF_A_CHANGE = frozenset({"files", "lines"})

_RECORDED = "with `--record`"

_NEEDS = {
    "semgrep": "with Semgrep",
    "command-pass": "with `--run`",
    "approve": "with `--approvals`",
    "agent-change": "with `--agent`",
    "agent-limit": "with `--agent`",
    "agent-run": _RECORDED,
    "agent-read": _RECORDED,
    "agent-autonomy": _RECORDED,
    "change-with": "against a base",
}


def needed(constraint: Constraint) -> str:
    """Return what `bylaw check` has to be given to judge a constraint: empty where nothing."""
    if isinstance(constraint, AgentLimit) and constraint.unit not in _OF_A_CHANGE:
        return _RECORDED
    if constraint.for_new_code:
        return "against a base"
    return _NEEDS.get(constraint.shape, "")
