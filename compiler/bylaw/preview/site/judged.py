"""What a check of the whole tree says today, by constraint, for all pages at once."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bylaw.check.request import Request
from bylaw.check.run import CheckRun, check_repository
from bylaw.check.verdict import Judgement
from bylaw.config import Config
from bylaw.frontend import Progress
from bylaw.preview.impact.look import with_open


@dataclass(frozen=True)
class Judged:
    """The judgements of a check by full id, and the check itself."""

    run: CheckRun
    judgements: dict[str, Judgement]


def judge(
    root: Path, config: Config, as_of: date, aside: str | None, progress: Progress | None
) -> Judged:
    """Judge the working tree by the decisions in force on a day; no command is run.

    What only a change could have broken has no verdict: a site is not about one.
    """
    run = check_repository(root, config, Request(as_of=as_of, aside=aside), progress)
    return Judged(run, {e.scoped.full_id: with_open(e) for e in run.verdicts.judgements})
