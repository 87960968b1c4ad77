"""Words to the fields that a program gets: what the text tells of them, and what it does not."""

import re
from itertools import pairwise

from bylaw.checkpoint.field import Field
from bylaw.checkpoint.shell.scan import ShellFaultError, quoted_parts
from bylaw.checkpoint.shell.syntax import Part, Word

TYPE_CHECKING = False  # `typing` takes longer to import than a command takes to read
if TYPE_CHECKING:
    from typing import Protocol

    class Knows(Protocol):
        """What expanding a word asks the shell."""

        def variable(self, name: str) -> str | None:
            """Return a variable's text, None where it is not known."""

        def arguments(self) -> tuple[str, ...] | None:
            """Return the positional parameters, None where they are not known."""

        def substitute(self, text: str) -> str | None:
            """Run a command substitution; return its output, None where it is not known."""

        def run_beside(self, text: str) -> None:
            """Run a process substitution."""

        def hide(self, reason: str) -> None:
            """Note that the text does not tell what is done."""

        def forget(self, text: str) -> None:
            """Forget the variables that an arithmetic expression may set."""

        @property
        def home(self) -> str:
            """The home folder."""


MAX_FIELDS = 4096
"""Of the brace expansions of one word; no more are told."""

_ESCAPE, _HIDDEN, _HIDDEN_MANY = "\x01", "\x02", "\x03"
_SPECIAL = re.compile(r"[{},*?\[\]~!\x01\x02\x03 \t\n\\]")
_CONTROL = re.compile(r"[\x01\x02\x03]")
_IN_VALUE = re.compile(r"[{},~\x01\x02\x03\\]")
_IN_PATTERN = re.compile(r"[{},~\x01\x02\x03\\ \t\n]")
_TOUCHED = re.compile(r"[{*?\[~\x01\x02\x03]")
_RANGE = re.compile(r"(-?\d{1,9})\.\.(-?\d{1,9})(?:\.\.(-?\d{1,9}))?|([a-zA-Z])\.\.([a-zA-Z])")
_TOKEN = re.compile(r"\x01.|[{},]", re.DOTALL)
_WORDS = re.compile(r"(?:\x01.|[^\x01 \t\n])+", re.DOTALL)
_ESCAPED = re.compile(r"\x01(.)", re.DOTALL)


class Pattern(str):
    """The value of a variable that is any of the paths that match."""

    __slots__ = ()


def expand(word: Word, shell: "Knows") -> "list[Field]":
    """Return the fields of a word."""
    parts = word.parts
    if len(parts) == 1 and parts[0].sort == "text":
        if parts[0].quoted or not _TOUCHED.search(parts[0].text):
            return [Field(parts[0].text)]
    elif not parts:
        return [Field("")]
    whole = _arguments(word, shell)
    if whole is not None:
        return whole
    coded = "".join(_coded(part, shell) for part in parts)
    quoted = any(part.quoted for part in parts)
    fields: list[Field] = []
    for one in braces(coded):
        pieces = _WORDS.findall(one)
        if not pieces and quoted:
            fields.append(Field(""))
        fields += [_field(piece, word, shell) for piece in pieces]
        if len(fields) > MAX_FIELDS:
            return [Field(word.raw, told=False, many=True)]
    return fields


def text_of(word: Word, shell: "Knows") -> "str | None":
    """Return a word's text as an assignment or a here-document takes it: it is not split."""
    found: list[str] = []
    told = True
    for index, part in enumerate(word.parts):
        text = _value(part, shell)
        if text is None or isinstance(text, Pattern):
            told = False
        elif index == 0 and part.sort == "text" and not part.quoted and text[:1] == "~":
            tilde = _tilde(text, shell)
            told = told and tilde is not None
            found.append(tilde or "")
        else:
            found.append(text)
    return "".join(found) if told else None


def _arguments(word: Word, shell: "Knows") -> "list[Field] | None":
    """Return the fields of a word that is `"$@"` and nothing else."""
    if len(word.parts) != 1 or word.parts[0].sort != "variable":
        return None
    if word.parts[0].text != "@" or word.parts[0].default is not None:
        return None
    known = shell.arguments()
    if known is None:
        return [Field(word.raw, told=False, many=True)]
    return [Field(text) for text in known]


def _value(part: Part, shell: "Knows") -> "str | None":
    """Return a part's text, None where it is not known; what it runs is run."""
    if part.sort == "text":
        return part.text
    if part.sort == "variable":
        return _variable(part, shell)
    if part.sort == "command":
        return shell.substitute(part.text)
    if part.sort == "process":
        shell.run_beside(part.text)
        return "/dev/fd/63"
    for inner in _parts(part.text, shell):
        if inner.sort != "text":
            _value(inner, shell)
    shell.forget(part.text)
    return None


