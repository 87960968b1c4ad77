"""Characters of a shell text to tokens, and words to parts; nothing here recurses."""

import re

from bylaw.checkpoint.shell.syntax import Part, Word

MAX_PARTS = 20_000
"""Of one word."""
MAX_TOKENS = 60_000
"""Of one text; what a here-document holds is one."""
MAX_NESTING = 40
"""Of quotes and substitutions in one another: no person writes more."""

_PLAIN = re.compile(r"[^ \t\n\\'\"$`;&|<>()#]+|#")
_SPACE = re.compile(r"(?:[ \t]|\\\n)+")
_OPERATOR = re.compile(r";;&|;;|;&|;|&&|&>>|&>|&|\|\||\|&|\||<<<|<<-|<<|<&|<>|<|>>|>&|>\||>|\(|\)")
_NUMBER = re.compile(r"(?:[0-9]+|\{[A-Za-z_]\w*\})(?=[<>])")
_NAME = re.compile(r"[A-Za-z_]\w*|[0-9@*#?$!-]")
_DEFAULT = re.compile(r"([A-Za-z_]\w*|[0-9@*]+)(:?[-=])", re.ASCII)
_QUOTED_RUN = re.compile(r"[^\\\"$`]+")
_BODY_RUN = re.compile(r"[^\\$`]+")
_IN_COMMAND = re.compile(r"[\\'\"`$()#\n]|<<<?-?")
_IN_QUOTES = re.compile(r"[\\\"`$]")
_IN_BRACES = re.compile(r"[\\'\"`$}]")
_TO_BACKQUOTE = re.compile(r"(?:[^\\`]|\\.)*+`", re.DOTALL)
_ANSI_QUOTED = re.compile(r"(?:[^\\']|\\.)*+'", re.DOTALL)
_ESCAPE = re.compile(
    r"\\(?:([abeEfnrtv\\'\"?])|([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})"
    r"|U([0-9a-fA-F]{1,8})|c(.))",
    re.DOTALL,
)
_LETTERS = dict(zip("abeEfnrtv\\'\"?", "\a\b\033\033\f\n\r\t\v\\'\"?", strict=True))


class ShellFaultError(Exception):
    """The text is no shell text, or none that can be read; the message is one clause."""


class Scanner:
    """Tokens of a shell text, one after the other.

    A token is its sort (`word`, `operator`, `newline`, `end`), its text, and of a word the Word.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.count = 0
        self.waiting: list[tuple[str, bool, bool, list[Word]]] = []

    def token(self) -> "tuple[str, str, Word | None]":
        """Return the next token; the bodies of here-documents are read where a line ends."""
        text = self.text
        self.count += 1
        if self.count > MAX_TOKENS:
            raise ShellFaultError("it is too long")
        self.skip_space()
        if self.at >= len(text):
            return "end", "", None
        first = text[self.at]
        if first == "\n":
            self.at += 1
            self._read_bodies()
            return "newline", "\n", None
        if first in ";&|()" or (first in "<>" and text[self.at + 1 : self.at + 2] != "("):
            found = _OPERATOR.match(text, self.at)
            assert found is not None  # noqa: S101 - each of these characters is an operator
            self.at = found.end()
            return "operator", found[0], None
        number = _NUMBER.match(text, self.at)
        if number:
            self.at = number.end()
            return "number", number[0], None
        word = self.word()
        return "word", word.raw, word

    def skip_space(self) -> None:
        """Go on to the next token or the end of the line; a comment is none."""
        found = _SPACE.match(self.text, self.at)
        if found:
            self.at = found.end()
        if self.text.startswith("#", self.at):
            end = self.text.find("\n", self.at)
            self.at = len(self.text) if end < 0 else end

    def expect_body(self, delimiter: Word, stripped: bool) -> "list[Word]":
        """Note that a here-document's body follows the line; it is put into the list returned."""
        quoted = any(part.quoted for part in delimiter.parts) or "\\" in delimiter.raw
        body: list[Word] = []
        self.waiting.append((_literal(delimiter), quoted, stripped, body))
        return body

    def _read_bodies(self) -> None:
        waiting, self.waiting = self.waiting, []
        for delimiter, quoted, stripped, body in waiting:
            text, self.at = here_document(self.text, self.at, delimiter, stripped)
            parts = (Part("text", text, True),) if quoted else tuple(quoted_parts(text))
            body.append(Word(parts, text))

    def word(self) -> Word:
        """Read the word that starts here."""
        text, parts = self.text, []
        start = self.at
        while self.at < len(text):
            found = _PLAIN.match(text, self.at)
            if found:
                self.at = found.end()
                parts.append(Part("text", found[0], False))
                continue
            sort = text[self.at]
            if sort == "\\":
                if text.startswith("\\\n", self.at):
                    self.at += 2
                    continue
                parts.append(Part("text", text[self.at + 1 : self.at + 2] or "\\", True))
                self.at += 2
            elif sort == "'":
                end = self._find("'", self.at + 1)
                parts.append(Part("text", text[self.at + 1 : end], True))
                self.at = end + 1
            elif sort == '"':
                parts += self._double(self.at)
            elif sort in "$`":
                parts += self._expansion(sort)
            elif sort in "<>" and text.startswith("(", self.at + 1):
                end = closing(text, self.at + 2)
                parts.append(Part("process", text[self.at + 2 : end - 1], False))
                self.at = end
            else:
                break
            if len(parts) > MAX_PARTS:
                raise ShellFaultError("a word of it is too long")
        return Word(_joined(parts), text[start : self.at])

    def _find(self, wanted: str, at: int) -> int:
        found = self.text.find(wanted, at)
        if found < 0:
            raise ShellFaultError("a quote is not closed")
        return found

    def _double(self, at: int) -> list[Part]:
        end = closing(self.text, at + 1, '"')
        self.at = end
        return quoted_parts(self.text[at + 1 : end - 1], '"') or [Part("text", "", True)]

    def _expansion(self, sort: str) -> list[Part]:
        text = self.text
        if sort == "$" and text.startswith("'", self.at + 1):
            found = _ANSI_QUOTED.match(text, self.at + 2)
            if not found:
                raise ShellFaultError("a quote is not closed")
            self.at = found.end()
            return [Part("text", _unescaped(found[0][:-1]), True)]
        if sort == "$" and text.startswith('"', self.at + 1):
            return self._double(self.at + 1)
        part, self.at = expansion(text, self.at, False)
        return [part]


