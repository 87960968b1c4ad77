"""Which constraints can find anything in a file, told from its bytes before it is parsed."""

import re
import unicodedata
from collections.abc import Mapping

from bylaw.check.judges import Words
from bylaw.facts.python_text import as_utf8, may_name_encoding
from bylaw.globs import matcher

# In TypeScript, JavaScript and Java a name can be spelt with escapes.
_ESCAPING = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".java", ".go")
_ESCAPE = re.compile(
    rb"\\(?:u+\{0*([0-9A-Fa-f]{1,6})\}|u+([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})"
    rb"|([0-7]{1,3})|(\r?\n)|([nrtbfv])|(.))"
)

_PYTHON = (".py", ".pyi")
_DYNAMIC = re.compile(rb"\b(?:import_module|__import__)\b")
# What follows where it is called with one plain literal or with something that is none, or where
# it is only named: imported under its own name, read on, closed.
_PLAINLY = re.compile(
    rb"""[ \t]*(?:\(\s*(?:"[\w.]+"\s*[,)]|'[\w.]+'\s*[,)]|[A-Za-z_]\w*\s*[^\s\w"'])"""
    rb"""|[,)\]:.\n\r#]|$)"""
)

_IN_NAMES = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
"""What goes on a name; other characters may, and are taken for its end all the same."""

Numbers = frozenset[int]


class Prefilter:
    """Looks for the words of all constraints at once.

    `words` are by the constraint's number; one without words concerns every file. What is told is
    never too little: a file that is left out for a constraint cannot violate it.
    """

    def __init__(self, words: Mapping[int, Words | None]) -> None:
        self._everywhere = frozenset(n for n, found in words.items() if found is None)
        self._all = frozenset(words)
        self._always = [
            (number, matcher(found.always))
            for number, found in words.items()
            if found is not None and found.always
        ]
        whole: dict[bytes, set[int]] = {}
        part: dict[bytes, set[int]] = {}
        for number, found in words.items():
            for word in found.any_of if found is not None else ():
                (whole if found and found.whole else part).setdefault(word, set()).add(number)
            for word in found.beside if found is not None else ():
                whole.setdefault(word, set())
        self._finer = {n: found for n, found in words.items() if found is not None}
        self._imported = frozenset(n for n, found in self._finer.items() if found.imported)
        vocabulary = sorted({*whole, *part})
        self._vocabulary = vocabulary
        self._whole = [frozenset(whole.get(word, ())) for word in vocabulary]
        self._part = [frozenset(part.get(word, ())) for word in vocabulary]
        self._automaton = None
        if vocabulary:
            from ahocorasick_rs import BytesAhoCorasick  # noqa: PLC0415 - only where there are words

            self._automaton = BytesAhoCorasick(vocabulary)

    def concerned(self, path: str, data: bytes) -> Numbers:
        """Return the numbers of the constraints that may find something in a file."""
        if len(self._everywhere) == len(self._all):
            return self._all
        if path.endswith(_PYTHON) and may_name_encoding(data):
            # What the bytes are to Python need not be what they look like.
            data, fault = as_utf8(data)
            if fault is not None:
                return self._all
        found: set[int] = set()
        names = self._search(data, found)
        if path.endswith(_PYTHON) and data.isascii():
            found = {number for number in found if self._confirms(number, names, data)}
        found |= self._everywhere
        if path.endswith(_PYTHON) and self._imported and _puts_names_together(data):
            found |= self._imported
        if path.endswith(_ESCAPING) and b"\\" in data:
            self._search(_ESCAPE.sub(_unescaped, data), found)
        if path.endswith(_PYTHON) and not data.isascii():
            # Python reads identifiers in their normal form; so must who looks for them.
            text = data.decode("utf-8", errors="replace")
            if not unicodedata.is_normalized("NFKC", text):
                self._search(unicodedata.normalize("NFKC", text).encode(), found)
        found.update(number for number, test in self._always if test(path))
        return frozenset(found)

    def _confirms(self, number: int, names: set[bytes], data: bytes) -> bool:
        words = self._finer[number]
        if words.beside and names.isdisjoint(words.beside):
            return False
        return words.confirm is None or words.confirm.search(data) is not None

    def _search(self, data: bytes, found: set[int]) -> set[bytes]:
        """Add the constraints whose words stand in the data, and return the whole words."""
        names: set[bytes] = set()
        if self._automaton is None:
            return names
        seen: set[int] = set()
        for word, start, end in self._automaton.find_matches_as_indexes(data, overlapping=True):
            if word in seen:
                continue
            found |= self._part[word]
            if (not start or data[start - 1] not in _IN_NAMES) and (
                end == len(data) or data[end] not in _IN_NAMES
            ):
                found |= self._whole[word]
                names.add(self._vocabulary[word])
                seen.add(word)
        return names


def _puts_names_together(data: bytes) -> bool:
    """Tell whether a Python file may import what no single literal of it names."""
    if b"import_module" not in data and b"__import__" not in data:
        return False
    return any(not _PLAINLY.match(data, found.end()) for found in _DYNAMIC.finditer(data))


def _unescaped(match: re.Match[bytes]) -> bytes:
    spelt = match[1] or match[2] or match[3] or match[4]
    try:
        if spelt or match[5]:
            return chr(int(spelt, 16) if spelt else int(match[5], 8)).encode("utf-8", "replace")
    except (ValueError, OverflowError):
        return match[0]
    # A line that goes on, a character that is no part of a name, or any other by itself.
    return b"" if match[6] else b" " if match[7] else bytes(match[8] or b"")
