"""Programs that put text out: `echo`, `printf`, `tee`."""

import re

from bylaw.checkpoint.field import Field
from bylaw.checkpoint.shell.programs.options import read_options
from bylaw.checkpoint.state import GONE

TYPE_CHECKING = False  # `typing` takes longer to import than a command takes to read
if TYPE_CHECKING:
    from bylaw.checkpoint.shell.programs import Command
    from bylaw.checkpoint.shell.shell import Shell

_ESCAPE = re.compile(r"\\(?:([abefnrtv\\'\"])|0?([0-7]{1,3})|x([0-9a-fA-F]{1,2}))")
_LETTERS = dict(zip("abefnrtv\\'\"", "\a\b\033\f\n\r\t\v\\'\"", strict=True))
_DIRECTIVE = re.compile(r"%(%|s|b|d|[^%]?)")


def _are_told(fields: "list[Field]") -> bool:
    return all(field.told and not field.glob for field in fields)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _unescaped(text: str) -> str:
    def replaced(found: "re.Match[str]") -> str:
        letter, octal, pair = found.groups()
        if letter:
            return _LETTERS[str(letter)]
        return chr(int(octal, 8) & 0xFF if octal else int(pair, 16))

    return _ESCAPE.sub(replaced, text)


def _echo(shell: "Shell", command: "Command") -> None:
    shell.sure = True
    fields = list(command.arguments)
    if not _are_told(fields):
        return
    newline, escapes = "\n", False
    while fields and re.fullmatch(r"-[neE]+", fields[0].text):
        letters = fields.pop(0).text
        newline = "" if "n" in letters else newline
        escapes = "e" in letters or (escapes and "E" not in letters)
    text = " ".join(field.text for field in fields)
    if "\\" in text and (escapes or re.search(r"\\[0-9abcefnrtvx\\]", text)):
        # What `echo` makes of a backslash differs from shell to shell.
        if not escapes or re.search(r"\\[cuU0-9x]", text):
            return
        text = _unescaped(text)
    shell.output = _bytes(text + newline)


def _printf(shell: "Shell", command: "Command") -> None:
    shell.sure = True
    fields = command.arguments
    if fields and fields[0].text == "-v":
        if len(fields) > 1:
            shell.set_variable(fields[1].text, None)
        return
    if fields and fields[0].text == "--":
        fields = fields[1:]
    if not fields or not _are_told(fields):
        return
    template, values = fields[0].text, [field.text for field in fields[1:]]
    if any(sign not in "%sbd" or not sign for sign in _DIRECTIVE.findall(template)):
        return
    if re.search(r"\\[cuU0-9x]", template):
        return
    wanted = sum(sign != "%" for sign in _DIRECTIVE.findall(template))
    if wanted and any("\\" in value for value in values) and "%b" in template:
        return
    if "%d" in template and not all(re.fullmatch(r"[1-9][0-9]*|0", value) for value in values):
        return
    turns = -(-len(values) // wanted) if wanted and values else 1
    parts: list[str] = []
    for turn in range(min(turns, 10000)):
        rest = values[turn * wanted : (turn + 1) * wanted]
        rest += [""] * (wanted - len(rest))
        if "%d" in template and "" in rest:
            return
        # Values are set apart from the template, whose escapes alone mean something.
        pieces = _DIRECTIVE.split(template)[::2]
        signs = _DIRECTIVE.findall(template)
        parts.append(_filled(pieces, signs, rest))
    shell.output = _bytes("".join(parts))


def _filled(pieces: list[str], signs: list[str], values: list[str]) -> str:
    """Return a template with its directives replaced by values."""
    given = iter(values)
    made = [_unescaped(pieces[0])]
    for sign, piece in zip(signs, pieces[1:], strict=True):
        made.append("%" if sign == "%" else next(given))
        made.append(_unescaped(piece))
    return "".join(made)


def _tee(shell: "Shell", command: "Command") -> None:
    options = read_options(command.arguments)
    data = command.input
    for field in options.operands:
        for path, extent in shell.paths(field, "writes"):
            content = data
            if options.has("a", "append"):
                held = shell.state.content(path)
                before = held if isinstance(held, bytes) else b"" if held is GONE else None
                content = None if before is None or data is None else before + data
            if extent != "file":
                shell.write_pattern(path, "what `tee` writes is not told")
            else:
                shell.write(path, content, "what `tee` writes is not told")
    if not options.is_told:
        shell.hide("which files `tee` writes is not told")
    shell.output = data


PROGRAMS = {"echo": _echo, "printf": _printf, "tee": _tee, "sponge": _tee}
