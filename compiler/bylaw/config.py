"""The configuration: what a repository decides about its own build."""

import re
from typing import Annotated, Any, Literal, NoReturn

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from bylaw.diagnostics import Diagnostic, Severity
from bylaw.globs import check

_PATH_MAX = 4096

TARGETS = ("json", "semgrep", "import-linter", "agents")
"""The targets that are built where none is named."""


def _kebab(name: str) -> str:
    return name.replace("_", "-")


def _refuse(message: str, advice: str) -> NoReturn:
    raise PydanticCustomError("bylaw", "{message}", {"message": message, "advice": advice})


def _path(text: str) -> str:
    """Check a path or glob of the repository, and return it without a trailing `/`."""
    below = "write it from the folder of the configuration down, as in `docs/adr`"
    if not text or text.isspace():
        _refuse("is empty", "write `.` for the folder of the configuration itself")
    if not text.isprintable():
        _refuse("holds a character that cannot be seen", below)
    if len(text) > _PATH_MAX:
        _refuse("is longer than a path can be", below)
    if text.startswith("/") or re.match(r"[A-Za-z]:", text):
        _refuse("is an absolute path", below)
    if "\\" in text:
        _refuse("holds a `\\`", "separate folders with `/` on every system")
    if ".." in text.split("/"):
        _refuse("leaves the folder of the configuration through `..`", below)
    if text in {".", "./"}:
        return "."
    if text.startswith("./"):
        _refuse("starts with `./`", f"write `{text.removeprefix('./')}`")
    return text.rstrip("/")


def _glob(text: str) -> str:
    path = _path(text)
    if path == ".":
        return "**"
    if path.isalnum():
        return path
    if fault := check(path):
        _refuse(f"is no glob: {fault}", "`*` stands for part of a segment, `**` for any segments")
    return path


def _folder(text: str) -> str:
    path = _path(text)
    if set(path) & set("*?[]{}"):
        _refuse("is a glob", "name the folder itself")
    return path


def _root(text: str) -> str:
    """Check a source root; the repository's own folder is the empty path."""
    path = _folder(text)
    return "" if path == "." else path


def _output(text: str) -> str:
    path = _folder(text)
    if path == ".":
        _refuse("is the folder of the configuration", "name a folder of its own, as in `.bylaw`")
    if path.split("/")[0] == ".git":
        _refuse("lies in git's own folder", "name a folder of its own, as in `.bylaw`")
    return path


def _file(text: str) -> str:
    path = _folder(text)
    if path == "." or text.endswith("/"):
        _refuse("is a folder", "name a file, as in `bylaw-baseline.json`")
    return path


def _suppressions(value: object) -> object:
    advice = "write `true`, `false`, or a list of ids, as in `0007-domain/no-orm`"
    if isinstance(value, bool):
        return value
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        _refuse("says neither yes nor no nor for which constraints", advice)
    for text in value:
        if not re.fullmatch(r"[^\s/]+(/[a-z][a-z0-9-]*)?", text):
            _refuse("holds what is no id of a constraint or a decision", advice)
    return tuple(value)


_ALLOW = re.compile(r"BL(?:\d{3}|\d{2}x|\dxx)")


def _allow(text: str) -> str:
    if not _ALLOW.fullmatch(text):
        _refuse("is no code", "write a code such as `BL204`, or `BL2xx` for all of its stage")
    return text


def _branch(text: str) -> str:
    if not re.fullmatch(r"[^\s~^:?*\[\\-][^\s~^:?*\[\\]*", text):
        _refuse("is no name of a branch", "write it as `git branch` shows it, as in `main`")
    return text


Glob = Annotated[str, AfterValidator(_glob)]
Root = Annotated[str, AfterValidator(_root)]


