"""The words that may follow in a sentence, as texts to complete."""

from collections.abc import Iterator
from dataclasses import dataclass

from bylaw.editing.model import Kind
from bylaw.lower.subjects import WITHOUT_FILES
from bylaw.lower.tails import EXCEPT_OPERANDS
from bylaw_grammar.reading import JOINS, Reading, phrases, predicates, subjects
from bylaw_grammar.shapes import MODALS, SHAPES, SUBJECTS, Shape
from bylaw_grammar.spelling import spellings

_ONCE = frozenset(
    {"FOR_NEW_CODE", "FROM", "UNTIL", "ALTERNATIVE", "DESPITE", "TICKET", "APPROVED_BY"}
)
_PERMITS = frozenset({"FROM", "UNTIL", "DESPITE", "BECAUSE"})
"""What a permission takes."""
_BARE = frozenset({"OR", "AND", "FOR_NEW_CODE", "FROM", "UNTIL"})
"""Words that are written without the comma that they may take."""
_WITHOUT_NEW_CODE = frozenset({"run", "approve", "agent"})

_ALTERNATIVE = "; use "
_INSTEAD = "; use … instead"

_ORDER = (
    "$END",
    "IN",
    "MATCHING",
    "CHANGES",
    "COMMA",
    "TESTS",
    "EXCEPT_IN",
    "EXCEPT",
    "EXCEPT_UNDER",
    "FOR_NEW_CODE",
    "ALTERNATIVE",
    "BECAUSE",
)
"""What comes first; the rest follows by name."""
_WAIVER = ("UNTIL", "APPROVED_BY", "BECAUSE", "TICKET", "$END")
_PERMISSION = ("$END", "DESPITE")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words to complete; `label` is what they are shown as."""

    text: str
    label: str
    kind: Kind
    detail: str = ""
    snippet: str | None = None


def openings(*, only: bool) -> Iterator[Phrase]:
    """Yield the subjects, as the beginnings of a sentence; `only` says what stands before them."""
    rules = subjects()
    order = [name for name in SUBJECTS if name in rules]
    order.insert(order.index("entity") + 1, "entities")
    for name in order:
        known = "entity" if name == "entities" else name
        if only and not any("O" in shape.subjects.get(known, "") for shape in SHAPES.values()):
            continue
        seen = set()
        # A language before the noun, and a second scope, are completed where they stand.
        for _, words, following in phrases({name: rules[name]}):
            for text in _spelt(words):
                # `Only` without a scope would forbid nothing.
                if text in seen or not words or (only and not following):
                    continue
                seen.add(text)
                said = text if only else text[0].upper() + text[1:]
                form = SUBJECTS[known].replace("`", "")
                yield Phrase(f"{said} ", said + (" …" if following else ""), "subject", form)


def _spelt(words: tuple[str, ...]) -> Iterator[str]:
    """Yield each spelling of some terminals in a row."""
    if not words:
        yield ""
        return
    texts = spellings()[words[-1]]
    # Of synonyms the first is the normal form, and a comma belongs to a tail.
    chosen = texts[:1] if words[-1] in {"INHERITING", "INHERIT"} else texts
    for head in _spelt(words[:-1]):
        for text in chosen:
            yield f"{head} {text.removeprefix(', ')}".strip()


def modals(reading: Reading) -> Iterator[Phrase]:
    """Yield the modals that any predicate of the subject takes, in the order of the table."""
    signs = "".join(shape.subjects[reading.subject or ""] for _, shape in reading.shapes())
    if "ONLY" in reading.types:
        if "O" in signs:
            yield Phrase("MAY ", "MAY", "modal", "an error where anything else does")
            yield Phrase("SHOULD ", "SHOULD", "modal", "a warning where anything else does")
        return
    found = [MODALS[sign][1] for sign in dict.fromkeys(signs) if sign != "O"]
    for text in found:
        yield Phrase(f"{text} ", text, "modal", "an error where it is violated")
    for text in found:
        weak = text.replace("MUST", "SHOULD")
        yield Phrase(f"{weak} ", weak, "modal", "a warning where it is violated")
    if signs:
        yield Phrase("MAY ", "MAY", "modal", "a permission, which ends with `despite [id]`")


def continued_modals(reading: Reading) -> Iterator[Phrase]:
    """Yield what may still follow the modal's first word."""
    signs = "".join(s.subjects.get(reading.subject or "", "") for s in SHAPES.values())
    if "NOT" in reading.expected and "-" in signs:
        yield Phrase("NOT ", "NOT", "modal")
    if "ONLY" in reading.expected and "o" in signs:
        yield Phrase("only ", "only", "modal")


def predicate_phrases(reading: Reading) -> Iterator[Phrase]:
    """Yield the beginnings of the predicates that suit the subject and the modal."""
    rules = predicates()
    seen = set()
    for name, shape in reading.shapes():
        for _, words, following in phrases({name: rules[name]}):
            for text in _spelt(words):
                # Without its colon or an operand, `match` is no predicate.
                if text and text not in seen and (following or text != "match"):
                    seen.add(text)
                    yield _predicate(text, following, shape)


