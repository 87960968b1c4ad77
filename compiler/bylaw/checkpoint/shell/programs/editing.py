"""Programs that change files in place: `sed -i`, `perl -pi`, `patch`, editors."""

import re

from bylaw.checkpoint.effects import Write
from bylaw.checkpoint.field import Field
from bylaw.checkpoint.plain import words
from bylaw.checkpoint.shell.programs.options import read_options
from bylaw.checkpoint.shell.programs.reading import read_field

TYPE_CHECKING = False  # `typing` takes longer to import than a command takes to read
if TYPE_CHECKING:
    from bylaw.checkpoint.shell.programs import Command
    from bylaw.checkpoint.shell.shell import Shell

_ADDRESS = re.compile(r"(?:[0-9]+(?:~[0-9]+)?|\$|\+[0-9]+|~[0-9]+|[,!\s])*")


def _write(shell: "Shell", fields: list[Field], why: str) -> None:
    for field in fields:
        for path, extent in shell.paths(field, "edits"):
            shell.write(path, None, why, extent)


# --- sed ---------------------------------------------------------------------------------------


def _sed(shell: "Shell", command: "Command") -> None:
    fields = list(command.arguments)
    in_place, suffix, fields = _in_place(fields)
    options = read_options(fields, "efl", ("expression", "file", "line-length"))
    operands = list(options.operands)
    scripts = [
        value for name in ("e", "expression") for value in options.flags.get(name, ()) if value
    ]
    if not scripts and not options.has("f", "file"):
        scripts, operands = operands[:1], operands[1:]
    if options.has("f", "file") or not all(
        script.told and is_harmless(script.text) for script in scripts
    ):
        shell.opaque("the script of `sed` may write files or run programs", code=True)
    if not in_place:
        for field in operands:
            read_field(shell, field)
        return
    _write(shell, operands, "`sed -i` edits it")
    if suffix:
        _write_backups(shell, operands, suffix)
    if not options.is_told and all(field.told for field in operands):
        shell.hide("the words of `sed` are not all told")


def _in_place(fields: list[Field]) -> tuple[bool, str, list[Field]]:
    """Take `-i` out, with its suffix: behind it, or (as on BSD) an empty word after it."""
    kept: list[Field] = []
    found, suffix = False, ""
    index = 0
    while index < len(fields):
        text = fields[index].text
        short = re.fullmatch(r"-([nErsuz]*)i(.*)", text, re.DOTALL)
        if text == "--":
            kept += fields[index:]
            break
        if short or text == "--in-place" or text.startswith("--in-place="):
            found = True
            suffix = short[2] if short else text.partition("=")[2]
            following = fields[index + 1] if index + 1 < len(fields) else None
            if not suffix and following is not None and following.text == "" and following.told:
                index += 1
            elif short and short[1]:
                kept.append(Field("-" + short[1]))
        else:
            kept.append(fields[index])
        index += 1
    return found, suffix, kept


def _write_backups(shell: "Shell", operands: list[Field], suffix: str) -> None:
    for field in operands:
        if field.told:
            name = suffix.replace("*", field.text) if "*" in suffix else field.text + suffix
            _write(shell, [Field(name, glob=field.glob)], "the copy that `sed -i` keeps")


def is_harmless(script: str) -> bool:
    """Tell whether a script of sed neither writes a file nor runs a program."""
    at, end = 0, len(script)
    while at < end:
        sign = script[at]
        if sign in " \t\n;{}":
            at += 1
            continue
        found = _ADDRESS.match(script, at)
        if found and found.end() > at:
            at = found.end()
            continue
        if sign == "/":
            at = _after(script, at + 1, "/")
            at += script[at : at + 1] in ("I", "M")
        elif sign == "\\" and at + 1 < end:
            at = _after(script, at + 2, script[at + 1])
        elif sign in "sy" and at + 1 < end:
            at = _after(script, _after(script, at + 2, script[at + 1]), script[at + 1])
            flags = re.compile(r"[0-9gpiImMe]*w?").match(script, at)
            assert flags is not None  # noqa: S101 - it matches nothing, too
            if "w" in flags[0] or "e" in flags[0]:
                return False
            at = flags.end()
        elif sign in "wWe" or sign not in "aciqQrRbtT:=dDgGhHlnNpPxFvz#":
            return False
        elif sign in "aci#:btTrRv":
            line = script.find("\n", at)
            at = end if line < 0 else line + 1
        else:
            at += 1
    return True


