"""Programs that run what their words say, and those that belong to the shell itself."""

import re

from bylaw.checkpoint.field import Field
from bylaw.checkpoint.plain import words
from bylaw.checkpoint.shell.programs import Command, act, run_program
from bylaw.checkpoint.shell.programs.options import read_options
from bylaw.checkpoint.shell.programs.reading import read_field
from bylaw.checkpoint.state import FOLDER_KEY, UNKNOWN

TYPE_CHECKING = False  # `typing` takes longer to import than a command takes to read
if TYPE_CHECKING:
    from bylaw.checkpoint.shell.shell import Shell

_VALUED = {
    "sudo": ("ugphCTrtUDR", ("user", "group", "prompt", "chdir", "host")),
    "doas": ("uC", ()),
    "nice": ("n", ("adjustment",)),
    "ionice": ("cnp", ("class", "classdata")),
    "timeout": ("ks", ("kill-after", "signal")),
    "gtimeout": ("ks", ("kill-after", "signal")),
    "stdbuf": ("ioe", ("input", "output", "error")),
    "time": ("fo", ("format", "output")),
    "watch": ("nq", ("interval",)),
    "exec": ("a", ()),
    "taskset": ("", ()),
    "chrt": ("", ()),
    "strace": ("oeEpsuPISaOX", ("output",)),
    "ltrace": ("oeEpsulnaA", ("output",)),
    "caffeinate": ("tw", ()),
    "direnv": ("", ()),
    "dotenv": ("fe", ("file",)),
    "setsid": ("", ()),
    "chroot": ("", ("userspec", "groups")),
    "flock": ("wE", ("wait", "timeout", "conflict-exit-code")),
}
_SKIPPED = {"timeout": 1, "gtimeout": 1, "taskset": 1, "chrt": 1, "flock": 1, "direnv": 2}
_NAME = re.compile(r"[A-Za-z_]\w*\Z", re.ASCII)


def _wrapper(shell: "Shell", command: Command) -> None:
    """Run the words after the wrapper's own."""
    valued, long_valued = _VALUED.get(command.name, ("", ()))
    options = read_options(command.arguments, valued, long_valued, stop_at_operand=True)
    words = list(options.operands)
    if options.has("o", "output") and command.name in ("time", "strace", "ltrace"):
        for path, extent in shell.paths(options.value("o", "output") or Field(""), "writes"):
            shell.write(path, None, f"what `{command.name}` puts out", extent)
    if command.name in ("chroot",) or options.has("chdir", "D", "R"):
        shell.hide(f"`{command.name}` runs it in another folder")
    if command.name in ("sudo", "doas") and options.has("s", "i", "shell", "login") and words:
        _run_words(shell, words, command.input)
        return
    if options.has("e", "edit") and command.name == "sudo":
        shell.opaque("an editor may write files")
        return
    words = words[_SKIPPED.get(command.name, 0) :]
    if command.name == "flock" and words and words[0].text == "-c":
        _run_text(shell, words[1:2], command.input)
        return
    while words and words[0].told and _is_assignment(words[0].text):
        if words[0].text.partition("=")[0] in ("PATH", "LD_PRELOAD"):
            shell.hide("with `PATH` set, its words do not tell which programs run")
        words.pop(0)
    if not words:
        shell.sure = command.name == "exec"
        if not options.is_told:
            shell.hide(f"what `{command.name}` runs is not told")
        return
    if command.name in ("command", "builtin", "sudo", "doas") or (
        ("function", words[0].text) in shell.state.values
    ):
        _run_past_functions(shell, words, command.input)
    else:
        run_program(shell, words, command.input, {})


def _is_assignment(text: str) -> bool:
    name, equals, _ = text.partition("=")
    return bool(equals and _NAME.match(name))


def _run_past_functions(shell: "Shell", words: list[Field], data: "bytes | None") -> None:
    """Run a program although a function has its name."""
    if not words[0].told or "/" in words[0].text:
        run_program(shell, words, data, {})
        return
    shell.note_run(words)
    shell.last = words[0].text
    act(shell, Command(words[0].text, words[1:], data, is_standard=True))


def _command(shell: "Shell", command: Command) -> None:
    options = read_options(command.arguments, stop_at_operand=True)
    if not options.has("v", "V"):
        _wrapper(shell, command)


def _env(shell: "Shell", command: Command) -> None:
    options = read_options(
        command.arguments, "uCS", ("unset", "chdir", "split-string"), stop_at_operand=True
    )
    words = list(options.operands)
    environment: dict[str, str | None] = {}
    while words and "=" in words[0].text and _is_assignment(words[0].text):
        name, _, value = words.pop(0).text.partition("=")
        environment[name] = value
    split = options.value("S", "split-string")
    if split is not None:
        text = split.text if split.told else ""
        if not split.told or set(text) & set("'\"\\$#"):
            shell.hide("what `env -S` runs is not told")
            return
        words = [*(Field(word) for word in text.split()), *words]
    if not words:
        return
    if options.has("C", "chdir"):
        shell.state.open()
        shell.state.set(FOLDER_KEY, UNKNOWN)
        run_program(shell, words, command.input, environment)
        shell.state.close_subshell()
    else:
        run_program(shell, words, command.input, environment)


