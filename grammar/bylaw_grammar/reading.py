"""The beginning of a sentence as the grammar reads it, and what may follow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from lark import Token
from lark.exceptions import UnexpectedInput

from bylaw_grammar import parser
from bylaw_grammar.shapes import SHAPES, Shape
from bylaw_grammar.stop import accepted, subject_read

LISTED = frozenset({"CODE", "CODE_IN", "STYLE", "IMPORT_STYLE"})
JOINS = frozenset({"COMMA", "OR", "AND"})
TAILS = frozenset(
    {
        "EXCEPT",
        "EXCEPT_IN",
        "EXCEPT_UNDER",
        "FOR_NEW_CODE",
        "FROM",
        "UNTIL",
        "ALTERNATIVE",
        "DESPITE",
        "BECAUSE",
        "END",
        "COLON",
        "$END",
    }
)
"""What may stand behind a whole predicate."""


@dataclass(frozen=True)
class Reading:
    """What the grammar has read, and the terminals that it would take next."""

    tokens: Sequence[Token]
    expected: frozenset[str]
    subject: str | None

    @cached_property
    def types(self) -> list[str]:
        """The terminals read."""
        return [token.type for token in self.tokens]

    @cached_property
    def modal(self) -> int | None:
        """The index of the modal."""
        return self.types.index("MODAL") if "MODAL" in self.types else None

    @cached_property
    def sign(self) -> str | None:
        """The modal's sign in the table of shapes; `M` for a permission, None without a modal."""
        if self.modal is None:
            return None
        if "ONLY" in self.types[: self.modal]:
            return "O"
        following = self.types[self.modal + 1 : self.modal + 2]
        if following == ["NOT"]:
            return "-"
        if following == ["ONLY"]:
            return "o"
        return "M" if self.tokens[self.modal] == "MAY" else "+"

    @cached_property
    def predicate(self) -> list[str]:
        """The terminals behind the modal."""
        if self.modal is None:
            return []
        return self.types[self.modal + (2 if self.sign in {"-", "o"} else 1) :]

    @property
    def keyword(self) -> str:
        """The last terminal that is no part of a list: what says of which sort an operand is."""
        for kind in reversed(self.types):
            if kind not in LISTED | JOINS:
                return kind
            if kind == "CODE_IN":
                return kind
        return ""

    @property
    def operands(self) -> list[str]:
        """The code spans of the list that the sentence ends in."""
        found: list[str] = []
        for token in reversed(self.tokens):
            if token.type not in LISTED | JOINS:
                break
            if token.type == "CODE":
                found.append(token[1:-1])
        return found[::-1]

    def shapes(self) -> list[tuple[str, Shape]]:
        """Return the shapes that the sentence may still become."""
        return [(name, shape) for name, shape in SHAPES.items() if _suits(shape, self)]

    def whole(self) -> str | None:
        """Return the shape whose predicate has been read, where it could end here."""
        for name, _ in self.shapes():
            if any("END" in (_next(rule, self.predicate) or ()) for rule in predicates()[name]):
                return name
        return None

    def following(self) -> frozenset[str]:
        """Return the terminals that may follow in a shape that suits the subject and the modal."""
        if self.modal is None:
            return self.expected
        found: set[str] = set()
        for name, _ in self.shapes():
            for rule in predicates()[name]:
                found |= _next(rule, self.predicate) or set()
        return self.expected & found


def _suits(shape: Shape, reading: Reading) -> bool:
    signs = shape.subjects.get(reading.subject or "")
    return signs is not None and (reading.sign in {"M", None} or str(reading.sign) in signs)


def read(text: str, start: str) -> Reading | None:
    """Read the beginning of a sentence; None where the grammar stops before its end."""
    running = parser().parse_interactive(text, start=start)
    tokens: list[Token] = []
    try:
        tokens.extend(running.iter_parse())
    except UnexpectedInput:
        return None
    expected = accepted(running)
    if "MODAL" in expected and not any(token.type == "MODAL" for token in tokens):
        # What stands before the modal is a subject only once the modal is there.
        ahead = running.copy()  # type: ignore[no-untyped-call]
        ahead.feed_token(Token("MODAL", "MUST"))
        return Reading(tokens, expected, subject_read(ahead))
    return Reading(tokens, expected, subject_read(running))


@cache
def predicates() -> dict[str, list[list[str]]]:
    """Return the rules of each predicate, as terminals and names of lists."""
    found: dict[str, list[list[str]]] = {name: [] for name in SHAPES}
    for rule in parser().rules:
        if rule.alias in found and rule.origin.name == "predicate":
            found[rule.alias].append([symbol.name for symbol in rule.expansion])
    return {name: sorted(rules) for name, rules in found.items()}


@cache
def subjects() -> dict[str, list[list[str]]]:
    """Return the rules of each subject, in the same form."""
    found: dict[str, list[list[str]]] = {}
    for rule in parser().rules:
        if rule.origin.name == "subject":
            name = str(rule.alias)
            found.setdefault(name, []).append([symbol.name for symbol in rule.expansion])
    return {name: sorted(rules) for name, rules in sorted(found.items())}


def _next(rule: Sequence[str], read_so_far: Sequence[str]) -> set[str] | None:
    """Return what may follow in one rule of a predicate; None where it is another predicate."""
    at = 0
    found: set[str] = set()
    for symbol in rule:
        if symbol.isupper():
            if at == len(read_so_far):
                return found | {symbol}
            if read_so_far[at] != symbol:
                return None
            at += 1
            continue
        members = _MEMBERS.get(symbol, frozenset({"CODE"}))
        begin = at
        while at < len(read_so_far) and read_so_far[at] in members | JOINS:
            at += 1
        if at == begin or read_so_far[at - 1] in JOINS | {"CODE_IN"}:
            return found | members if at == len(read_so_far) else None
        if at == len(read_so_far):
            found |= JOINS
    if at == len(read_so_far):
        return found | TAILS
    # What follows the predicate is said by the grammar alone.
    return None if read_so_far[at] not in TAILS else {*TAILS, *LISTED, *JOINS, *_IN_TAILS}


_MEMBERS = {
    "styles": frozenset({"IMPORT_STYLE"}),
    "names": frozenset({"CODE", "STYLE"}),
    "operands": frozenset({"CODE", "CODE_IN"}),
}
"""What the lists of the grammar hold, where it is not only code spans."""

_IN_TAILS = frozenset({"TESTS", "EXTRA", "GROUP", "DATE", "BRACKET", "TEXT"})


def phrases(rules: dict[str, list[list[str]]]) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield name, words of fixed text, and what follows them, of each rule."""
    for name, some in rules.items():
        for rule in some:
            words = 0
            while words < len(rule) and rule[words].isupper() and rule[words] not in _VARIED:
                words += 1
            yield name, tuple(rule[:words]), rule[words] if words < len(rule) else ""


_VARIED = frozenset({"CODE", "NUMBER", "LANGUAGE"})
