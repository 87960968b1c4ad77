"""What is checked of decisions once they are lowered: one fault, one file, named for the fault."""

from collections.abc import Callable

from bylaw.diagnostics import Report
from bylaw.ir import Decision
from bylaw.passes.conflict import conflict
from bylaw.passes.constraints_without_status import constraints_without_status
from bylaw.passes.contradicting_layers import contradicting_layers
from bylaw.passes.dangling_relation import dangling_relation
from bylaw.passes.dates_out_of_order import dates_out_of_order
from bylaw.passes.duplicate_constraint import duplicate_constraint
from bylaw.passes.duplicate_decision import duplicate_decision
from bylaw.passes.duplicate_id import duplicate_id
from bylaw.passes.duplicate_number import duplicate_number
from bylaw.passes.ended_constraint import ended_constraint
from bylaw.passes.expired_waiver import expired_waiver
from bylaw.passes.exploding_regex import exploding_regex
from bylaw.passes.idle_reference import idle_reference
from bylaw.passes.missing_id import missing_id
from bylaw.passes.one_sided_supersession import one_sided_supersession
from bylaw.passes.permission_mismatch import permission_mismatch
from bylaw.passes.subsumed_constraint import subsumed_constraint
from bylaw.passes.successor_not_in_force import successor_not_in_force
from bylaw.passes.superseded_but_accepted import superseded_but_accepted
from bylaw.passes.supersession_cycle import supersession_cycle
from bylaw.passes.unknown_reference import unknown_reference
from bylaw.passes.waiver_cannot_apply import waiver_cannot_apply
from bylaw.program import Program

DecisionPass = Callable[[Decision, Report], None]
ProgramPass = Callable[[Program, Report], None]

DECISION_PASSES: tuple[DecisionPass, ...] = (
    duplicate_id,
    missing_id,
    dates_out_of_order,
    exploding_regex,
)
"""Passes that need one decision and nothing else: what they find is kept with it."""

PROGRAM_PASSES: tuple[ProgramPass, ...] = (
    duplicate_decision,
    duplicate_number,
    supersession_cycle,
    dangling_relation,
    superseded_but_accepted,
    successor_not_in_force,
    one_sided_supersession,
    constraints_without_status,
    unknown_reference,
    expired_waiver,
    idle_reference,
    waiver_cannot_apply,
    permission_mismatch,
    ended_constraint,
    conflict,
    contradicting_layers,
    duplicate_constraint,
    subsumed_constraint,
)
"""Passes that need all decisions, on one day."""
