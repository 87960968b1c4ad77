"""Programs that bring files: downloads and archives."""

import posixpath

from bylaw.checkpoint.field import Field
from bylaw.checkpoint.shell.programs.options import read_options
from bylaw.checkpoint.shell.programs.reading import read_field

TYPE_CHECKING = False  # `typing` takes longer to import than a command takes to read
if TYPE_CHECKING:
    from bylaw.checkpoint.shell.programs import Command
    from bylaw.checkpoint.shell.shell import Shell

_CURL = (
    "request header data data-raw data-binary data-urlencode form user url output output-dir "
    "write-out max-time connect-timeout retry retry-delay cookie cookie-jar user-agent referer "
    "proxy cacert cert key upload-file range config dump-header trace trace-ascii stderr json"
)


def _written(shell: "Shell", field: Field, why: str, tree: bool = False) -> None:
    for path, extent in shell.paths(field, "writes"):
        shell.write(path, None, why, "tree" if tree and extent == "file" else extent)


def _curl(shell: "Shell", command: "Command") -> None:
    options = read_options(command.arguments, "XHdFuowmbcAexETrKDCtyYPQzU", tuple(_CURL.split()))
    folder = options.value("output-dir")
    base = folder.text + "/" if folder is not None else ""
    for name in ("o", "output", "c", "cookie-jar", "D", "dump-header", "trace", "trace-ascii"):
        for value in options.flags.get(name, ()):
            if value is not None and value.text != "-":
                _written(shell, Field(base + value.text, value.told), "`curl` loads it")
    if options.has("O", "remote-name", "remote-name-all", "J"):
        if options.has("J", "remote-header-name"):
            _written(shell, Field(base + "."), "`curl` loads it under a name it is told", True)
        else:
            _remote_names(shell, options.operands, base, "`curl` loads it")
    for name in ("K", "config"):
        if options.has(name):
            shell.opaque("`curl` reads its options from a file")
    for value in (options.value("T", "upload-file"), options.value("d", "data", "data-binary")):
        if value is not None:
            read_field(shell, Field(value.text.removeprefix("@"), value.told))
    if not options.is_told:
        shell.opaque("the words of `curl` are not all told")


def _remote_names(shell: "Shell", operands: list[Field], base: str, why: str) -> None:
    for field in operands:
        address = field.text.partition("?")[0].partition("#")[0]
        name = posixpath.basename(address.rstrip("/")) or "index.html"
        _written(shell, Field(base + name, field.told), why)


def _wget(shell: "Shell", command: "Command") -> None:
    options = read_options(
        command.arguments,
        "OPoaietTQwUlADIXRB",
        (
            "output-document",
            "directory-prefix",
            "output-file",
            "append-output",
            "header",
            "user-agent",
            "tries",
            "timeout",
            "post-data",
            "method",
            "input-file",
        ),
    )
    log = options.value("o", "output-file", "a", "append-output")
    if log is not None:
        _written(shell, log, "what `wget` reports")
    if options.has("spider"):
        return
    document, folder = options.value("O", "output-document"), options.value("P", "directory-prefix")
    base = folder.text + "/" if folder is not None else ""
    if document is not None:
        if document.text != "-":
            _written(shell, document, "`wget` loads it")
    elif options.has(
        "r", "recursive", "m", "mirror", "p", "i", "input-file", "content-disposition"
    ):
        _written(shell, Field(base + "."), "`wget` loads files", True)
    else:
        _remote_names(shell, options.operands, base, "`wget` loads it")


def _tar(shell: "Shell", command: "Command") -> None:
    fields = list(command.arguments)
    if fields and fields[0].told and not fields[0].text.startswith("-"):
        fields[0] = Field("-" + fields[0].text)
    options = read_options(
        fields,
        "fCTXbgIHLKNV",
        ("file", "directory", "files-from", "exclude", "use-compress-program"),
    )
    archive = options.value("f", "file")
    if options.has("to-command", "checkpoint-action", "I", "use-compress-program"):
        shell.opaque("`tar` runs a program")
    if options.has("x", "extract", "get") and not options.has("O", "to-stdout"):
        folder = options.value("C", "directory") or Field(".")
        _written(shell, folder, "files of an archive", True)
    elif options.has("c", "create", "r", "append", "u", "update", "A", "delete"):
        if archive is not None and archive.text != "-":
            _written(shell, archive, "an archive")
        if options.has("remove-files"):
            for field in options.operands:
                for path, extent in shell.paths(field, "removes"):
                    shell.remove(path, "tree" if extent == "file" else extent)
    elif archive is not None:
        read_field(shell, archive)


def _unzip(shell: "Shell", command: "Command") -> None:
    options = read_options(command.arguments, "dxP")
    if not options.has("l", "t", "p", "v", "Z", "z"):
        _written(shell, options.value("d") or Field("."), "files of an archive", True)


def _zip(shell: "Shell", command: "Command") -> None:
    options = read_options(command.arguments, "nbtxiP")
    if options.operands:
        first = options.operands[0]
        name = first.text if "." in posixpath.basename(first.text) else first.text + ".zip"
        _written(shell, Field(name, first.told, first.glob), "an archive")
    if options.has("m", "move"):
        for field in options.operands[1:]:
            for path, extent in shell.paths(field, "removes"):
                shell.remove(path, "tree" if extent == "file" else extent)


_ENDINGS = {
    "gzip": ".gz",
    "gunzip": ".gz",
    "bzip2": ".bz2",
    "bunzip2": ".bz2",
    "xz": ".xz",
    "unxz": ".xz",
    "zstd": ".zst",
}


def _compress(shell: "Shell", command: "Command") -> None:
    options = read_options(command.arguments, "STDMo")
    if options.has("c", "stdout", "t", "test", "l", "list"):
        return
    unpacks = command.name.startswith("un") or command.name in ("gunzip", "bunzip2")
    unpacks = unpacks or options.has("d", "decompress")
    ending = _ENDINGS[command.name]
    value = options.value("o")
    if value is not None:
        _written(shell, value, "a packed or unpacked file")
    for field in options.operands:
        name = field.text.removesuffix(ending) if unpacks else field.text + ending
        tree = options.has("r", "recursive") or (unpacks and name == field.text)
        _written(shell, Field(name, field.told, field.glob), "a packed or unpacked file", tree)
        if not options.has("k", "keep") and command.name != "zstd":
            for path, extent in shell.paths(field, "removes"):
                shell.remove(path, "tree" if tree and extent == "file" else extent)


def _archiver(shell: "Shell", command: "Command") -> None:
    shell.opaque(f"which files `{command.name}` writes is not read")


PROGRAMS = {
    "curl": _curl,
    "wget": _wget,
    "tar": _tar,
    "bsdtar": _tar,
    "unzip": _unzip,
    "zip": _zip,
    **dict.fromkeys(_ENDINGS, _compress),
    **dict.fromkeys(["7z", "7za", "unrar"], _archiver),
}
