"""Text of a decision in the middle of a page: it opens nothing, links nowhere, imports nothing.

Code spans stay code spans. All else is plain: what Markdown would read as markup is escaped, and a
word that some host would follow (an address, `@file`, a link with a scheme) becomes a code span,
in which none does. Free text that addresses whoever reads the page is found by `addresses`.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote

from bylaw.diagnostics import Span
from bylaw.visible import visible

_TICKS = re.compile(r"`+")
_SPECIAL = re.compile(r"[\\*_\[\]<~]|&(?=#?\w+;)")
_WORD_UNDERSCORE = re.compile(r"(?<=[^\W_])\\_(?=[^\W_])")

# Imports of Claude Code and Gemini (`@path`), references of Copilot and Cursor (`#file:`, `mdc:`),
# and whatever a renderer makes a link of without being asked to.
_LIVE = re.compile(
    r"(?i)@|://|\bwww\.|#[a-z]+:"
    r"|\b(?:javascript|vbscript|data|file|mailto|command|vscode|cursor|mdc|blob|tel|sms|xmpp):"
)
_WORD = re.compile(r"(\s+)")
_TRAILING = re.compile(r"[.,;:!?)\]]*\Z")


def inert(text: str) -> str:
    """Return text for the middle of a line of Markdown: code spans stay, all else is plain."""
    text = visible(text)
    out: list[str] = []
    position = 0
    while position < len(text):
        start = _TICKS.search(text, position)
        if start is None:
            break
        end = _closing(text, start)
        out.append(_plain(text[position : start.start()]))
        if end is None:
            out.append("\\`" * len(start[0]))
            position = start.end()
            continue
        out.append(code(text[start.end() : end.start()]))
        position = end.end()
    out.append(_plain(text[position:]))
    return _joined(out)


def _joined(parts: list[str]) -> str:
    """Join parts so that no two code spans become one."""
    text = ""
    for part in parts:
        apart = " " if text.endswith("`") and part.startswith("`") else ""
        text += apart + part
    return text


def _closing(text: str, start: re.Match[str]) -> re.Match[str] | None:
    """Return the next run of as many backticks as `start`."""
    for run in _TICKS.finditer(text, start.end()):
        if len(run[0]) == len(start[0]):
            return run
    return None


def _plain(text: str) -> str:
    if _LIVE.search(text) is None:
        return _escaped(text)
    return "".join(_quieted(word) for word in _WORD.split(text))


def _quieted(word: str) -> str:
    """Return a word as code where a host would follow it."""
    if _LIVE.search(word) is None:
        return _escaped(word)
    end = _TRAILING.search(word)
    cut = end.start() if end is not None else len(word)
    if not cut or _LIVE.search(word[:cut]) is None:
        cut = len(word)
    return code(word[:cut]) + _escaped(word[cut:])


def _escaped(text: str) -> str:
    escaped = _SPECIAL.sub(lambda match: f"\\{match[0]}", text)
    # Between letters an underscore is one, and `snake_case` reads better bare.
    return _WORD_UNDERSCORE.sub("_", escaped)


def code(text: str) -> str:
    """Return a code span that holds exactly this text, but for what nobody sees."""
    text = visible(text)
    if not text:
        return ""
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def sentence(text: str) -> str:
    """Return text that ends as a sentence does."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def link(path: str, line: int) -> str:
    """Return a link to a line of a file; its name is quoted, as all that authors choose."""
    return f"[{code(f'{path}:{line}')}]({_target(path, line)})"


def link_to(span: Span) -> str:
    """Return a link to where something stands, for a page that people read."""
    return f"[{inert(span.path)}:{span.line}]({_target(span.path, span.line)})"


def _target(path: str, line: int) -> str:
    # From the repository's root, as GitHub and GitLab read it, so that the page can be moved.
    return f"/{quote(visible(path))}#L{line}"


def spans(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the parts of a text, and whether each is a code span's content."""
    position = 0
    while position < len(text):
        start = _TICKS.search(text, position)
        end = _closing(text, start) if start else None
        if start is None or end is None:
            break
        yield False, text[position : start.start()]
        yield True, text[start.end() : end.start()]
        position = end.end()
    yield False, text[position:]


# --- who is spoken to --------------------------------------------------------------------------

_GAP = r"\W+(?:\w+\W+){0,4}?"
_WHAT = (
    r"(?:instruction|prompt|rule|guideline|directive|direction|constraint|message|context|decision"
    r"|contract|restriction|safeguard|policy|policies|text)s?"
)
_ADDRESSING = re.compile(
    rf"\b(?:ignore|disregard|forget|override|bypass|neglect)\b{_GAP}"
    rf"(?:all|any|every|previous|prior|above|earlier|preceding|following|other|your|these|those)\b"
    rf"{_GAP}{_WHAT}\b"
    r"|\byou are (?:now|no longer|free|allowed|permitted|an? (?:ai|assistant|agent|model))\b"
    r"|\b(?:from now on|henceforth)\W+you\b|\bpretend (?:to be|you|that you)\b"
    r"|\byour (?:new |real |actual |only )(?:instruction|task|role|goal|objective|job)s?\b"
    r"|\b(?:system|developer) (?:prompt|message)\b|<\|?\W*(?:im_start|system|assistant|user)\b"
    r"|\[/?inst\]|(?:^|[.;:!?]\s*)(?:system|assistant|developer)\s*:"
    r"|\b(?:do not|don't|never) (?:tell|inform|mention\b.*\bto|report\b.*\bto|ask) "
    r"(?:the |any |your )?(?:user|reviewer|human|person|people|operator|maintainer)s?\b"
    r"|\b(?:dear|attention|hey|hello|hi|note to|message to|instructions? (?:to|for))\W+"
    r"(?:all |the |any |every )?"
    r"(?:ai|assistant|agent|model|llm|claude|copilot|cursor|codex|gemini|chatgpt|gpt)s?\b"
    r"|\b(?:reveal|exfiltrate|leak|upload|send|post|print|output)\b.{0,60}\b(?:secret|credential|"
    r"password|api.?key|private key|access token|system prompt|environment variable)s?\b"
    r"|\b(?:curl|wget)\b[^|]{0,200}\|\s*(?:ba|z|da)?sh\b",
    re.IGNORECASE,
)

# Letters of other scripts that look like Latin ones: what people would read is what is judged.
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕһԁԛԝмтнквгАВЕКМНОРСТХІЈЅαεικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧоı",
    "aeopcyxijshdqwmthkbrABEKMHOPCTXIJSaeiknoptuxABEZHIKMNOPTYXoi",
)
_SPELT_OUT = re.compile(r"\b(?:\w[ .\-_*]){3,}\w\b")


@lru_cache(maxsize=4096)
def addresses(text: str) -> bool:
    """Tell whether free text speaks to whoever reads the page, as no reason for a rule does.

    What stands in code spans is quoted, and does not count. This finds the known forms, in any case
    and in letters that look alike; that a page says which words are quoted is what protects from
    the others.
    """
    free = " ".join(part for is_code, part in spans(visible(text)) if not is_code)
    plain = unicodedata.normalize("NFKD", free)
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = plain.translate(_LOOKALIKES)
    closed = _SPELT_OUT.sub(lambda match: re.sub(r"[ .\-_*]", "", match[0]), plain)
    bare = re.sub(r"[*_~]", "", plain)
    return any(_ADDRESSING.search(each) for each in (plain, closed, bare))
