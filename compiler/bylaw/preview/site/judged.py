"""What a check of the whole tree says today, by constraint, for all pages at once."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bylaw.check.request import Request
from bylaw.check.run import CheckRun, check_repository
from bylaw.check.verdict import Judgement
from bylaw.config import Config
from bylaw.frontend import Progress


@dataclass(frozen=True)
class Judged:
    """The judgements of a check by full id, and the check itself."""

    run: CheckRun
    judgements: dict[str, Judgement]


def judge(
    root: Path, config: Config, as_of: date, aside: str | None, progress: Progress | None
) -> Judged:
    """Judge the working tree by the decisions in force on a day; no command is run."""
    run = check_repository(root, config, Request(as_of=as_of, aside=aside), progress)
    return Judged(run, {each.scoped.full_id: each for each in run.verdicts.judgements})
