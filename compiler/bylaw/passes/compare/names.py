"""Names as regular languages: whether a name can satisfy two demands at once."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from bylaw.globs.dialect import expand_braces, segment_regex
from bylaw.ir import Name

_STYLES = {
    "snake_case": "[a-z][a-z0-9]*(_[a-z0-9]+)*",
    "PascalCase": "[A-Z][A-Za-z0-9]*",
    "camelCase": "[a-z][A-Za-z0-9]*",
    "kebab-case": "[a-z][a-z0-9]*(-[a-z0-9]+)*",
    "UPPER_CASE": "[A-Z][A-Z0-9]*(_[A-Z0-9]+)*",
}

# An automaton is built for no larger expression: its size can grow exponentially.
_MAX_LENGTH = 200
_MAX_COUNT = 32
_COUNT = re.compile(r"\{(\d*)(?:,(\d*))?\}")


def disjoint(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether no text fully matches an expression of each; False where that is not proven."""
    first, second = _union(tuple(one)), _union(tuple(other))
    return first is not None and second is not None and bool((first & second).empty())


def included(inner: Sequence[str], outer: Sequence[str]) -> bool:
    """Tell whether what fully matches one of `inner` does one of `outer`; False if not proven."""
    if set(inner) <= set(outer):
        return True
    first, second = _union(tuple(inner)), _union(tuple(outer))
    return first is not None and second is not None and bool((first - second).empty())


def expression(name: Name) -> str:
    """Return the regular expression that a name must fully match."""
    if name.form == "regex":
        return name.text
    if name.form == "style":
        style = _STYLES.get(name.text)
        # A style judges what stands before the first dot, without underscores at its ends.
        return f"_*({style})_*(\\.[^/]*)?" if style else re.escape(name.text)
    return "|".join(f"({segment_regex(text)})" for text in expand_braces(name.text))


@lru_cache(maxsize=256)
def _union(expressions: tuple[str, ...]) -> Any:
    machines = [_machine(expression) for expression in expressions]
    if not machines or any(machine is None for machine in machines):
        return None
    union = machines[0]
    for machine in machines[1:]:
        union = union | machine
    return union


@lru_cache(maxsize=1024)
def _machine(expression: str) -> Any:
    counts = [int(n) for pair in _COUNT.findall(expression) for n in pair if n]
    if len(expression) > _MAX_LENGTH or max(counts, default=0) > _MAX_COUNT:
        return None
    # Anchors and word boundaries are no part of what the library understands exactly.
    if re.search(r"\\[bBAzZpPQ]|[\^$](?![^\[]*\])|\(\?(?!:)", expression):
        return None
    import interegular  # noqa: PLC0415 - slow to import, and few programs compare expressions

    try:
        return interegular.parse_pattern(expression).to_fsm()
    except Exception:
        return None
