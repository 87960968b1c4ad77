"""The configuration's file, `bylaw.toml` or `[tool.bylaw]`: read, and its faults told."""

from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bylaw.config import TAKES, TARGETS, Config, covers
from bylaw.config_source import BAD_VALUE, File, find_file
from bylaw.diagnostics import Code, Label, Report, Severity
from bylaw.globs import matcher
from bylaw.toml import KeyPath

UNKNOWN_KEY = Code("BL912", "unknown-configuration-key", Severity.ERROR)
BAD_OUTPUT = Code("BL914", "bad-output-folder", Severity.ERROR)
FORBIDDEN_ALLOW = Code("BL915", "forbidden-allow", Severity.ERROR)

IDLE_ADRS = Code("BL916", "adrs-without-files", Severity.WARNING)

Keys = tuple[str, ...]
"""A key, and those of the tables that it stands in before it."""

_MOST_FAULTS = 50
"""Whoever has more of one sort learns nothing from the others."""


def load(
    read: Callable[[str], bytes | None],
    report: Report,
    targets: Callable[[], Collection[str]] | None = None,
) -> Config:
    """Return the configuration of the folder that `read` reads, or the defaults where it has none.

    `read` takes a file's name and returns its bytes, or None where there is no such file;
    `targets` names all targets, and is asked only where one is named that is not built in. What is
    wrong goes into `report`; such keys keep their default.
    """
    file = find_file(read, report)
    if file is None:
        return Config()
    table = _without_unknown(file, file.table, Config, (), report)
    config = _validate(file, table, report)
    others = not set(config.targets) <= set(TARGETS)
    _check_targets(file, config, targets() if targets and others else (), report)
    _check_output(file, config, report)
    _check_surfaces(file, config, report)
    if config.allow:
        _check_allow(file, config, report)
    return config


def report_idle_adrs(
    read: Callable[[str], bytes | None], config: Config, paths: Iterable[str], report: Report
) -> None:
    """Report each entry of `adrs` in which none of the files that were taken for ADRs lies."""
    paths = list(paths)
    for index, entry in enumerate(config.adrs):
        matches = matcher((entry,))
        if not any(matches(path) for path in paths):
            file = find_file(read, Report())
            report.add(
                IDLE_ADRS,
                f"`{entry}` in `adrs` holds no ADR",
                file.span(("adrs", index)) if file else None,
                help="name a folder that holds some; what git ignores is not seen",
            )


def _without_unknown(
    file: File, table: Mapping[str, Any], model: type[BaseModel], prefix: Keys, report: Report
) -> dict[str, Any]:
    """Return a table, and those in it, without keys that nobody knows, which are reported."""
    known = _keys(model)
    kept: dict[str, Any] = {}
    faults = 0
    for key, value in table.items():
        if key not in known:
            faults += 1
            if faults <= _MOST_FAULTS:
                _report_unknown(file, (*prefix, key), tuple(known), report)
            continue
        below = known[key]
        if below is not None and isinstance(value, dict):
            value = _without_unknown(file, value, below, (*prefix, key), report)  # noqa: PLW2901 - the value to keep
        kept[key] = value
    return kept


def _keys(model: type[BaseModel]) -> dict[str, type[BaseModel] | None]:
    """Return the keys of a table, and for each that holds a table again what that one is."""
    found: dict[str, type[BaseModel] | None] = {}
    for name, field in model.model_fields.items():
        found[field.alias or name] = None
        held = field.annotation
        if isinstance(held, type) and issubclass(held, BaseModel):
            found[field.alias or name] = held
    return found


def _report_unknown(file: File, path: Keys, known: Keys, report: Report) -> None:
    key = path[-1]
    near = get_close_matches(key.replace("_", "-").lower(), known, n=1)
    if near:
        advice = f"did you mean `{near[0]}`?"
    elif path in {("tool",), ("bylaw",)} and isinstance(file.table[key], dict):
        advice = f"in `{file.source.path}` the keys stand at the top, under no table"
    else:
        advice = "the keys are " + ", ".join(f"`{name}`" for name in known)
    report.add(
        UNKNOWN_KEY,
        f"unknown configuration key `{_short('.'.join(path))}`",
        file.span(path),
        help=advice,
    )


def _validate(file: File, table: dict[str, Any], report: Report) -> Config:
    """Return the configuration without the keys that are wrong, each of which is reported."""
    try:
        return Config.model_validate(table)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False)
    for index, error in enumerate(errors):
        if index < _MOST_FAULTS:
            _report_invalid(file, error, report)
        keys = _key_of(error["loc"])
        within = table
        for key in keys[:-1]:
            within = within[key]
        within.pop(keys[-1], None)
    return Config.model_validate(table)


def _key_of(location: KeyPath) -> Keys:
    """Return the key that is wrong, and those of the tables that it stands in."""
    keys: list[str] = []
    model: type[BaseModel] | None = Config
    for part in location:
        if model is None or not isinstance(part, str):
            break
        keys.append(part)
        model = _keys(model).get(part)
    return tuple(keys)


def _takes(keys: Keys) -> str:
    """Return in words what a key takes."""
    name = ".".join(keys)
    for start in range(len(keys)):
        if name not in TAKES:
            name = ".".join((*keys[:start], "*", *keys[start + 1 :]))
    return TAKES[name]


