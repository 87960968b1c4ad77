"""Names as regular expressions: globs, styles and the author's own."""

from bylaw.ir import Name
from bylaw.styles import STYLES
from bylaw_targets.semgrep.names import escape


def name_regex(name: Name) -> str:
    """Return the regex, not anchored, of a name that must match fully."""
    if name.form == "regex":
        return f"(?:{name.text})"
    if name.form == "style":
        # A name of underscores alone has no stem, and every style allows it.
        return f"(?:_*{STYLES[name.text]}_*|_+)"
    out = ""
    for char in name.text:
        out += {"*": r"\w*", "?": r"\w"}.get(char) or escape(char)
    return out


def any_regex(regexes: list[str]) -> str:
    """Return a regex for a name that fully matches one of several."""
    return f"^(?:{'|'.join(regexes)})$"
