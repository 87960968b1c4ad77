"""Module names as regular expressions: what an import may name and what not."""

import re
from functools import lru_cache

_SPECIAL = re.compile(r"([\\.+*?()|\[\]{}^$])")


def escape(text: str) -> str:
    """Escape what is special in a regular expression, and nothing else."""
    return _SPECIAL.sub(r"\\\1", text)


@lru_cache(maxsize=16384)
def name_regex(name: str, separator: str) -> str:
    """Return a module name's regular expression: `*` is one segment, `**` any number."""
    if "*" not in name:
        return escape(name)
    one = f"[^{escape(separator)}\\s]+"
    out = ""
    for index, part in enumerate(name.split(separator)):
        glue = escape(separator) if index else ""
        if part != "**":
            out += glue + one.join(map(escape, part.split("*")))
        elif index:
            out += f"(?:{glue}{one})*"
        else:
            out += f"(?:{one}{escape(separator)})*"
    # A leading `**` brings its own separator.
    return out.replace(")*" + escape(separator), ")*", 1) if name.startswith("**") else out


def names_regex(names: tuple[str, ...], separator: str = ".") -> str:
    """Return one regular expression for all names, in a group where it needs one."""
    found = [name_regex(name, separator) for name in names]
    return found[0] if len(found) == 1 and "*" not in names[0] else f"(?:{'|'.join(found)})"


def parents(names: tuple[str, ...], separator: str = ".") -> dict[str, list[str]]:
    """Group names by what stands before their last segment; those with one segment have none."""
    found: dict[str, list[str]] = {}
    for name in names:
        parent, _, last = name.rpartition(separator)
        if parent:
            found.setdefault(parent, []).append(last)
    return found


def covers(outer: str, inner: str, separator: str = ".") -> bool:
    """Tell whether a name without wildcards means another and all below."""
    return inner == outer or inner.startswith(outer + separator)
