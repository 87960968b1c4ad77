"""Rule ids: unique, in Semgrep's alphabet, and readable back into the ids they came from."""

import re
from functools import lru_cache

_OUTSIDE = re.compile(r"_(?=x)|[^A-Za-z0-9_-]")
_ESCAPE = re.compile(r"_x([0-9a-f]+)_")

ALPHABET = re.compile(r"[a-zA-Z0-9._-]+")
"""What Semgrep's schema allows in an id."""


@lru_cache(maxsize=65536)
def encode(name: str) -> str:
    """Write a decision's or a constraint's id without dots and other foreign characters.

    Each becomes `_x` and its code point in hexadecimal and `_`, so that `decode` can undo it and
    no two names become one.
    """
    return _OUTSIDE.sub(lambda match: f"_x{ord(match[0]):x}_", name)


def decode(name: str) -> str:
    """Undo `encode`."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), name)


def rule_id(decision: str, constraint: str, suffix: str) -> str:
    """Return `<decision>.<id>.<suffix>`; the parts hold no dots."""
    return f"{encode(decision)}.{encode(constraint)}.{suffix}"


def owner(rule: str) -> tuple[str, str]:
    """Return the decision and the constraint that a rule's id names."""
    decision, constraint, *_ = rule.split(".")
    return decode(decision), decode(constraint)
