"""Whether a regular expression is exponentially ambiguous, decided on its position automaton.

A backtracking engine tries every way to match. Their number grows exponentially with the text
exactly where some state can be left and reached again by two different ways that read the same
text. Two ways between the same states, as through the nested loops of `(a+)+`, are two edges.
"""

import re

from bylaw.passes.compare.positions import Builder, TooLargeError, alphabet_of, parse

_MAX_LENGTH = 2000
_MAX_STEPS = 200_000


def explodes(expression: str, *, searched: bool = False) -> bool:
    """Tell whether matching can take exponential time; False where that is not known.

    `searched` expressions need not match to the end of a text, so that a repetition at their own
    end never fails and never goes back.
    """
    if len(expression) > _MAX_LENGTH:
        return False
    try:
        tree = parse(expression)
        builder = Builder(alphabet_of(tree))
        whole = builder.sequence(list(tree))
        return _is_ambiguous(builder, frozenset(whole.last) if searched else frozenset())
    except (re.error, OverflowError, RecursionError, TooLargeError):
        # What Python cannot read (`\pL`, `[[:alpha:]]`) only RE2 engines run anyway.
        return False


# --- ambiguity ---------------------------------------------------------------------------------


def _is_ambiguous(builder: Builder, harmless: frozenset[int]) -> bool:
    after: dict[int, list[int]] = {}
    for source, target in builder.edges:
        after.setdefault(source, []).append(target)
    for component in _components(len(builder.sets), after):
        # Where the whole may end, a searching engine stops at its first way.
        if component & harmless:
            continue
        inside = {s: [t for t in after.get(s, ()) if t in component] for s in component}
        if not any(inside.values()):
            continue
        if any(builder.edges[s, t] > 1 for s in component for t in inside[s]):
            return True
        if _two_ways(builder.sets, inside):
            return True
    return False


def _two_ways(sets: list[int], inside: dict[int, list[int]]) -> bool:
    """Tell whether two different ways through a component read one text and meet again."""
    forward: dict[tuple[int, int], set[tuple[int, int]]] = {}
    frontier = [(state, state) for state in inside]
    seen = set(frontier)
    steps = 0
    while frontier:
        pair = frontier.pop()
        for one in inside[pair[0]]:
            for other in inside[pair[1]]:
                steps += 1
                if sets[one] & sets[other]:
                    following = (one, other)
                    forward.setdefault(following, set()).add(pair)
                    if following not in seen:
                        seen.add(following)
                        frontier.append(following)
        if steps > _MAX_STEPS:
            raise TooLargeError
    # Backwards from where both ways are in one state: what is reached has met itself again.
    back = [(state, state) for state in inside]
    met = set(back)
    while back:
        for previous in forward.get(back.pop(), ()):
            if previous not in met:
                met.add(previous)
                back.append(previous)
    return any(one != other for one, other in met & seen)


def _components(count: int, after: dict[int, list[int]]) -> list[frozenset[int]]:
    """Return the sets of states that can all reach each other (Kosaraju, without recursion)."""
    before: dict[int, list[int]] = {}
    for source, targets in after.items():
        for target in targets:
            before.setdefault(target, []).append(source)
    order: list[int] = []
    visited: set[int] = set()
    for start in range(count):
        stack = [(start, iter(after.get(start, ())))] if start not in visited else []
        visited.add(start)
        while stack:
            following = next((t for t in stack[-1][1] if t not in visited), None)
            if following is None:
                order.append(stack.pop()[0])
            else:
                visited.add(following)
                stack.append((following, iter(after.get(following, ()))))
    found: list[frozenset[int]] = []
    placed: set[int] = set()
    for start in reversed(order):
        if start in placed:
            continue
        component = {start}
        pending = [start]
        while pending:
            for source in before.get(pending.pop(), ()):
                if source not in placed and source not in component:
                    component.add(source)
                    pending.append(source)
        placed |= component
        found.append(frozenset(component))
    return found
