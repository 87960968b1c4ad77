"""Whether two constraints contradict each other, and on what."""

from bylaw.passes.compare.claim import Claim
from bylaw.passes.compare.files import FILE_RULES
from bylaw.passes.compare.general import GENERAL_RULES, Clash
from bylaw.passes.compare.keys import KEY_RULES
from bylaw.passes.compare.special import SPECIAL_RULES

RULES = (*GENERAL_RULES, *SPECIAL_RULES, *KEY_RULES, *FILE_RULES)
"""All rules; the first that finds something names the conflict."""


def clash(one: Claim, other: Claim) -> Clash | None:
    """Return how two constraints contradict each other, or None; the order means nothing.

    No conflict is reported without a witness that both claim, and none that is not certain.
    """
    if one.constraint.modal == other.constraint.modal == "must-not":
        # Whoever does nothing keeps both.
        return None
    first, second = (one, other) if one.sort_key <= other.sort_key else (other, one)
    for rule in RULES:
        found = rule(first, second) or rule(second, first)
        if found is not None:
            return found
    return None
