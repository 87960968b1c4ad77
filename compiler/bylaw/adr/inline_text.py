"""Inline Markdown as text, for titles and references; what reads blocks need not be loaded."""

import re
from html import unescape

LINK = re.compile(
    r"(?<!!)\[(?P<text>(?:[^\[\]\\]|\\.)*)\](?:\((?P<href>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)"
    r"(?:\s+[^()]*)?\)|\[(?P<label>[^\[\]\n]*)\])?"
)
"""A link with its text, and the address or the label after it."""

EDGE = " \t*_().,;:\"'\u00a0"
"""What may stand around a reference and is no part of it."""

_MAX_INLINE = 2_000
_MARKUP = re.compile(r"[\\`*_\[\]<>&~!{\n\t\u00a0]")
_CODE = re.compile(r"(?<!`)(`{1,3})(?!`)([^`]+)\1(?!`)")
_KEPT = re.compile(r"\0(\d+)\0")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_AUTOLINK = re.compile(r"<([a-z][a-z0-9+.-]*:[^<>\s]*)>")
_MARKED_LINK = re.compile(
    r"!?\[((?:[^\[\]\\]|\\.)*)\](?:\((?:[^()\\\n]|\\.|\([^()\n]*\))*\)|\[[^\[\]\n]*\])"
)
_ATTRIBUTES = re.compile(r"\s*\{[#.:][^{}\n]*\}\s*\Z")
_EMPHASIS = re.compile(
    r"(?<![\w\\])_+(?=\S)|(?<=[^\s\\])_+(?!\w)|(?<!\\)\*+(?=\S)|(?<=[^\s\\])\*+|~~"
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_SPACE = re.compile(r"\s+")


def plain_text(content: str) -> str:
    """Return inline Markdown as text, cheaply: markup goes, the words of links and code stay.

    Only the first 2,000 characters are read: no title is longer, and a hostile one would be slow.
    """
    content = content[:_MAX_INLINE]
    if not _MARKUP.search(content):
        return content.strip()
    codes: list[str] = []

    def keep(match: re.Match[str]) -> str:
        codes.append(match[2].strip() or match[2])
        return f"\0{len(codes) - 1}\0"

    text = _strip_markup(_CODE.sub(keep, content) if "`" in content else content)
    if codes:
        text = _KEPT.sub(lambda match: codes[int(match[1])], text)
    return _SPACE.sub(" ", text).strip()


def _strip_markup(text: str) -> str:
    if not _MARKUP.search(text):
        return text
    if "<" in text:
        text = _COMMENT.sub("", text)
        text = _AUTOLINK.sub(r"\1", text)
        text = _TAG.sub("", text)
    if "[" in text:
        text = _MARKED_LINK.sub(r"\1", text)
    if "{" in text:
        text = _ATTRIBUTES.sub("", text)
    text = _EMPHASIS.sub("", text)
    text = _ESCAPE.sub(r"\1", text)
    return unescape(text) if "&" in text else text