def _report_invalid(file: File, error: ErrorDetails, report: Report) -> None:
    location: KeyPath = error["loc"]
    keys = _key_of(location)
    key = ".".join(keys)
    context = error.get("ctx", {})
    code = BAD_OUTPUT if key == "output" else BAD_VALUE
    if key == "allow" and error["type"] == "bylaw":
        code = FORBIDDEN_ALLOW
    if error["type"] == "bylaw":
        what = f"`{_short(str(error['input']))}` in " if error["input"] else "an entry of "
        of_key = key == "suppressions" or isinstance(error["input"], list | tuple | dict)
        message = f"{'' if of_key else what}`{key}` {context['message']}"
        advice = str(context["advice"])
    elif len(location) > len(keys):
        message = f"`{key}` takes a list of strings, and this is {_sort(error['input'])}"
        advice = f"it takes {_takes(keys)}"
    elif _sort(error["input"]) == _expected_sort(keys):
        message = f"`{key}` cannot be {_show(error['input'])}"
        advice = f"it takes {_takes(keys)}"
    else:
        message = f"`{key}` cannot be {_sort(error['input'])}"
        advice = f"it takes {_takes(keys)}"
        if isinstance(error["input"], str) and _expected_sort(keys) == "a list":
            advice = f'it takes a list; write `{keys[-1]} = ["{_short(error["input"])}"]`'
    report.add(code, message, file.value_span(location), help=advice)


def _expected_sort(keys: Keys) -> str:
    """Return what TOML calls a value that a key takes."""
    words = _takes(keys)
    if words.startswith("a table"):
        return "a table"
    if words.startswith("a whole number"):
        return "a number"
    return _EXPECTED_SORT.get(".".join(keys), "a list")


_EXPECTED_SORT = {
    "agents.autonomy": "a string",
    "output": "a string",
    "default-status": "a string",
    "strict": "a boolean",
    "main-branch": "a string",
    "baseline": "a string",
    "site": "a string",
    "approvals.default": "a string",
    "approvals.forge": "a string",
    "approvals.check": "a string",
    "max-file-bytes": "a number",
}


def _sort(value: object) -> str:
    """Return what TOML calls a value."""
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, int):
        return "a number"
    if isinstance(value, float):
        return "a number with a point"
    if isinstance(value, list):
        return "a list"
    return "a table" if isinstance(value, dict) else "a date"


def _show(value: object) -> str:
    if isinstance(value, list):
        return "an empty list" if not value else "this list"
    return (
        f"`{_short(str(value))}`"
        if not isinstance(value, int) or abs(value) < 10**30
        else "this large"
    )


def _short(text: str) -> str:
    """Return text as it fits into a message."""
    return text if len(text) <= 80 else text[:79] + "…"


def _check_targets(file: File, config: Config, known: Collection[str], report: Report) -> None:
    for index, name in enumerate(config.targets[:_MOST_FAULTS]):
        span = file.span(("targets", index)) if "targets" in file.table else None
        if known and name not in known:
            near = get_close_matches(name, known, n=1)
            report.add(
                BAD_VALUE,
                f"unknown target `{_short(name)}`",
                span,
                help=f"did you mean `{near[0]}`?"
                if near
                else "the targets are " + ", ".join(f"`{each}`" for each in known),
            )
        elif name in config.targets[:index]:
            report.add(BAD_VALUE, f"target `{_short(name)}` is named twice", span, help="drop one")


def _check_surfaces(file: File, config: Config, report: Report) -> None:
    """Report surfaces that no target of the build writes."""
    if config.agents.surfaces and "agents" not in config.targets:
        place = file.span(("targets",))
        report.add(
            BAD_VALUE,
            "`agents.surfaces` names files that no target writes",
            file.value_span(("agents", "surfaces")),
            labels=[Label(place, "`agents` is not among them")] if place else [],
            help="add `agents` to `targets`",
        )


def _check_output(file: File, config: Config, report: Report) -> None:
    """Report an output folder that is, or lies around, one in which people write."""
    for key, folders in (("adrs", config.adrs), ("source-roots", config.source_roots)):
        for index, folder in enumerate(folders):
            if folder and (folder + "/").startswith(config.output + "/"):
                place = file.span((key, index))
                report.add(
                    BAD_OUTPUT,
                    f"output folder `{config.output}` holds `{folder}`, which people write in",
                    file.value_span(("output",)),
                    labels=[Label(place, "is named here")] if place else [],
                    help="name a folder of its own, as in `.bylaw`",
                )


def _check_allow(file: File, config: Config, report: Report) -> None:
    from bylaw.codes import known  # noqa: PLC0415 - it imports every stage

    codes = known()
    for index, entry in enumerate(config.allow[:_MOST_FAULTS]):
        covered = [code for number, code in codes.items() if covers(entry, number)]
        span = file.span(("allow", index))
        if not covered:
            near = get_close_matches(entry, codes, n=1, cutoff=0.7)
            report.add(
                FORBIDDEN_ALLOW,
                f"unknown code `{entry}`",
                span,
                help=f"did you mean `{near[0]}`?" if near else "`bylaw explain` lists the codes",
            )
        elif all(code.severity is Severity.ERROR for code in covered):
            slug = f", {covered[0].slug}," if len(covered) == 1 else ""
            report.add(
                FORBIDDEN_ALLOW,
                f"`{entry}`{slug} is an error and cannot be allowed",
                span,
                help="mend what it reports; only warnings and notes can be allowed",
            )