def _after(script: str, at: int, delimiter: str) -> int:
    """Return the place after the next delimiter that is not escaped or in brackets."""
    while at < len(script):
        if script[at] == "\\":
            at += 2
        elif script[at] == delimiter:
            return at + 1
        else:
            at += 1
    return at


# --- others ------------------------------------------------------------------------------------


def _perl(shell: "Shell", command: "Command") -> None:
    options = read_options(command.arguments, "eEIMmxCF0l", ())
    inline = options.has("e", "E")
    if options.has("i"):
        files = options.operands if inline else options.operands[1:]
        _write(shell, files, "`perl -i` edits it")
        if not options.is_told:
            shell.hide("the words of `perl` are not all told")
    if inline or command.input is not None or not options.operands:
        if not options.has("v"):
            shell.opaque("what code `perl` runs is not read", code=True)
    else:
        shell.opaque("`perl` runs a script that may write files")


def _patch(shell: "Shell", command: "Command") -> None:
    from bylaw.checkpoint.patches import patch_effects

    options = read_options(
        command.arguments,
        "pdioDFBYzVrg",
        ("strip", "directory", "input", "output", "fuzz", "reject-file"),
    )
    if options.has("dry-run"):
        return
    output = options.value("o", "output")
    if output is not None:
        _write(shell, [output], "what `patch` puts out")
        return
    data = _patch_text(shell, options.value("i", "input"), command.input)
    if len(options.operands) > 1:
        data = _patch_text(shell, options.operands[1], None)
    if options.operands:
        _write(shell, options.operands[:1], "`patch` edits it")
        return
    if options.has("d", "directory") or options.has("R", "reverse") or data is None:
        shell.hide("which files the patch changes is not told")
        return
    strip = options.value("p", "strip")
    count = int(strip.text) if strip is not None and strip.text.isdecimal() else None
    patch_effects(shell, data, count)
    for effect in list(shell.effects):
        if isinstance(effect, Write) and effect.content is None:
            # Where a patch does not fit it keeps the file as it was, and what it could not do.
            root = shell.files.root
            shell.write(f"{root}/{effect.path}.orig", None, "what `patch` keeps")
            shell.write(f"{root}/{effect.path}.rej", None, "what `patch` could not do")


def _patch_text(shell: "Shell", field: "Field | None", data: "bytes | None") -> "bytes | None":
    if field is None:
        return data
    for path, extent in shell.paths(field, "reads"):
        shell.read(path, extent)
        held = shell.state.content(path)
        return held if isinstance(held, bytes) and extent == "file" else None
    return None


def _apply_patch(shell: "Shell", command: "Command") -> None:
    from bylaw.checkpoint.patches import patch_effects

    data = command.input
    if command.arguments:
        first = command.arguments[0]
        data = first.text.encode("utf-8", "surrogatepass") if first.told else None
    if data is None:
        shell.hide("which files the patch changes is not told")
    else:
        patch_effects(shell, data, None)


def _editor(shell: "Shell", command: "Command") -> None:
    options = read_options(command.arguments, "csSuUp")
    _write(shell, options.operands, f"`{command.name}` edits it")
    if options.flags or command.input is not None:
        shell.opaque(f"what `{command.name}` does is not read", code=True)


PROGRAMS = {
    "sed": _sed,
    "gsed": _sed,
    "perl": _perl,
    "patch": _patch,
    "apply_patch": _apply_patch,
    **dict.fromkeys(
        words("""
    ed ex vi vim nvim emacs nano pico awk-inplace
"""),
        _editor,
    ),
}
