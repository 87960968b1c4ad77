"""Programs that read files, and the few of their options that write."""

import re

from bylaw.checkpoint.field import Field
from bylaw.checkpoint.plain import words
from bylaw.checkpoint.shell.programs import run_program
from bylaw.checkpoint.shell.programs.options import Options, read_options

TYPE_CHECKING = False  # `typing` takes longer to import than a command takes to read
if TYPE_CHECKING:
    from bylaw.checkpoint.shell.programs import Command
    from bylaw.checkpoint.shell.shell import Shell

_VALUED = {
    "head": "nc",
    "tail": "ncs",
    "cut": "bcdf",
    "fold": "w",
    "fmt": "w",
    "column": "tsco",
    "nl": "bdfhilnsvw",
    "od": "AjNStw",
    "xxd": "clgso",
    "hexdump": "ens",
    "paste": "d",
    "tree": "LIPHTo",
    "ls": "ITw",
    "du": "dBt",
    "stat": "cft",
    "diff": "UCWxI",
    "cmp": "in",
    "join": "t12oaevj",
    "uniq": "fsw",
    "sort": "kotSTz",
    "wc": "",
    "base64": "wio",
}
_PATTERN_FIRST = frozenset(
    words("""
    grep egrep fgrep zgrep rg ag ack jq yq awk gawk mawk nawk
""")
)
_GREP = "efmABCdDgtTjMrE"
_TREES = frozenset(("rg", "ag", "ack"))
_LISTS = frozenset(words("ls tree stat file du fd fdfind tokei cloc eza exa wc"))
"""They tell of files, and give no content of one away."""


def read_field(shell: "Shell", field: Field, tree: bool = False) -> None:
    """Note that what a field names is read; what is not told is not noted: reading harms less."""
    if not field.told or not field.text or field.text == "-":
        return
    path = shell.locate(field.text, follow=not field.glob)
    if path is None:
        return
    is_tree = not field.glob and tree and shell.state.is_folder(path) is not False
    shell.read(path, "glob" if field.glob else "tree" if is_tree else "file")


def _cat(shell: "Shell", command: "Command") -> None:
    options = read_options(command.arguments)
    data: bytes | None = b""
    if not options.operands:
        data = command.input
    for field in options.operands:
        read_field(shell, field)
        path = shell.locate(field.text) if field.told and not field.glob else None
        held = command.input if field.text == "-" else shell.state.content(path) if path else None
        if isinstance(held, bytes) and data is not None and path not in shell.writing:
            data += held
        else:
            data = None
    shell.output = data if not options.flags and options.is_told else None


def _read(shell: "Shell", command: "Command") -> None:
    """Note that operands are read."""
    name = command.name
    single = name in ("ls", "tree", "jq")
    valued = _GREP if name in _PATTERN_FIRST else _VALUED.get(name, "")
    options = read_options(command.arguments, "" if single and name == "jq" else valued)
    operands = list(options.operands)
    if name in _PATTERN_FIRST and not options.has("e", "f", "regexp", "file", "files"):
        operands = operands[1:]
    tree = name in _TREES or options.has("r", "R", "recursive")
    if name in ("jq", "yq"):
        _edit_in_place(shell, command, options, operands)
    elif name in ("rg", "ag", "ack") and not operands:
        operands = [Field(".")]
    for field in operands if name not in _LISTS else ():
        read_field(shell, field, tree)
    if name == "rg" and options.has("pre"):
        shell.opaque("`rg --pre` runs a program")
    if name in ("tree", "xxd", "base64"):
        _write_output(shell, options, "o")


def _edit_in_place(
    shell: "Shell", command: "Command", options: Options, operands: list[Field]
) -> None:
    if options.has("i", "inplace", "in-place"):
        for field in operands:
            for path, extent in shell.paths(field, "writes"):
                shell.write(path, None, f"`{command.name} -i` edits it", extent)


def _write_output(shell: "Shell", options: Options, *names: str) -> None:
    value = options.value(*names)
    if value is not None:
        for path, extent in shell.paths(value, "writes"):
            shell.write(path, None, "the output of a program", extent)


def _sort(shell: "Shell", command: "Command") -> None:
    options = read_options(
        command.arguments, "kotST", ("output", "key", "field-separator", "buffer-size")
    )
    for field in options.operands:
        read_field(shell, field)
    _write_output(shell, options, "o", "output")
    if options.has("compress-program"):
        shell.opaque("`sort --compress-program` runs a program")


def _second_is_written(shell: "Shell", command: "Command") -> None:
    """Note `uniq IN OUT`, where the second operand is written."""
    options = read_options(command.arguments, _VALUED.get(command.name, ""))
    if not options.is_told or any(field.glob for field in options.operands):
        shell.hide(f"which file `{command.name}` writes is not told")
        return
    for field in options.operands[:1]:
        read_field(shell, field)
    for field in options.operands[1:2]:
        for path, extent in shell.paths(field, "writes"):
            shell.write(path, None, f"the output of `{command.name}`", extent)


