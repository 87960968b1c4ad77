"""The risk of a change, and whether as many have approved as the configuration asks for."""

from __future__ import annotations

from collections.abc import Sequence

from bylaw.check.change import Change
from bylaw.check.evidence import Approval, Evidence
from bylaw.check.judges.approvals import count_people, weigh_for, without_authors
from bylaw.check.rules import Rules
from bylaw.diagnostics import Code, Report, Severity
from bylaw.risk import TIERS, ChangeRisk, Risks, rules_of

TOO_FEW_APPROVALS = Code("BL532", "too-few-approvals", Severity.ERROR)
UNTOLD_APPROVALS = Code("BL533", "untold-approvals", Severity.NOTE)

_MOST_NAMED = 3


def judge_risk(
    sets: Sequence[Rules], change: Change, evidence: Evidence, report: Report
) -> ChangeRisk:
    """Return the risk of a change by all of these sets, and report where approvals are too few.

    The base's set may say more than the change's own, which could have lowered what it needs.
    """
    known = [Risks(rules.active, rules_of(rules.config.approvals)) for rules in sets]
    found = [risks.of_all(change.touched) for risks in known]
    top = max(found, key=lambda risk: TIERS.index(risk.tier))
    because = tuple(sorted({w for risk in found if risk.tier == top.tier for w in risk.because}))
    asked = [risks.required(top.tier) for risks in known if risks.rules.required]
    required = max(asked) if asked else None
    count = None
    if evidence.approvals is not None:
        weighed = weigh_for(change.touched, evidence.approvals, change)
        count = count_people(a for a in weighed.counted if not a.bot)
        is_open = evidence.approvals_open is not None or bool(weighed.open)
        if required and count < required and not is_open:
            _report_too_few(top.tier, because, required, count, report)
        elif required and count < required:
            count = None
    if required and count is None:
        report.add(
            UNTOLD_APPROVALS,
            f"the change is of {top.tier} risk and needs {_approvals(required)}, "
            "and nobody has told all of them",
            note=_because(because),
            help="hand in who has approved of the change: `--approvals`",
        )
    return ChangeRisk(top.tier, because, required, count)


def told_approvals(
    approvals: Sequence[Approval] | None, change: Change | None
) -> tuple[Approval, ...] | None:
    """Return approvals as reports tell them: one by an author of the change is void."""
    if approvals is None or change is None:
        return None if approvals is None else tuple(approvals)
    return tuple(without_authors(approvals, change))


def _report_too_few(
    tier: str, because: tuple[str, ...], required: int, count: int, report: Report
) -> None:
    report.add(
        TOO_FEW_APPROVALS,
        f"the change is of {tier} risk, and has {count} of {_approvals(required)}",
        note=_because(because),
        help="let somebody else approve of its newest commit",
    )


def _approvals(count: int) -> str:
    return f"{count} approval{'s' if count != 1 else ''}"


def _because(because: tuple[str, ...]) -> str:
    if not because:
        return "nothing says that it is of another risk"
    named = ", ".join(f"`{each}`" for each in because[:_MOST_NAMED])
    more = len(because) - _MOST_NAMED
    return f"by {named}{f' and {more} more' if more > 0 else ''}"