def expansion(text: str, at: int, quoted: bool) -> tuple[Part, int]:
    """Read what starts with a dollar or a backquote; return it and where it ends."""
    if text[at] == "`":
        found = _TO_BACKQUOTE.match(text, at + 1)
        if not found:
            raise ShellFaultError("a backquote is not closed")
        inner = re.sub(r'\\([\\`$"])' if quoted else r"\\([\\`$])", r"\1", found[0][:-1])
        return Part("command", inner, quoted), found.end()
    follows = text[at + 1 : at + 2]
    if follows == "(":
        if text.startswith("(", at + 2):
            end = closing(text, at + 3)
            if text.startswith(")", end):
                return Part("untold", text[at + 3 : end - 1], quoted), end + 1
        end = closing(text, at + 2)
        return Part("command", text[at + 2 : end - 1], quoted), end
    if follows == "{":
        end = closing(text, at + 2, "}")
        return _braced(text[at + 2 : end - 1], quoted), end
    if follows == "[":
        end = text.find("]", at)
        end = len(text) if end < 0 else end + 1
        return Part("untold", text[at + 2 : end - 1], quoted), end
    found = _NAME.match(text, at + 1)
    if found:
        return Part("variable", found[0], quoted), found.end()
    return Part("text", "$", quoted), at + 1


def _braced(inner: str, quoted: bool) -> Part:
    name = _NAME.fullmatch(inner)
    if name or inner.isdecimal():
        return Part("variable", inner, quoted)
    found = _DEFAULT.match(inner)
    if found:
        return Part("variable", found[1], quoted, inner[found.end() :])
    return Part("untold", inner, quoted)


def quoted_parts(text: str, quote: str = "") -> list[Part]:
    """Read text in double quotes, or (without `quote`) a here-document's body."""
    parts: list[Part] = []
    run, escapes = (_QUOTED_RUN, '$`"\\') if quote else (_BODY_RUN, "$`\\")
    at = 0
    while at < len(text):
        found = run.match(text, at)
        if found:
            parts.append(Part("text", found[0], True))
            at = found.end()
        elif text[at] == "\\":
            follows = text[at + 1 : at + 2]
            if follows != "\n":
                escaped = follows and follows in escapes
                parts.append(Part("text", follows if escaped else "\\" + follows, True))
            at += 2
        elif text[at] == quote:
            # Only of `${x:-"…"}` within quotes: the quote itself means nothing.
            at += 1
        else:
            part, at = expansion(text, at, True)
            parts.append(part)
    return list(_joined(parts))


