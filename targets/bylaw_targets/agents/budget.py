"""How large a page is, in characters, bytes and tokens, and what of it fits.

Tokens are counted without a model, the same everywhere, and rather too many than too few: four
letters of a word are a token, and so are two digits, every other character that is printed, every
line, every run of spaces, and every byte of what is not ASCII. On English text and code that is
about 1.45 times what the tokenizers `o200k` and `cl100k` count.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

_PIECE = re.compile(r"[A-Za-z]+|[0-9]+|\s+|[^\sA-Za-z0-9]")


class Size(NamedTuple):
    """How large a text is."""

    characters: int = 0
    tokens: int = 0
    bytes: int = 0

    def plus(self, other: "Size") -> "Size":
        """Return the size of both."""
        return Size(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    def within(self, limit: "Size") -> bool:
        """Tell whether this is no larger in any measure; a limit of 0 is none."""
        pairs = zip(self, limit, strict=True)
        return all(mine <= most for mine, most in pairs if most)


@lru_cache(maxsize=1 << 15)
def measure(text: str) -> Size:
    """Return how large a text is."""
    return Size(len(text), tokens(text), len(text.encode("utf-8", "surrogatepass")))


def tokens(text: str) -> int:
    """Return how many tokens a text takes, at most, by this module's count."""
    count = 0
    for piece in _PIECE.findall(text):
        if piece.isspace():
            count += piece.count("\n") + (len(piece) > 1)
        elif piece[0].isascii():
            count += -(-len(piece) // (2 if piece[0].isdigit() else 4))
        else:
            count += len(piece.encode("utf-8", "surrogatepass"))
    return count


# --- what fits ---------------------------------------------------------------------------------

Rank = tuple[int, ...]
"""What decides which item goes first; smaller ranks stay longer."""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list in its forms, the fullest first; `must` says that it binds."""

    rank: Rank
    forms: tuple[str, ...]
    must: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, lines that have to stand, a list, and the command that shows what is left out."""

    title: str
    lead: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    command: str = ""


class TooLargeError(Exception):
    """A page that does not fit even where every list is left out: its size, and the limit."""

    def __init__(self, size: Size, limit: Size) -> None:
        super().__init__(size, limit)
        self.size = size
        self.limit = limit


def fit(sections: Sequence[Section], limit: Size) -> str:
    """Return the page, whole where it fits, or in shorter forms, or without what ranks last.

    Whatever is left out is counted where it would have stood, with the command that shows it.
    Raises TooLargeError where that alone is larger than the limit.
    """
    items = [item for section in sections for item in section.items]
    most = max((len(item.forms) for item in items), default=1)
    everything = frozenset(range(len(items)))
    # What says that something is missing is counted as if it were missing everywhere.
    least = measure(_page(sections, 0, frozenset()))
    if not least.within(limit):
        raise TooLargeError(least, limit)
    for form in range(most):
        whole = _kept(items, range(len(items)), form, least, limit)
        if len(whole) == len(items):
            return _page(sections, form, everything)
    ranked = sorted(everything, key=lambda number: items[number].rank)
    kept = _kept(items, ranked, most - 1, least, limit)
    return _page(sections, most - 1, frozenset(kept))


def _kept(
    items: Sequence[Item], order: Iterable[int], form: int, size: Size, limit: Size
) -> list[int]:
    """Return the first items, without a gap, that fit."""
    kept: list[int] = []
    for number in order:
        size = size.plus(measure(f"{_form(items[number], form)}\n"))
        if not size.within(limit):
            break
        kept.append(number)
    return kept


def _form(item: Item, form: int) -> str:
    return item.forms[min(form, len(item.forms) - 1)]


def _page(sections: Sequence[Section], form: int, kept: frozenset[int]) -> str:
    parts: list[str] = []
    number = 0
    for section in sections:
        shown: list[str] = []
        left_out = [0, 0]
        for item in section.items:
            if number in kept:
                shown.append(_form(item, form))
            else:
                left_out[item.must] += 1
            number += 1
        if sum(left_out):
            shown.append(_more(left_out, section.command))
        # A list goes on where the lead is one; below a paragraph it stands apart.
        is_list = bool(section.lead) and section.lead[-1].startswith("- ")
        gap = [""] if section.lead and shown and not is_list else []
        lines = [*section.lead, *gap, *shown]
        if lines:
            title = [f"{section.title}\n"] if section.title else []
            parts.append("\n".join([*title, *lines]) + "\n")
    return "\n".join(parts)


def _more(left_out: Sequence[int], command: str) -> str:
    others, binding = left_out
    must = f" ({binding} **MUST**)" if binding and others else " **MUST**" if binding else ""
    return f"- **{others + binding} more**{must}, run `{command}`"
