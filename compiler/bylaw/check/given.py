"""What a run is handed besides the tree: how commands ended, and who has approved."""

from typing import NamedTuple


class CommandResult(NamedTuple):
    """How a command ended: its status, or None where it was stopped at the time limit."""

    status: int | None
    output: str
    seconds: float


class Approval(NamedTuple):
    """An approval of a change: by whom (`@dba`), the teams they are of, and what they saw.

    `commit` is the commit that was approved; None where it is the change's head. `also` are further
    names that they may be known by, `maybe` teams of which nobody says whether they are. `void`
    says, in words that follow a name's approval, why it does not count. A bot's counts where the
    sentence names the bot. `time` (ISO, UTC), `policy` (the policy version then) and `source` are
    told in reports.
    """

    by: str
    teams: tuple[str, ...] = ()
    commit: str | None = None
    also: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    void: str | None = None
    bot: bool = False
    time: str | None = None
    policy: str | None = None
    source: str | None = None
