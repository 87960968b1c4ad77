"""Programs that make, move and remove files."""

import posixpath

from bylaw.checkpoint.effects import Opaque
from bylaw.checkpoint.field import Field
from bylaw.checkpoint.shell.programs.options import Options, read_options
from bylaw.checkpoint.state import FOLDER, GONE, LINK, UNKNOWN

TYPE_CHECKING = False  # `typing` takes longer to import than a command takes to read
if TYPE_CHECKING:
    from bylaw.checkpoint.calls import Extent
    from bylaw.checkpoint.shell.programs import Command
    from bylaw.checkpoint.shell.shell import Shell


def _untold(shell: "Shell", command: "Command", options: Options) -> None:
    if not options.is_told and all(field.told for field in options.operands):
        shell.hide(f"the words of `{command.name}` are not all told")


def remove_field(shell: "Shell", field: Field, tree: bool) -> None:
    """Note that what a field names is removed; with `tree` folders, too."""
    is_folder_form = field.told and field.text.endswith("/")
    for path, extent in shell.paths(field, "removes", follow=is_folder_form):
        if extent == "file":
            is_tree = tree and shell.state.is_folder(path) is not False
            shell.remove(path, "tree" if is_tree else "file")
        else:
            shell.remove(path, extent)


def _rm(shell: "Shell", command: "Command") -> None:
    options = read_options(command.arguments)
    if not options.has("help", "version"):
        tree = options.has("r", "R", "recursive", "d", "dir")
        for field in options.operands:
            remove_field(shell, field, tree)
        _untold(shell, command, options)


def _remove_all(shell: "Shell", command: "Command") -> None:
    for field in read_options(command.arguments, "n", ("iterations",)).operands:
        remove_field(shell, field, command.name == "trash")


def _rmdir(shell: "Shell", command: "Command") -> None:
    # Only an empty folder goes, and git keeps none.
    for field in read_options(command.arguments).operands:
        shell.paths(field, "removes")


def _mkdir(shell: "Shell", command: "Command") -> None:
    options = read_options(command.arguments, "m", ("mode", "context"))
    for field in options.operands:
        for path, extent in shell.paths(field, "makes"):
            if extent == "file" and shell.inside(path) is None:
                continue
            at = path
            while extent == "file" and shell.state.is_folder(at) is False and at != "/":
                shell.state.note(at, FOLDER)
                at = posixpath.dirname(at)
    shell.sure = options.has("p", "parents") and all(field.told for field in options.operands)


def _touch(shell: "Shell", command: "Command") -> None:
    options = read_options(command.arguments, "dtr", ("date", "reference", "time"))
    for field in options.operands:
        for path, extent in shell.paths(field, "touches"):
            held = shell.state.content(path)
            if extent == "file" and held is GONE and not options.has("c", "no-create"):
                shell.write(path, b"", "")
            elif extent != "file":
                shell.write_pattern(path, "it may be there already")
            elif held is UNKNOWN:
                shell.write(path, None, "it may be there already")
    _untold(shell, command, options)


def _truncate(shell: "Shell", command: "Command") -> None:
    options = read_options(command.arguments, "sr", ("size", "reference"))
    size = options.value("s", "size")
    is_empty = size is not None and size.text == "0"
    for field in options.operands:
        for path, extent in shell.paths(field, "writes"):
            content = b"" if is_empty and extent == "file" else None
            shell.write(path, content, "`truncate` cuts it", extent)
    _untold(shell, command, options)


# --- copies ------------------------------------------------------------------------------------


class _Pair:
    """A source and the place that it goes to."""

    __slots__ = ("extent", "new", "old")

    def __init__(self, old: str, new: str, extent: "Extent") -> None:
        self.old = old
        self.new = new
        self.extent = extent


