"""Programs that write code anew in place, and those that only look at it."""

import re

from bylaw.checkpoint.field import Field
from bylaw.checkpoint.plain import words
from bylaw.checkpoint.shell.programs.options import Options, read_options
from bylaw.checkpoint.shell.programs.reading import read_field

TYPE_CHECKING = False  # `typing` takes longer to import than a command takes to read
if TYPE_CHECKING:
    from bylaw.checkpoint.shell.programs import Command
    from bylaw.checkpoint.shell.shell import Shell

_WRITES: dict[str, tuple[str, ...]] = {
    "prettier": ("w", "write"),
    "eslint": ("fix",),
    "stylelint": ("fix",),
    "standard": ("fix",),
    "markdownlint": ("f", "fix"),
    "biome": ("write", "apply", "fix", "apply-unsafe"),
    "gofmt": ("w",),
    "goimports": ("w",),
    "gofumpt": ("w",),
    "clang-format": ("i",),
    "shfmt": ("w", "write"),
    "autopep8": ("i", "in-place"),
    "yapf": ("i", "in-place"),
    "autoflake": ("i", "in-place"),
    "docformatter": ("i", "in-place"),
    "rubocop": ("a", "A", "autocorrect", "auto-correct", "autocorrect-all"),
    "ktlint": ("F", "format"),
    "swiftformat": (),
    "djlint": ("reformat",),
}
"""The options with which a program writes; all others here do so unless told not to."""

_LOOKS = ("check", "diff", "check-only", "d", "l", "list-different", "dry-run", "verify", "version")
_CHECKERS = frozenset(("mypy", "pyright", "flake8", "pylint", "bandit"))
_VALUED = (
    "config", "config-file", "line-length", "target-version", "exclude", "extend-exclude",
    "include", "select", "ignore", "extend-select", "ignore-path", "parser", "plugin", "ext",
    "format", "output-format", "profile", "rulesdir", "rule", "cache-location", "style",
    "per-file-ignores", "output-file", "max-line-length", "jobs", "project",
)  # fmt: skip
_SUBCOMMANDS = frozenset(("check", "format", "fmt", "lint", "fix", "write", "run", "rule", "ci"))


def _formatter(shell: "Shell", command: "Command") -> None:
    name = command.name
    options = read_options(
        command.arguments,
        "c" if name in ("black", "prettier", "eslint") else "",
        _VALUED,
        single_dash=name in ("gofmt", "goimports", "clang-format"),
    )
    operands = list(options.operands)
    subcommand = ""
    if operands and operands[0].told and operands[0].text in _SUBCOMMANDS:
        subcommand = operands.pop(0).text
    if name in _CHECKERS or not _does_write(name, subcommand, options):
        for field in operands:
            read_field(shell, field, tree=True)
        output = options.value("output-file", "o")
        if output is not None:
            for path, extent in shell.paths(output, "writes"):
                shell.write(path, None, f"the report of `{name}`", extent)
        return
    if not options.is_told:
        operands.append(Field("."))
    for field in operands or [Field(".")]:
        _rewrite(shell, field, f"`{name}` writes it anew")


def _rewrite(shell: "Shell", field: Field, why: str) -> None:
    if field.told and "**" in field.text and not field.glob:
        # The program itself takes it for a pattern.
        field = Field(field.text, glob=True)
    if field.text == "-":
        return
    if field.told and re.match(r"\.{3}\Z|.*/\.{3}\Z", field.text):
        field = Field(field.text[:-3] or ".")
    for path, extent in shell.paths(field, "writes"):
        is_tree = extent == "file" and shell.state.is_folder(path) is not False
        shell.write(path, None, why, "tree" if is_tree else extent)


def _does_write(name: str, subcommand: str, options: Options) -> bool:
    if name == "ruff":
        if subcommand == "format":
            return not options.has("check", "diff")
        return options.has("fix", "fix-only", "add-noqa") and not options.has("diff")
    if name in ("terraform", "taplo"):
        return subcommand in ("fmt", "format") and not options.has("check", "diff")
    if name == "sqlfluff":
        return subcommand in ("fix", "format")
    if name == "biome" and subcommand in ("check", "format", "lint", "ci"):
        return options.has(*_WRITES["biome"])
    if _WRITES.get(name):
        return options.has(*_WRITES[name])
    return not options.has(*_LOOKS)


def _unknown(shell: "Shell", command: "Command") -> None:
    shell.opaque(f"`{command.name}` may write files")


PROGRAMS = dict.fromkeys(
    words("""
    ruff black isort autopep8 yapf autoflake pyupgrade docformatter prettier eslint biome
    gofmt goimports gofumpt rustfmt clang-format shfmt stylelint standard dprint
    markdownlint rubocop swiftformat ktlint terraform djlint sqlfluff taplo mypy pyright
    flake8 pylint bandit
"""),
    _formatter,
)
PROGRAMS |= {"pre-commit": _unknown, "tsc": _unknown}
