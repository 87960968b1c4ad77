"""Programs that install packages."""

import re

from bylaw.checkpoint.effects import Install
from bylaw.checkpoint.field import Field
from bylaw.checkpoint.shell.programs import Command, run_program
from bylaw.checkpoint.shell.programs.options import Options, read_options

TYPE_CHECKING = False  # `typing` takes longer to import than a command takes to read
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    from bylaw.checkpoint.shell.shell import Shell

    Registry: TypeAlias = Literal["pypi", "npm", "go", "crates"]

_REQUIREMENT = re.compile(
    r"([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*"
    r"(@(?!\s*(?:https?|file|git|ssh|hg|svn)\b)[^;/]*|[<>=!~^][^;]*|)\s*(?:;.*)?\Z",
    re.ASCII | re.DOTALL,
)
_NAMED_ADDRESS = re.compile(r"([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*@", re.ASCII)
_NPM = re.compile(
    r"(?:([^@/\s:]+)@(?=npm:))?(?:npm:)?((?:@[^/@\s]+/)?[^@/\s:]+)(?:@(.*))?\Z", re.DOTALL
)
_CRATE = re.compile(r"([A-Za-z0-9_-]+)(?:@(.*))?\Z", re.DOTALL)
_PIP_VALUED = (
    "index-url", "extra-index-url", "find-links", "target", "prefix", "root", "python", "proxy",
    "constraint", "platform", "python-version", "config-settings", "log", "cache-dir", "report",
    "group", "optional", "extra", "extras", "marker", "package", "tag", "branch", "rev", "source",
    "index", "project", "directory", "features", "workspace", "filter", "registry", "requirement",
    "editable", "requirements", "path", "git", "rename", "prefix-dir", "dir", "cwd",
)  # fmt: skip


def _note(shell: "Shell", install: Install) -> None:
    """Note a package with the folder whose manifest it would stand in."""
    install.folder = shell.state.folder
    shell.add(install)


def _install(shell: "Shell", registry: "Registry", field: Field, dev: bool) -> None:
    """Note one package that is added."""
    text = field.text
    name: str | None = None
    wanted = ""
    if not field.told:
        _note(shell, Install(registry, None, "", text, dev))
        return
    if registry == "pypi":
        found = _REQUIREMENT.match(text)
        if found and "/" not in text and not text.endswith((".whl", ".gz", ".zip")):
            name, wanted = found[1], found[2].strip().lstrip("@").strip()
            wanted = f"=={wanted}" if "@" in found[2] and wanted[:1].isdecimal() else wanted
        else:
            named = _NAMED_ADDRESS.match(text)
            name = named[1] if named else _egg(text)
    elif registry == "npm":
        found = (
            None
            if re.match(r"[./~]|[a-z+]+:(?<!npm:)|.*(?:\.tgz|\.git)\Z", text)
            else _NPM.match(text)
        )
        if found:
            name, wanted = found[2], found[3] or ""
    elif registry == "go":
        path, _, wanted = text.partition("@")
        name = None if path.startswith((".", "/")) or "." not in path else path
    else:
        found = _CRATE.match(text)
        name, wanted = (found[1], found[2] or "") if found else (None, "")
    _note(shell, Install(registry, name, wanted, text, dev))


def _egg(text: str) -> "str | None":
    found = re.search(r"[#&]egg=([\w.-]+)", text)
    return found[1] if found else None


def _add_all(
    shell: "Shell", registry: "Registry", fields: list[Field], options: Options, dev: bool
) -> None:
    for field in fields:
        _install(shell, registry, field, dev)
    if not options.is_told and all(field.told for field in fields):
        _note(shell, Install(registry, None, "", "what the text does not tell", dev))


def _writes(shell: "Shell", *names: str) -> None:
    """Note that manifests of the folder are written."""
    for name in names:
        for path, extent in shell.paths(Field(name), "writes"):
            shell.write(path, None, "an installer writes it", extent)


def _split(command: Command, valued: str) -> "tuple[str, Options]":
    """Return the subcommand and the options of the words."""
    options = read_options(command.arguments, valued, _PIP_VALUED)
    operands = options.operands
    subcommand = operands.pop(0).text if operands and operands[0].told else ""
    return subcommand, options


# --- Python ------------------------------------------------------------------------------------


def _pip(shell: "Shell", command: Command) -> None:
    subcommand, options = _split(command, "rceifpt")
    if subcommand not in ("install", "download", "wheel"):
        if subcommand in ("", "uninstall", "cache", "config"):
            shell.opaque("`pip` changes the environment")
        return
    _pip_install(shell, options)