def _pairs(
    shell: "Shell", options: Options, command: "Command", follow: bool
) -> "list[_Pair] | None":
    """Return what goes where; None, and it is noted, where it cannot be told."""
    operands = list(options.operands)
    target = options.value("t", "target-directory")
    into = target is not None
    if target is None:
        if len(operands) < 2:
            if not options.is_told or any(field.glob for field in operands):
                shell.hide(f"the words of `{command.name}` are not all told")
            return []
        target = operands.pop()
    places = shell.paths(target, "writes")
    if not places or not options.is_told or places[0][1] != "file":
        if places:
            shell.hide(f"the words of `{command.name}` are not all told")
        return None
    place = places[0][0]
    folder = shell.state.is_folder(place)
    into = into or target.text.endswith("/") or folder is True or len(operands) > 1
    if any(field.glob for field in operands):
        into = into or folder is not False
    if options.has("T", "no-target-directory"):
        into = False
    found: list[_Pair] = []
    for field in operands:
        for path, extent in shell.paths(field, "reads", follow=follow):
            if extent != "file":
                found.append(_Pair(path, posixpath.join(place, "**"), extent))
                continue
            base = posixpath.basename(field.text.rstrip("/")) or posixpath.basename(path)
            inner = field.text.endswith("/.") or base in (".", "..")
            new = posixpath.join(place, base) if into and not inner else place
            new = shell.files.real(new)
            kind = shell.state.is_folder(path)
            # Where the target may be a folder or not, both are written.
            if folder is None and not into:
                found.append(_Pair(path, posixpath.join(place, base), "file"))
            found.append(_Pair(path, new, "tree" if kind is not False else "file"))
    return found


def copy(shell: "Shell", pair: _Pair, reads: bool = True) -> None:
    """Note that one thing is copied."""
    if pair.extent != "file":
        # What a folder or a pattern holds is not looked at.
        shell.write(pair.new, None, "a copy of a folder", pair.extent)
        return
    held = shell.state.content(pair.old)
    if reads:
        shell.read(pair.old)
    content = held if isinstance(held, bytes) else None
    shell.write(pair.new, content, "a copy of a file that is not known")


def _cp(shell: "Shell", command: "Command") -> None:
    options = read_options(command.arguments, "tS", ("target-directory", "suffix"))
    pairs = _pairs(shell, options, command, follow=True)
    for pair in pairs or ():
        if options.has("s", "symbolic-link", "l", "link"):
            shell.write(pair.new, None, "a link", pair.extent)
            shell.state.note(pair.new, LINK)
        else:
            copy(shell, pair, reads=False)


def _mv(shell: "Shell", command: "Command") -> None:
    options = read_options(command.arguments, "tS", ("target-directory", "suffix"))
    for pair in _pairs(shell, options, command, follow=False) or ():
        move(shell, pair)


def move(shell: "Shell", pair: _Pair) -> None:
    """Note that one thing is moved."""
    copy(shell, pair, reads=False)
    shell.remove(pair.old, pair.extent)


def _ln(shell: "Shell", command: "Command") -> None:
    options = read_options(command.arguments, "tS", ("target-directory", "suffix"))
    if len(options.operands) == 1 and not options.has("t", "target-directory"):
        options.operands.append(Field("."))
    for pair in _pairs(shell, options, command, follow=False) or ():
        old = pair.old
        if not options.has("s", "symbolic") and pair.extent == "file":
            copy(shell, pair)
            shell.state.note(old, LINK)
        else:
            shell.write(pair.new, None, "a link", "file" if pair.extent == "tree" else pair.extent)
        shell.state.note(pair.new, LINK)


def _install(shell: "Shell", command: "Command") -> None:
    options = read_options(
        command.arguments, "mogtS", ("mode", "owner", "group", "target-directory", "suffix")
    )
    if options.has("d", "directory"):
        _mkdir(shell, command)
        return
    for pair in _pairs(shell, options, command, follow=True) or ():
        copy(shell, pair)


