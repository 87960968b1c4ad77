"""YAML written directly: double-quoted scalars and block literals, the same bytes every time.

A rule file has one fixed structure, and writing it through PyYAML takes a hundred times as long.
"""

import re
from json.encoder import encode_basestring

# What a YAML reader takes for a line break, refuses as unprintable or drops as a byte order mark.
_AWKWARD = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")

_LITERAL = re.compile(r"[!-~][ -~]*(?:\n *[!-~][ -~]*)*\n?")


def _escaped(match: re.Match[str]) -> str:
    code = ord(match.group())
    # A lone surrogate is no character, and no YAML reader takes it.
    return "\\ufffd" if 0xD800 <= code <= 0xDFFF else f"\\u{code:04x}"


def quoted(text: str) -> str:
    """Return a text as a YAML double-quoted scalar on one line."""
    scalar = encode_basestring(text)
    return scalar if scalar.isascii() and "\x7f" not in scalar else _AWKWARD.sub(_escaped, scalar)


def scalar(text: str) -> str:
    """Return a text as the value of a key: a block literal where it has several plain lines."""
    if "\n" in text and _LITERAL.fullmatch(text):
        mark = "|" if text[-1] == "\n" else "|-"
        return f"{mark}\n  " + text.removesuffix("\n").replace("\n", "\n  ")
    return quoted(text)


def flow_list(texts: tuple[str, ...]) -> str:
    """Return texts as a flow sequence on one line."""
    return "[" + ", ".join(map(quoted, texts)) + "]"