def _pip_install(shell: "Shell", options: Options) -> None:
    operands = list(options.operands)
    for name in ("r", "requirement", "requirements", "c", "constraint"):
        for value in options.flags.get(name, ()):
            if value is not None and name not in ("c", "constraint"):
                _note(shell, Install("pypi", None, "", f"-r {value.text}"))
                for path, extent in shell.paths(value, "reads"):
                    shell.read(path, extent)
    for name in ("e", "editable"):
        given = options.flags.get(name, ())
        operands += [value for value in given if value is not None and _egg(value.text)]
    places = [field for field in operands if field.told and field.text.startswith((".", "/"))]
    _add_all(shell, "pypi", [f for f in operands if f not in places], options, dev=False)
    target = options.value("t", "target", "prefix", "root")
    if target is not None:
        for path, _ in shell.paths(target, "writes"):
            shell.write(path, None, "an installer writes packages there", "tree")
    shell.opaque("an installer runs what packages bring")


def _python_project(shell: "Shell", command: Command) -> None:
    """Note uv, poetry, pdm, pipenv and rye, which write the project's manifest."""
    name = command.name
    subcommand, options = _split(command, "reGcEfp" if name != "pipenv" else "reips")
    if name == "uv" and subcommand in ("pip", "tool", "run", "x"):
        _uv(shell, command, subcommand)
        return
    if subcommand in ("run", "exec", "shell"):
        _run_rest(shell, command, subcommand)
        return
    dev = options.has("dev", "d", "D") or _is_dev(options.value("group", "G"))
    adds = subcommand == "add" or (
        subcommand == "install" and name == "pipenv" and bool(options.operands)
    )
    if adds:
        _add_all(shell, "pypi", options.operands, options, dev)
        if options.has("r", "requirements", "requirement"):
            value = options.value("r", "requirements", "requirement")
            _note(shell, Install("pypi", None, "", f"-r {value.text if value else ''}", dev))
    if adds or subcommand in ("remove", "uninstall", "update", "lock", "sync", "upgrade", "up"):
        manifest = "Pipfile" if name == "pipenv" else "pyproject.toml"
        locks = {"pipenv": "Pipfile.lock", "rye": "requirements.lock"}
        if subcommand not in ("lock", "sync"):
            _writes(shell, manifest)
        _writes(shell, locks.get(name, f"{name}.lock"))
    shell.opaque(f"`{name}` runs what packages bring")


def _is_dev(field: "Field | None") -> bool:
    return field is not None and field.text in ("dev", "test", "tests", "lint", "docs", "develop")


def _after(command: Command, word: str) -> list[Field]:
    """Return the words after a subcommand."""
    texts = [field.text for field in command.arguments]
    return command.arguments[texts.index(word) + 1 :]


def _uv(shell: "Shell", command: Command, subcommand: str) -> None:
    rest = _after(command, subcommand)
    if subcommand == "pip":
        _pip(shell, Command("pip", rest, command.input, is_standard=True))
    elif subcommand == "run":
        options = read_options(
            rest,
            "pw",
            ("with", "python", "project", "group", "extra", "package"),
            stop_at_operand=True,
        )
        for name in ("with", "w"):
            for value in options.flags.get(name, ()):
                if value is not None:
                    for part in value.text.split(","):
                        _install(shell, "pypi", Field(part, value.told), dev=True)
        if options.has("m") and options.operands:
            run_program(shell, [Field("python"), Field("-m"), *options.operands], command.input, {})
        elif options.operands:
            run_program(shell, options.operands, command.input, {})
    else:
        shell.opaque("`uv tool` installs and runs programs")


def _pipx(shell: "Shell", command: Command) -> None:
    shell.opaque(f"`{command.name}` installs and runs programs")
    if command.name == "pipx":
        subcommand, options = _split(command, "")
        if subcommand in ("install", "inject"):
            _add_all(shell, "pypi", options.operands, options, dev=True)


def _run_rest(shell: "Shell", command: Command, subcommand: str) -> None:
    rest = _after(command, subcommand)
    options = read_options(rest, "p", ("python", "package"), stop_at_operand=True)
    if options.operands:
        run_program(shell, options.operands, command.input, {})


# --- JavaScript, Rust, Go ----------------------------------------------------------------------

_NPM_ADDS = frozenset(("install", "i", "add", "in", "ins", "isntall", "link"))
_NPM_CHANGES = frozenset(
    ("uninstall", "remove", "rm", "un", "r", "update", "up", "upgrade", "dedupe", "audit", "pkg",
     "version", "set", "init", "create", "dlx", "prune", "import")
)  # fmt: skip
_NPM_RUNS = frozenset(("exec", "x", "dlx"))
_NPM_LOCKS = {
    "npm": "package-lock.json",
    "pnpm": "pnpm-lock.yaml",
    "yarn": "yarn.lock",
    "bun": "bun.lock",
}
_NPM_READS = frozenset(
    ("ls", "list", "view", "info", "outdated", "why", "config", "bin", "root", "ping", "whoami",
     "search", "help", "explain", "fund")
)  # fmt: skip


