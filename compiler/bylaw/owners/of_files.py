"""Who owns files, by the `CODEOWNERS` file that a forge would read."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from bylaw.owners.patterns import to_globs
from bylaw.tree import Tree

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""Where the file is looked for: GitHub's order, and without its first GitLab's."""

_WORD = re.compile(r"(?:\\.|[^\s\\])+")
_SECTION = re.compile(r"\^?\[[^\]]+\](?:\[\d+\])?(?:\s+(?P<owners>.*))?$")


@dataclass(frozen=True, slots=True)
class Owners:
    """The lines of a `CODEOWNERS` file: section, globs and owners of each, in their order.

    GitHub knows no sections, so all is in one there; of each section the last match counts.
    """

    path: str
    lines: tuple[tuple[int, tuple[str, ...], tuple[str, ...]], ...] = ()

    def of(self, paths: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """Return the owners of files; one that nobody owns has an empty tuple."""
        files = sorted(set(paths))
        tree = Tree(files)
        by_section: dict[int, dict[str, tuple[str, ...]]] = {}
        for section, globs, owners in self.lines:
            found = by_section.setdefault(section, {})
            for glob in globs:
                found.update(dict.fromkeys(tree.matching(glob), owners))
        known = [by_section[section] for section in sorted(by_section)]
        return {
            path: tuple(dict.fromkeys(owner for found in known for owner in found.get(path, ())))
            for path in files
        }


def read_owners(read: Callable[[str], bytes | None]) -> Owners | None:
    """Return what the file says that a forge would read; None where there is none."""
    for path in PLACES:
        data = read(path)
        if data is not None:
            return Owners(path, tuple(_lines(data.decode("utf-8", "replace"))))
    return None


def _lines(text: str) -> Iterator[tuple[int, tuple[str, ...], tuple[str, ...]]]:
    section, default = 0, ()  # type: tuple[int, tuple[str, ...]]
    for line in text.replace("\ufeff", "").splitlines():
        heading = _SECTION.match(line.strip())
        if heading is not None:
            section, default = section + 1, tuple(_words(heading["owners"] or ""))
            continue
        words = list(_words(line))
        globs = to_globs(words[0]) if words else None
        if globs:
            yield section, globs, tuple(words[1:]) or default


def _words(line: str) -> Iterator[str]:
    """Yield the words of a line up to its comment."""
    for word in _WORD.findall(line):
        if word.startswith("#"):
            return
        yield word