def _predicate(text: str, following: str, shape: Shape) -> Phrase:
    if text == "match:":
        fence = "match:\n\n  ```semgrep\n  execute($X)\n  ```"
        return Phrase(fence, "match: …", "predicate", "a Semgrep pattern", fence_snippet(fence))
    label = f"{text} …" if following else text
    return Phrase(f"{text} ", label, "predicate", shape.form.replace("`", ""))


def fence_snippet(text: str) -> str:
    """Return a text with a pattern as a snippet, the pattern to be chosen."""
    return text.replace("execute($X)", "${1:execute(\\$X)}")


def words_after(reading: Reading) -> list[Phrase]:
    """Return the words and tails that may follow, but for operands, likeliest first."""
    following = reading.following()
    allowed = [name for name in following if _allowed(name, reading)]
    waives = "WAIVER_FOR" in reading.types
    first = _WAIVER if waives else _PERMISSION if reading.sign == "M" else _ORDER
    order = {name: rank for rank, name in enumerate(first)} | dict.fromkeys(JOINS, 99)
    order["COMMA"] = 0
    found: list[Phrase] = []
    for name in sorted(allowed, key=lambda name: (order.get(name, 50), name)):
        found += _phrases_of(name, reading)
    return found


def _phrases_of(name: str, reading: Reading) -> Iterator[Phrase]:
    if name == "$END":
        if "END" in reading.expected:
            yield Phrase(".", ".", "tail", "the end of the sentence")
    elif name == "BECAUSE":
        yield Phrase(", because ", ", because …", "tail", "the reason", ", because ${1:…}")
    elif name == "ALTERNATIVE":
        snippet = "; use `${1:…}` instead"
        yield Phrase(_ALTERNATIVE, _INSTEAD, "tail", "what to use in its place", snippet)
    elif name == "COMMA":
        yield Phrase(", ", ", …", "word")
    elif name == "COLON":
        yield Phrase(": " if "WAIVER_FOR" in reading.types else ":", ":", "word")
    else:
        kind: Kind = "tail" if name in _TAILS else "word"
        for text in spellings().get(name, ()):
            bare = text.removeprefix(", ") if name in _BARE else text
            if name == "APPROVED_BY" and reading.predicate:
                bare = bare.removeprefix(", ")
            yield Phrase(f"{bare} ", f"{bare} …" if kind == "tail" else bare, kind)


_TAILS = frozenset({"EXCEPT_IN", "EXCEPT", "EXCEPT_UNDER", "FROM", "UNTIL", "DESPITE", "TICKET"})


def _allowed(name: str, reading: Reading) -> bool:
    """Tell whether a terminal that the grammar would take makes sense where it stands."""
    if name == "COMMA":
        return "FOR_EACH" in reading.types and name not in reading.types
    if name in _ELSEWHERE:
        return False
    if name in _ONCE and name in reading.types:
        return False
    if reading.modal is None:
        return name not in {"COLON", "AND", "$END"} or "WAIVER_FOR" in reading.types
    if reading.sign == "M":
        if name == "$END":
            return "DESPITE" in reading.types
        if name in _PERMITS or name not in _OPTIONAL:
            return name != "AND"
        return False
    return _allowed_tail(name, reading)


_ELSEWHERE = frozenset(
    {"CODE", "MODAL", "BRACKET", "NUMBER", "DATE", "TEXT", "END", "NOTE", "GUIDANCE", "WAIVER_FOR"}
)
"""What is completed as something else than a word."""
_OPTIONAL = frozenset({"EXCEPT", "EXCEPT_IN", "EXCEPT_UNDER", "FOR_NEW_CODE", "ALTERNATIVE"})


def _allowed_tail(name: str, reading: Reading) -> bool:
    predicate = reading.whole() or ""
    kind = SHAPES[predicate].kind if predicate else ""
    if name == "AND":
        # After `NOT` and in `Only …` a list says none of these, and of `or` only one is meant.
        return reading.sign == "+" and "OR" not in reading.predicate
    if name == "OR":
        return "AND" not in reading.predicate
    if name == "DESPITE" or (name == "COLON" and predicate != "match_fence"):
        return False
    if name in {"EXCEPT_IN", "TESTS"}:
        return reading.subject not in WITHOUT_FILES
    if name in {"EXTRA", "GROUP"}:
        return kind == "depend"
    if name == "EXCEPT":
        return predicate in EXCEPT_OPERANDS
    if name == "EXCEPT_UNDER":
        return kind == "import"
    if name == "FOR_NEW_CODE":
        return not (
            kind in _WITHOUT_NEW_CODE or predicate == "change_too" or reading.subject == "commits"
        )
    return True