def _npm(shell: "Shell", command: Command) -> None:
    name = command.name
    subcommand, options = _split(command, "wFC")
    operands = list(options.operands)
    is_elsewhere = name == "yarn" and subcommand == "workspace"
    if name == "yarn" and subcommand in ("global", "workspace") and operands:
        skipped = 1 if subcommand == "workspace" else 0
        subcommand = operands[skipped].text if len(operands) > skipped else ""
        operands = operands[skipped + 1 :]
    if subcommand in _NPM_RUNS:
        _npx(shell, Command("npx", _after(command, subcommand), command.input, is_standard=True))
        return
    adds = subcommand in _NPM_ADDS and (bool(operands) or not options.is_told)
    if adds and not (name == "yarn" and subcommand in ("install", "i")):
        dev = options.has("D", "dev", "save-dev", "d", "development", "save-peer")
        _add_all(shell, "npm", operands, options, dev)
    if options.has("g", "global", "location") and adds:
        shell.opaque("an installer runs what packages bring")
        return
    base = options.value("C", "prefix", "cwd", "dir")
    where = f"{base.text.rstrip('/')}/" if base is not None else ""
    if subcommand in ("install", "i", "ci", "") and not adds:
        _writes(shell, f"{where}{_NPM_LOCKS[name]}")
    elif options.has("w", "workspace", "filter", "F", "r", "recursive") or is_elsewhere:
        shell.write(f"{shell.files.root}/**/package.json", None, "an installer writes it", "glob")
        _writes(shell, _NPM_LOCKS[name])
    elif adds or subcommand in _NPM_CHANGES:
        _writes(shell, f"{where}package.json", f"{where}{_NPM_LOCKS[name]}")
    if subcommand not in _NPM_READS:
        shell.opaque(f"`{name}` runs scripts that may write files")


def _npx(shell: "Shell", command: Command) -> None:
    is_python = command.name == "uvx"
    options = read_options(
        command.arguments,
        "p" if is_python else "pc",
        ("package", "call", "from", "with", "python"),
        stop_at_operand=True,
    )
    for key in ("from", "with") if is_python else ("p", "package"):
        for value in options.flags.get(key, ()):
            if value is not None:
                _install(shell, "pypi" if is_python else "npm", value, dev=True)
    call = options.value("c", "call")
    if call is not None:
        shell.run_apart(call.text if call.told else "$hidden", None)
    if options.operands:
        first = options.operands[0]
        name = re.sub(r"(?<=.)@[^/]*\Z", "", first.text)
        run_program(shell, [Field(name, first.told), *options.operands[1:]], command.input, {})


def _cargo(shell: "Shell", command: Command) -> None:
    subcommand, options = _split(command, "FpZj")
    if subcommand == "add":
        dev = options.has("dev", "D")
        _add_all(shell, "crates", options.operands, options, dev)
        _writes(shell, "Cargo.toml", "Cargo.lock")
    elif subcommand in ("remove", "rm", "update", "upgrade"):
        _writes(shell, "Cargo.toml", "Cargo.lock")
    elif subcommand == "fmt" and not options.has("check"):
        for path, _ in shell.paths(Field("."), "writes"):
            shell.write(path, None, "`cargo fmt` writes it anew", "tree")
        return
    elif subcommand in ("tree", "metadata", "search", "version", "info", "pkgid"):
        return
    shell.opaque("`cargo` runs build scripts that may write files")


def _go(shell: "Shell", command: Command) -> None:
    words = command.arguments
    subcommand = words[0].text if words else ""
    options = read_options(words[1:], "", ("C", "modfile", "o", "run", "tags"), single_dash=True)
    if subcommand in ("get", "install"):
        for field in options.operands:
            _install(shell, "go", field, dev=subcommand == "install")
        if subcommand == "get":
            _writes(shell, "go.mod", "go.sum")
        return
    if subcommand == "mod":
        _writes(shell, "go.mod", "go.sum")
    elif subcommand == "fmt":
        for path, _ in shell.paths(Field("."), "writes"):
            shell.write(path, None, "`go fmt` writes it anew", "tree")
    elif subcommand not in ("version", "env", "list", "doc", "vet", "help", ""):
        shell.opaque(f"`go {subcommand[:40]}` may write files")


def _system(shell: "Shell", command: Command) -> None:
    """Note an installer whose packages no sentence names."""
    shell.opaque(f"`{command.name}` installs or runs what the text does not tell")


PROGRAMS = {
    "pip": _pip,
    "pipx": _pipx,
    **dict.fromkeys(["uv", "poetry", "pdm", "pipenv", "rye", "hatch"], _python_project),
    **dict.fromkeys(["npm", "pnpm", "yarn", "bun"], _npm),
    **dict.fromkeys(("npx", "bunx", "pnpx", "uvx"), _npx),
    "cargo": _cargo,
    "go": _go,
    **dict.fromkeys(
        ["conda", "mamba", "gem", "bundle", "composer", "apt", "apt-get", "brew"], _system
    ),
}