def closing(text: str, at: int, opened: str = ")") -> int:
    """Return the place after what closes a parenthesis, brace or quote that was opened before.

    Quotes, comments, here-documents and substitutions in it are passed over.
    """
    stack = [opened]
    bodies: list[tuple[str, bool]] = []
    while stack:
        if len(stack) > MAX_NESTING:
            raise ShellFaultError("it is nested too deeply")
        mode = stack[-1]
        seek = _IN_COMMAND if mode == ")" else _IN_QUOTES if mode == '"' else _IN_BRACES
        found = seek.search(text, at)
        if not found:
            raise ShellFaultError("a quote or parenthesis is not closed")
        sort, at = found[0], found.end()
        if sort == mode:
            stack.pop()
        elif sort == "\n":
            for delimiter, stripped in bodies:
                _, at = here_document(text, at, delimiter, stripped)
            bodies.clear()
        elif sort in ("<<", "<<-"):
            at = _note_body(text, at, sort == "<<-", bodies)
        else:
            at = _pass_over(text, at, sort, stack)
    return at


def _pass_over(text: str, at: int, sort: str, stack: list[str]) -> int:
    """Pass over what a sign opens, or note that it is open; return where to go on."""
    if sort == "\\":
        return at + 1
    if sort == "'":
        is_plain = stack[-1] == "}" and '"' in stack
        return at if is_plain else _after_quote(text, at, at - 1)
    if sort == "`":
        end = _TO_BACKQUOTE.match(text, at)
        if not end:
            raise ShellFaultError("a backquote is not closed")
        return end.end()
    if sort == "$":
        return _open(text, at, stack)
    if sort == "#":
        if at == 1 or text[at - 2] in " \t\n;&|(":
            end_of_line = text.find("\n", at)
            return len(text) if end_of_line < 0 else end_of_line
        return at
    if sort in ('"', "("):
        stack.append('"' if sort == '"' else ")")
    return at


def _after_quote(text: str, at: int, start: int) -> int:
    if text[start - 1 : start] == "$" and text[start - 2 : start - 1] != "\\":
        found = _ANSI_QUOTED.match(text, at)
        end = found.end() - 1 if found else -1
    else:
        end = text.find("'", at)
    if end < 0:
        raise ShellFaultError("a quote is not closed")
    return end + 1


def _open(text: str, at: int, stack: list[str]) -> int:
    follows = text[at : at + 1]
    if follows == "(":
        stack.append(")")
        return at + 1
    if follows == "{":
        stack.append("}")
        return at + 1
    return at


def _note_body(text: str, at: int, stripped: bool, bodies: list[tuple[str, bool]]) -> int:
    scanner = Scanner(text)
    scanner.at = at
    scanner.skip_space()
    word = scanner.word()
    if word.parts:
        bodies.append((_literal(word), stripped))
    return scanner.at if word.parts else at


def here_document(text: str, at: int, delimiter: str, stripped: bool) -> tuple[str, int]:
    """Return a here-document's body that starts at a line, and where the line after it starts."""
    lines: list[str] = []
    start = at
    while at < len(text):
        end = text.find("\n", at)
        line, following = (text[at:], len(text)) if end < 0 else (text[at:end], end + 1)
        if (line.lstrip("\t") if stripped else line) == delimiter:
            return ("".join(lines) if stripped else text[start:at]), following
        if stripped:
            lines.append(text[at:following].lstrip("\t"))
        at = following
    return ("".join(lines) if stripped else text[start:]), at


def _literal(word: Word) -> str:
    return "".join(part.text if part.sort == "text" else f"${part.text}" for part in word.parts)


def _joined(parts: list[Part]) -> tuple[Part, ...]:
    """Join neighbours that are text, quoted alike."""
    joined: list[Part] = []
    run: list[str] = []
    for index, part in enumerate(parts):
        follows = parts[index + 1] if index + 1 < len(parts) else None
        if (
            part.sort == "text"
            and follows is not None
            and follows.sort == "text"
            and follows.quoted == part.quoted
        ):
            run.append(part.text)
        elif run:
            joined.append(Part("text", "".join([*run, part.text]), part.quoted))
            run = []
        else:
            joined.append(part)
    return tuple(joined)


def _unescaped(text: str) -> str:
    def replaced(found: "re.Match[str]") -> str:
        letter, octal, pair, four, eight, control = found.groups()
        if letter:
            return _LETTERS[str(letter)]
        if octal:
            return chr(int(octal, 8) & 0xFF)
        if control:
            return chr(ord(control) & 0x1F)
        number = int(pair or four or eight, 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"

    return _ESCAPE.sub(replaced, text)