def _parts(text: str, shell: "Knows", quote: str = "") -> "list[Part]":
    try:
        return quoted_parts(text, quote)
    except ShellFaultError as error:
        shell.hide(f"it cannot be read as a shell command: {error}")
        return [Part("untold", "", True)]


def _variable(part: Part, shell: "Knows") -> "str | None":
    if part.text in ("@", "*"):
        known = shell.arguments()
        return None if known is None else " ".join(known)
    value = shell.variable(part.text)
    if part.default is not None:
        texts = [_value(inner, shell) for inner in _parts(part.default, shell, '"')]
        if value == "" and None not in texts:
            return "".join(text for text in texts if text is not None)
        shell.forget(part.text)
    return value


def _coded(part: Part, shell: "Knows") -> str:
    """Return a part with what is quoted marked as such, and what is not known as that."""
    value = _value(part, shell)
    if value is None:
        return _HIDDEN if part.quoted else _HIDDEN_MANY
    if isinstance(value, Pattern):
        special = _IN_PATTERN
    else:
        special = _SPECIAL if part.quoted else _CONTROL if part.sort == "text" else _IN_VALUE
    return special.sub(lambda found: _ESCAPE + found[0], value)


def _field(piece: str, word: Word, shell: "Knows") -> Field:
    bare = _ESCAPED.sub("", piece)
    if _HIDDEN in bare or _HIDDEN_MANY in bare:
        return Field(word.raw, told=False, many=_HIDDEN_MANY in bare)
    text = _ESCAPED.sub(r"\1", piece)
    if bare[:1] == "~" and piece[:1] == "~":
        tilde = _tilde(text, shell)
        if tilde is None:
            return Field(word.raw, told=False)
        text = tilde
    opened = bare.find("[")
    if not ("*" in bare or "?" in bare or 0 <= opened < bare.find("]", opened + 2)):
        return Field(text)
    if any(found[1] in "*?[{" for found in _ESCAPED.finditer(piece)) or "{" in text:
        return Field(word.raw, told=False, many=True)
    return Field(text, glob=True)


def _tilde(text: str, shell: "Knows") -> "str | None":
    user, slash, rest = text[1:].partition("/")
    if user == "+":
        folder = shell.variable("PWD")
        return None if folder is None else folder + slash + rest
    return shell.home + slash + rest if not user else None


def braces(coded: str) -> "list[str]":
    """Return what the braces of a marked text stand for, in order."""
    if "{" not in coded:
        return [coded]
    if len(coded) > MAX_FIELDS:
        return [_HIDDEN_MANY] if _first_group(coded) else [coded]
    done: list[str] = []
    size = 0
    waiting = [("", coded)]
    while waiting:
        before, rest = waiting.pop()
        found = _first_group(rest)
        if found is None:
            done.append(before + rest)
            size += len(done[-1])
        else:
            start, end, options = found
            head, tail = before + rest[:start], rest[end:]
            # What stands in an option may hold braces, too: it is looked at with the rest.
            waiting += [(head, option + tail) for option in reversed(options)]
        if len(done) + len(waiting) > MAX_FIELDS or size > 1 << 22:
            return [_HIDDEN_MANY]
    return done


def _first_group(text: str) -> "tuple[int, int, list[str]] | None":
    """Return where the first group that stands for something starts and ends, and its options."""
    opened: list[list[int]] = []
    best: tuple[int, int, list[int]] | None = None
    for found in _TOKEN.finditer(text):
        sign = found[0]
        if sign == "{":
            opened.append([found.start()])
        elif sign == "," and opened:
            opened[-1].append(found.start())
        elif sign == "}" and opened:
            places = opened.pop()
            is_group = len(places) > 1 or _RANGE.fullmatch(text, places[0] + 1, found.start())
            if is_group and (best is None or places[0] < best[0]):
                best = (places[0], found.start(), places)
                if not opened:
                    break
    if best is None:
        return None
    start, end, places = best
    if len(places) == 1:
        return start, end + 1, _range(text[start + 1 : end])
    edges = [*places, end]
    options = [text[a + 1 : b] for a, b in pairwise(edges)]
    return start, end + 1, options


def _range(text: str) -> "list[str]":
    found = _RANGE.fullmatch(text)
    if found is None:
        return [text]
    if found[4]:
        first, last = ord(found[4]), ord(found[5])
        step = 1 if first <= last else -1
        return [chr(number) for number in range(first, last + step, step)]
    low, high = int(found[1]), int(found[2])
    step = abs(int(found[3] or 1)) or 1
    if abs(high - low) // step > MAX_FIELDS:
        return [_HIDDEN_MANY]
    width = max(len(found[1]), len(found[2])) if _is_padded(found[1], found[2]) else 0
    numbers = range(low, high + 1, step) if low <= high else range(low, high - 1, -step)
    return [str(number).zfill(width) for number in numbers]


def _is_padded(*numbers: str) -> bool:
    return any(number.lstrip("-").startswith("0") and len(number) > 1 for number in numbers)