def _rsync(shell: "Shell", command: "Command") -> None:
    options = read_options(
        command.arguments,
        "efBTM",
        (
            "exclude",
            "include",
            "exclude-from",
            "include-from",
            "files-from",
            "rsh",
            "filter",
            "backup-dir",
            "log-file",
            "temp-dir",
            "compare-dest",
            "link-dest",
            "rsync-path",
        ),
    )
    _untold(shell, command, options)
    if not options.operands or options.has("n", "dry-run"):
        return
    target = options.operands[-1]
    if target.told and ":" in target.text.partition("/")[0]:
        shell.opaque("`rsync` copies to another machine")
        return
    for path, _ in shell.paths(target, "writes"):
        shell.write(path, None, "`rsync` copies files there", "tree")
        if any(name.startswith("delete") for name in options.flags):
            shell.remove(path, "tree")
            shell.state.note(path, UNKNOWN)
    if options.has("remove-source-files"):
        for field in options.operands[:-1]:
            for path, extent in shell.paths(field, "removes"):
                shell.remove(path, "tree" if extent == "file" else extent)


def _dd(shell: "Shell", command: "Command") -> None:
    for field in command.arguments:
        name, equals, value = field.text.partition("=")
        if not equals or name not in ("of", "if"):
            if not field.told:
                shell.hide("the words of `dd` are not all told")
            continue
        for path, extent in shell.paths(Field(value, field.told), "writes"):
            if name == "if":
                shell.read(path, extent)
            else:
                shell.write(path, None, "`dd` writes it", extent)


def _write_operands(shell: "Shell", command: "Command") -> None:
    """Note that any operand may be written."""
    options = read_options(command.arguments, "nblaCtp")
    for field in options.operands:
        for path, extent in shell.paths(field, "writes"):
            shell.write(path, None, f"`{command.name}` writes it", extent)
    _untold(shell, command, options)


def _shred(shell: "Shell", command: "Command") -> None:
    options = read_options(command.arguments, "ns", ("iterations", "size", "random-source"))
    for field in options.operands:
        for path, extent in shell.paths(field, "writes"):
            shell.write(path, None, "`shred` writes over it", extent)
            if options.has("u", "remove"):
                shell.remove(path, extent)


def _split(shell: "Shell", command: "Command") -> None:
    options = read_options(command.arguments, "abClnt", ("suffix-length", "bytes", "lines"))
    prefix = options.operands[1] if len(options.operands) > 1 else Field("x")
    for path, _ in shell.paths(Field(prefix.text, prefix.told), "writes"):
        shell.write(path + "*", None, "`split` writes parts", "glob")


def _mode(shell: "Shell", command: "Command") -> None:
    """Note a change of mode or owner: contents stay."""
    del shell, command


def _mktemp(shell: "Shell", command: "Command") -> None:
    options = read_options(command.arguments, "p", ("tmpdir", "suffix"))
    operands = [field for field in options.operands if not field.text.startswith("/tmp/")]  # noqa: S108 - the shell's text
    if operands and not options.has("t", "tmpdir", "p"):
        shell.add(Opaque("`mktemp` makes a file whose name is not told", "program"))


def _rename(shell: "Shell", command: "Command") -> None:
    shell.opaque(f"which files `{command.name}` writes is not read")


PROGRAMS = {
    "cp": _cp,
    "scp": _rsync,
    "mv": _mv,
    "rm": _rm,
    "trash": _remove_all,
    "rmdir": _rmdir,
    "unlink": _remove_all,
    "ln": _ln,
    "install": _install,
    "rsync": _rsync,
    "truncate": _truncate,
    "touch": _touch,
    "dd": _dd,
    "mkdir": _mkdir,
    "mktemp": _mktemp,
    "shred": _shred,
    "split": _split,
    "csplit": _split,
    "chmod": _mode,
    "chown": _mode,
    "chgrp": _mode,
    "cpio": _rename,
    "mkfifo": _write_operands,
    "mknod": _write_operands,
    "rename": _rename,
}
