"""Whether a name is as a constraint says: a glob, a style such as `snake_case`, or a regex."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from bylaw.globs import matcher
from bylaw.styles import STYLES

if TYPE_CHECKING:
    from bylaw.ir import Name


@lru_cache(maxsize=4096)
def name_test(form: str, text: str) -> Callable[[str], bool]:
    """Return what tells whether a whole name is of a form (`glob`, `style` or `regex`)."""
    if form == "style":
        style = re.compile(STYLES[text])

        def is_styled(name: str) -> bool:
            # A name of underscores alone has no stem, and every style allows it.
            stem = name.partition(".")[0].strip("_")
            return not stem or style.fullmatch(stem) is not None

        return is_styled
    if form == "regex":
        import re2  # noqa: PLC0415 - not every repository has a regex, and this is a C++ library

        full = re2.compile(text).fullmatch
        return lambda name: full(name) is not None
    return matcher((text,))


def is_named(name: Name, text: str) -> bool:
    """Tell whether a name is as one operand says."""
    return name_test(name.form, name.text)(text)
