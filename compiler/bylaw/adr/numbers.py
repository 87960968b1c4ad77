"""Identity and display number, from the path alone."""

import re
from functools import lru_cache

MARKDOWN_ENDINGS = (".md", ".markdown", ".mdown", ".mkd")
"""The endings of files that are compiled; a file without any may be Markdown as well."""

_DATE = re.compile(r"(?:\d{4}-\d{2}-\d{2}|\d{8}(?!\d))[-_ .]*")
_PLAIN = re.compile(r"(\d{1,6})(?=[-_. ]|$)")
_ADR = re.compile(r"(?:adr|rfc|decision|record)[-_ ]?(\d{1,6})(?=[-_. ]|$)", re.IGNORECASE)
# `ARCH-001-x`, `ODH-ADR-Operator-0007-x`: a family of its own within one folder.
_FAMILY = re.compile(r"([A-Z]{2,}(?:-[A-Za-z]{1,20}){0,3})-(\d{3,6})(?=[-_. ]|$)")
_UNFIT = re.compile(r"[\s\[\](){}<>]+")


def stem_of(path: str) -> str:
    """Return the name of a file without its ending; a `README` or `index` has its folder's."""
    folder, _, name = path.rpartition("/")
    stem = name
    for ending in (*MARKDOWN_ENDINGS, ".rst", ".adoc"):
        if name.lower().endswith(ending):
            stem = name[: -len(ending)]
            break
    if stem.lower() in {"readme", "index"} and folder:
        return folder.rpartition("/")[2]
    return stem


def decision_id(path: str) -> str:
    """Return the decision's id: its stem, with `-` for white space and brackets."""
    return _UNFIT.sub("-", stem_of(path)).strip("-") or "adr"


@lru_cache(maxsize=32768)
def number_of(stem: str) -> tuple[str, int | None]:
    """Return the family (lower case, empty for plain numbers and `adr`) and number of a stem."""
    match = _DATE.match(stem)
    if match is not None:
        # After a date only a padded number is one: `2022-03-17_015-x`, not `2022-03-17-3-tiers`.
        rest = _PLAIN.match(stem, match.end())
        padded = rest is not None and (rest[1].startswith("0") or len(rest[1]) >= 3)
        return "", int(rest[1]) if rest is not None and padded else None
    match = _PLAIN.match(stem) or _ADR.match(stem)
    if match is not None:
        return "", int(match[1])
    match = _FAMILY.match(stem)
    if match is not None:
        return match[1].lower(), int(match[2])
    return "", None