class Config(BaseModel):
    """What a repository decides about its own build.

    Paths are relative to the folder of the configuration.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=_kebab,
        populate_by_name=True,
        title="Configuration of bylaw",
    )

    adrs: tuple[Glob, ...] = Field(
        default=(),
        description="Folders or globs of the decision records; where none is named, the usual "
        "folders are looked for (`docs/adr`, `doc/decisions` …).",
        examples=[["docs/adr"]],
    )
    source_roots: tuple[Root, ...] = Field(
        default=(),
        description="Folders in which the names of modules begin; where none is named, they are "
        "found from the packages.",
        examples=[["src"]],
    )
    targets: tuple[str, ...] = Field(
        default=TARGETS, min_length=1, description="What to compile to.", examples=[["semgrep"]]
    )
    output: Annotated[str, AfterValidator(_output)] = Field(
        default=".bylaw",
        description="The folder of the generated files; it belongs to bylaw alone.",
    )
    default_status: Literal["in-force", "proposed", "retired", "none"] = Field(
        default="none",
        description="How a decision without any status counts; with `none` its constraints are "
        "an error.",
    )
    strict: bool = Field(default=False, strict=True, description="Whether a warning fails a build.")
    allow: tuple[Annotated[str, AfterValidator(_allow)], ...] = Field(
        default=(),
        description="Codes of warnings and notes that are not reported; `BL2xx` stands for all "
        "of a stage. An error cannot be allowed.",
        examples=[["BL204", "BL3xx"]],
    )
    main_branch: Annotated[str, AfterValidator(_branch)] | None = Field(
        default=None,
        description="The branch that changes are compared with; where none is named, git's "
        "default branch.",
        examples=["main"],
    )
    tests: tuple[Glob, ...] = Field(
        default=(),
        description="Globs of the files that count as tests, in place of the usual ones "
        "(`tests/`, `test_*.py`, `*.spec.ts` …).",
        examples=[["checks/**"]],
    )
    baseline: Annotated[str, AfterValidator(_file)] | None = Field(
        default=None,
        description="The file of violations that were there before the rules, and do not fail a "
        "check; `bylaw check --write-baseline` writes it.",
        examples=["bylaw-baseline.json"],
    )
    suppressions: Annotated[bool | tuple[str, ...], BeforeValidator(_suppressions)] = Field(
        default=False,
        description="For which constraints comments in the code count (`bylaw: allow ID because "
        "…`): `true` for all, or ids of constraints and decisions.",
        examples=[["0007-domain/no-orm"]],
    )
    max_file_bytes: int = Field(
        default=1_048_576,
        ge=1,
        le=1 << 40,
        strict=True,
        description="Files larger than this are not read.",
    )

    def allows(self, diagnostic: Diagnostic) -> bool:
        """Return whether this diagnostic is one that the configuration silences."""
        return diagnostic.severity is not Severity.ERROR and any(
            covers(entry, diagnostic.code) for entry in self.allow
        )


def covers(entry: str, code: str) -> bool:
    """Return whether an entry of `allow` speaks of a code."""
    return code.startswith(entry.rstrip("x")) and len(code) == len(entry)


# What each key takes, in words; a table, because pydantic's own words are about Python.
TAKES = {
    "adrs": 'a list of folders or globs, as in `["docs/adr"]`',
    "source-roots": 'a list of folders, as in `["src"]`',
    "targets": 'a list of targets, as in `["json", "semgrep"]`',
    "output": 'a folder, as in `".bylaw"`',
    "default-status": 'one of `"in-force"`, `"proposed"`, `"retired"` and `"none"`',
    "strict": "`true` or `false`, without quotes",
    "allow": 'a list of codes, as in `["BL204", "BL3xx"]`',
    "main-branch": 'the name of a branch, as in `"main"`',
    "tests": 'a list of globs, as in `["checks/**"]`',
    "baseline": 'a file, as in `"bylaw-baseline.json"`',
    "suppressions": '`true`, `false`, or a list of ids, as in `["0007-domain/no-orm"]`',
    "max-file-bytes": f"a whole number of bytes from 1 to {1 << 40}, without quotes",
}


def schema() -> dict[str, Any]:
    """Return the JSON Schema of `bylaw.toml`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Config.model_json_schema(by_alias=True),
    }
