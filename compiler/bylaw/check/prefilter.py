"""Which constraints can find anything in a file, told from its bytes before it is parsed."""

import unicodedata
from collections.abc import Iterable, Mapping

from bylaw.check.judges import Words
from bylaw.globs import matcher

# In TypeScript, JavaScript and Java a name can be spelt with escapes.
_ESCAPING = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".java")
_ESCAPES = (b"\\u", b"\\x", b"\\U", b"\\N")


class Prefilter:
    """Looks for the words of all constraints at once.

    `words` are by the constraint's number; one without words concerns every file. What is told is
    never too little: a file that is left out for a constraint cannot violate it.
    """

    def __init__(self, words: Mapping[int, Words | None]) -> None:
        self._everywhere = frozenset(n for n, found in words.items() if found is None)
        self._all = frozenset(words)
        self._by_word: dict[bytes, list[int]] = {}
        self._always = [
            (number, matcher(found.always))
            for number, found in words.items()
            if found is not None and found.always
        ]
        for number, found in words.items():
            for word in found.any_of if found is not None else ():
                self._by_word.setdefault(word, []).append(number)
        self._vocabulary = sorted(self._by_word)
        self._automaton = None
        if self._vocabulary:
            from ahocorasick_rs import BytesAhoCorasick  # noqa: PLC0415 - only where there are words

            self._automaton = BytesAhoCorasick(self._vocabulary)

    def concerned(self, path: str, data: bytes) -> frozenset[int]:
        """Return the numbers of the constraints that may find something in a file."""
        if len(self._everywhere) == len(self._all):
            return self._all
        if _is_veiled(path, data):
            return self._all
        found = set(self._everywhere)
        found.update(self._named(data))
        if not data.isascii():
            # Python reads identifiers in their normal form; so must who looks for them.
            text = data.decode("utf-8", errors="replace")
            if not unicodedata.is_normalized("NFKC", text):
                found.update(self._named(unicodedata.normalize("NFKC", text).encode()))
        found.update(number for number, test in self._always if test(path))
        return frozenset(found)

    def _named(self, data: bytes) -> Iterable[int]:
        if self._automaton is None:
            return ()
        hits = self._automaton.find_matches_as_indexes(data, overlapping=True)
        names = {hit[0] for hit in hits}
        return (number for name in names for number in self._by_word[self._vocabulary[name]])


def _is_veiled(path: str, data: bytes) -> bool:
    """Tell whether a file may spell a name otherwise than with its letters."""
    if path.endswith(_ESCAPING):
        return any(escape in data for escape in _ESCAPES)
    return False