def _busybox(shell: "Shell", command: Command) -> None:
    if command.arguments:
        run_program(shell, command.arguments, command.input, {})


def _xargs(shell: "Shell", command: Command) -> None:
    long_valued = ("max-args", "max-procs", "delimiter", "replace", "arg-file", "max-lines")
    options = read_options(command.arguments, "adEeIiLlnPsJR", long_valued, stop_at_operand=True)
    words = options.operands or [Field("echo")]
    mark = options.value("I", "replace", "J") or (Field("{}") if options.has("i") else None)
    data = command.input
    lines: list[str] | None = None
    if data is not None and not options.has("0", "null", "d", "delimiter", "a", "arg-file"):
        text = data.decode("utf-8", "replace")
        if not set(text) & set("'\"\\\ufffd"):
            lines = text.splitlines() if mark else text.split()
    if lines is None or len(lines) > 64:
        hidden = Field("…", told=False, many=True)
        _run_with(shell, words, mark, [hidden])
    elif mark:
        for line in lines:
            _run_with(shell, words, mark, [Field(line.strip())])
        shell.output = None
    else:
        _run_with(shell, words, None, [Field(line) for line in lines])


def _run_with(shell: "Shell", words: list[Field], mark: "Field | None", given: list[Field]) -> None:
    if mark is None:
        run_program(shell, [*words, *given], None, {})
        return
    placed = [
        Field(word.text.replace(mark.text, given[0].text), given[0].told and word.told, word.glob)
        if mark.text in word.text
        else word
        for word in words
    ]
    run_program(shell, placed, None, {})


def _parallel(shell: "Shell", command: Command) -> None:
    shell.opaque("what `parallel` runs is not read", code=True)
    options = read_options(command.arguments, "jNnaISLX", ("jobs",), stop_at_operand=True)
    words = options.operands
    texts = [field.text for field in words]
    given = [text for text in (":::", "::::", ":::+") if text in texts]
    if words:
        at = min((texts.index(text) for text in given), default=len(words))
        if at:
            run_program(shell, [*words[:at], Field("{}", told=False, many=True)], None, {})


# --- texts for a shell -------------------------------------------------------------------------


def _run_words(shell: "Shell", words: list[Field], data: "bytes | None") -> None:
    """Run words that are joined to one text."""
    if not all(field.told for field in words):
        shell.hide("the text that a shell is to run is not told")
        return
    shell.run(" ".join(field.text for field in words), data, shell.positional)


def _run_text(
    shell: "Shell", words: list[Field], data: "bytes | None", arguments: "tuple[str, ...]" = ()
) -> None:
    if not words or not words[0].told:
        shell.hide("the text that a shell is to run is not told")
        return
    output = shell.run_apart(words[0].text, data, arguments)
    shell.output = output


def _bash(shell: "Shell", command: Command) -> None:
    options = read_options(command.arguments, "oO", ("rcfile", "init-file"), stop_at_operand=True)
    if options.has("rcfile", "init-file"):
        shell.opaque("a shell reads a file that may do anything")
    words = options.operands
    if options.has("c"):
        rest = words[2:]
        known = all(field.told and not field.glob for field in rest)
        arguments = tuple(field.text for field in rest) if known else None
        if arguments is None:
            shell.hide("the arguments of a shell's text are not told")
        _run_text(shell, words[:1], command.input, arguments or ())
    elif words and not options.has("s") and not words[0].text.startswith("/dev/"):
        read_field(shell, words[0])
        path = shell.locate(words[0].text) if words[0].told else None
        held = shell.state.noted(path) if path is not None else None
        if isinstance(held, bytes):
            _run_bytes(shell, held)
        else:
            shell.opaque(f"the script `{words[0].text[:80]}` may write files")
    elif command.input is not None:
        _run_bytes(shell, command.input)
    elif not options.has("version", "help"):
        shell.hide("the text that a shell is to run is not told")