def _awk(shell: "Shell", command: "Command") -> None:
    options = read_options(command.arguments, "Ffvi", ("file", "assign", "field-separator"))
    operands = list(options.operands)
    if options.has("i", "include", "in-place"):
        for field in operands[1:]:
            for path, extent in shell.paths(field, "writes"):
                shell.write(path, None, "`awk` edits it", extent)
    texts = [] if options.has("f", "file") else operands[:1]
    if options.has("f", "file") or any(
        not field.told or re.search(r"[>|]|system|getline|close", field.text) for field in texts
    ):
        shell.opaque("what code `awk` runs is not read", code=True)
    for field in operands[len(texts) :]:
        read_field(shell, field)


_ACTIONS = frozenset(("-exec", "-execdir", "-ok", "-okdir"))


def _find(shell: "Shell", command: "Command") -> None:
    words = command.arguments
    places: list[Field] = []
    for field in words:
        if field.text[:1] in ("-", "(", "!") and field.told:
            break
        places.append(field)
    places = places or [Field(".")]
    below = _pattern_below(words)
    index = 0
    while index < len(words):
        text = words[index].text
        if text == "-delete":
            _delete_below(shell, places, below)
        elif text in _ACTIONS:
            end = index + 1
            while end < len(words) and words[end].text not in (";", "+"):
                end += 1
            _run_for_each(shell, words[index + 1 : end], places, command.input, below)
            index = end
        elif text in ("-fprint", "-fprint0", "-fls", "-fprintf") and index + 1 < len(words):
            for path, extent in shell.paths(words[index + 1], "writes"):
                shell.write(path, None, "what `find` prints", extent)
        index += 1
    if any(field.many for field in words):
        shell.hide("the words of `find` are not all told")


def _pattern_below(words: list[Field]) -> str:
    """Return the pattern of the paths that `find` finds below a place."""
    texts = [field.text for field in words]
    if texts.count("-name") == 1 and not {"-o", "-or", "!", "-not", ","} & set(texts):
        at = texts.index("-name") + 1
        if at < len(words) and words[at].told and not set(words[at].text) & set("{}/\\"):
            return f"**/{words[at].text}"
    return "**"


def _delete_below(shell: "Shell", places: list[Field], below: str) -> None:
    for field in places:
        for path, extent in shell.paths(field, "removes"):
            if extent == "file" and below != "**":
                shell.remove(f"{path}/{below}", "glob")
            else:
                shell.remove(path, "tree" if extent == "file" else extent)


def _run_for_each(
    shell: "Shell",
    words: list[Field],
    places: list[Field],
    data: "bytes | None",
    below: str = "**",
) -> None:
    """Run a command with `{}`: any file below the places."""
    if not words:
        return
    for place in places:
        known = place.told and not place.glob
        text = place.text.rstrip("/") or "/"
        fields = [
            Field(
                field.text.replace("{}", f"{text}/{below}"),
                field.told and known,
                field.glob or (field.text == "{}" and known),
            )
            if "{}" in field.text
            else field
            for field in words
        ]
        shell.doubts += 1
        shell.state.repeats += 1
        run_program(shell, fields, data, {})
        shell.state.repeats -= 1
        shell.doubts -= 1
    shell.output = None


def _fd(shell: "Shell", command: "Command") -> None:
    texts = [field.text for field in command.arguments]
    for name in ("-x", "--exec", "-X", "--exec-batch"):
        if name in texts:
            at = texts.index(name)
            words = [*command.arguments[at + 1 :]]
            if not any("{" in field.text for field in words):
                words.append(Field("{}"))
            _run_for_each(shell, words, [Field(".")], command.input)
            return
    _read(shell, command)


def _set_names(shell: "Shell", command: "Command") -> None:
    """Note `read a b`, which sets variables to what is not told."""
    options = read_options(command.arguments, "adinNptuCcO")
    for field in [*options.operands, *(v for vs in options.flags.values() for v in vs if v)]:
        shell.set_variable(field.text, None)
    shell.set_variable("REPLY" if command.name == "read" else "MAPFILE", None)


def _date(shell: "Shell", command: "Command") -> None:
    del shell, command


def _decoded(shell: "Shell", command: "Command") -> None:
    """Note `base64 -d`, whose output is told where its input is."""
    options = read_options(command.arguments, "wio")
    for field in options.operands:
        read_field(shell, field)
    _write_output(shell, options, "o", "output")
    if command.input is not None and not options.operands and options.has("d", "D", "decode"):
        from binascii import Error, a2b_base64

        try:
            shell.output = a2b_base64(command.input)
        except Error:
            shell.output = None


PROGRAMS = dict.fromkeys(
    words("""
    head tail less more bat batcat tac rev nl wc grep egrep fgrep zgrep rg ag ack ls tree
    stat file du cut paste column fold fmt od hexdump strings md5sum sha1sum sha256sum
    sha512sum shasum cksum b2sum jq yq diff cmp comm tr join zcat bzcat xzcat eza exa tokei
    cloc view look tsort expand unexpand pr
"""),
    _read,
)
PROGRAMS |= {
    "cat": _cat,
    "sort": _sort,
    "uniq": _second_is_written,
    "xxd": _second_is_written,
    "find": _find,
    "fd": _fd,
    "fdfind": _fd,
    "date": _date,
    "read": _set_names,
    "mapfile": _set_names,
    "readarray": _set_names,
    "base64": _decoded,
    **dict.fromkeys(["awk", "gawk", "mawk", "nawk"], _awk),
}