def _run_bytes(shell: "Shell", data: bytes) -> None:
    """Run a text that was put out or written before."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        shell.hide("the text that a shell is to run is not told")
        return
    shell.output = shell.run_apart(text, None)


def _su(shell: "Shell", command: Command) -> None:
    options = read_options(command.arguments, "cgGsw", ("command", "shell", "group"))
    text = options.value("c", "command")
    if text is None:
        shell.hide("what the other user runs is not told")
    else:
        _run_text(shell, [text], command.input)


def _eval(shell: "Shell", command: Command) -> None:
    _run_words(shell, command.arguments, command.input)


def _trap(shell: "Shell", command: Command) -> None:
    options = read_options(command.arguments)
    if options.operands and options.operands[0].text not in ("-", ""):
        _run_text(shell, options.operands[:1], None)
        shell.output = None


def _source(shell: "Shell", command: Command) -> None:
    if not command.arguments:
        return
    first = command.arguments[0]
    read_field(shell, first)
    path = shell.locate(first.text) if first.told and not first.glob else None
    held = shell.state.noted(path) if path is not None else None
    if isinstance(held, bytes):
        shell.run(held.decode("utf-8", "replace"), command.input, shell.positional)
        return
    shell.opaque(f"`{first.text[:80]}` may do anything in this shell")
    if not re.search(r"(?:/bin/activate|/(?:conda|nvm|asdf)\.sh)\Z", first.text):
        shell.state.set(FOLDER_KEY, UNKNOWN)
    shell.forget_all()


def _script(shell: "Shell", command: Command) -> None:
    options = read_options(command.arguments, "cIOBtE", ("command",))
    text = options.value("c", "command")
    for field in options.operands[:1]:
        for path, extent in shell.paths(field, "writes"):
            shell.write(path, None, "what `script` records", extent)
    if text is not None:
        _run_text(shell, [text], command.input)
    elif len(options.operands) > 1:
        run_program(shell, options.operands[1:], command.input, {})


def _watch(shell: "Shell", command: Command) -> None:
    options = read_options(command.arguments, "nq", ("interval",), stop_at_operand=True)
    _run_words(shell, options.operands, None)


def _set(shell: "Shell", command: Command) -> None:
    """Note `set -- a b` and `shift`, which change the positional parameters."""
    texts = [field.text for field in command.arguments]
    known = all(field.told and not field.glob for field in command.arguments)
    if command.name == "shift":
        count = int(texts[0]) if texts and texts[0].isdecimal() and len(texts[0]) < 5 else 1
        positional = shell.positional
        is_told = known and positional is not None and count <= len(positional)
        shell.positional = positional[count:] if is_told and positional is not None else None
    elif not known:
        shell.positional = None
    elif "--" in texts:
        shell.positional = tuple(texts[texts.index("--") + 1 :])
    elif texts and not texts[0].startswith(("-", "+")):
        shell.positional = tuple(texts)
    elif any(not text.startswith(("-", "+")) for text in texts[1:]) and "-o" not in texts:
        shell.positional = None
    shell.sure = True


def _declare(shell: "Shell", command: Command) -> None:
    """Note `export`, `local`, `unset` and their kin, which set variables."""
    for field in command.arguments:
        name, equals, value = field.text.partition("=")
        if field.many:
            shell.forget_all()
        elif not name.startswith("-") and (equals or command.name != "export"):
            shell.set_variable(name.rstrip("+"), value if equals and field.told else None)
            if name.endswith("+") or "[" in name:
                shell.set_variable(name.rstrip("+").partition("[")[0], None)
    if command.name in ("let", "getopts"):
        for field in command.arguments:
            shell.forget(field.text)
    shell.sure = True


def _alias(shell: "Shell", command: Command) -> None:
    if any("=" in field.text or not field.told for field in command.arguments):
        shell.hide("an alias gives a name another meaning")


# --- the shell's folder ------------------------------------------------------------------------


def _cd(shell: "Shell", command: Command) -> None:
    options = read_options(command.arguments)
    operands = [*options.operands]
    if options.has("n") and command.name == "pushd":
        return
    target = operands[0] if operands else Field(shell.home)
    if command.name == "popd" or target.text == "-" or not target.told or target.glob:
        shell.state.set(FOLDER_KEY, UNKNOWN)
        return
    if target.text[:1] == "+" and command.name == "pushd":
        shell.state.set(FOLDER_KEY, UNKNOWN)
        return
    path = shell.locate(target.text)
    if path is None:
        shell.state.set(FOLDER_KEY, UNKNOWN)
        return
    folder = shell.state.is_folder(path)
    shell.sure = folder is True and shell.variable("CDPATH") is None
    # Where the folder may not be there, this holds for what follows `&&` and no longer.
    shell.is_folder_unsure = not shell.sure
    shell.state.set(FOLDER_KEY, path)


PROGRAMS = {
    **dict.fromkeys(
        words("""
    sudo doas builtin exec nohup time timeout gtimeout nice ionice stdbuf setsid chrt
    taskset flock unbuffer strace ltrace chroot direnv dotenv caffeinate
"""),
        _wrapper,
    ),
    "command": _command,
    "env": _env,
    "busybox": _busybox,
    "toybox": _busybox,
    "xargs": _xargs,
    "parallel": _parallel,
    **dict.fromkeys(["bash", "sh", "dash", "zsh", "ksh", "ash", "fish"], _bash),
    "su": _su,
    "eval": _eval,
    "trap": _trap,
    "source": _source,
    ".": _source,
    "script": _script,
    "watch": _watch,
    **dict.fromkeys(
        ("export", "local", "declare", "typeset", "readonly", "unset", "let", "getopts"), _declare
    ),
    "set": _set,
    "shift": _set,
    "alias": _alias,
    "enable": _alias,
    **dict.fromkeys(["cd", "chdir", "pushd", "popd", "dirs"], _cd),
}
