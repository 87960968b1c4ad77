"""From the bytes of a file of claims to its claims, each with its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bylaw.claims.model import TAKES, VERBS, Claims, Verb
from bylaw.config_source import File, parse_table
from bylaw.diagnostics import Code, Report, Severity, Span
from bylaw.source import Source
from bylaw.visible import shorten, visible

NOT_CLAIMS = Code("BL560", "claims-not-toml", Severity.ERROR)
UNKNOWN_CLAIM = Code("BL561", "unknown-claims-key", Severity.ERROR)
BAD_CLAIM = Code("BL562", "bad-claim", Severity.ERROR)

_MOST_FAULTS = 50
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Claim:
    """One path or glob that is claimed, for what, and where that is written."""

    verb: Verb
    text: str
    span: Span | None


@dataclass(frozen=True)
class Sheet:
    """A file of claims that is well formed: what it says, where, and a digest of its bytes."""

    claims: Claims
    file: File
    digest: str

    @property
    def path(self) -> str:
        """The file's path, as it was named."""
        return self.file.source.path

    @property
    def paths(self) -> Iterator[Claim]:
        """Every path that is claimed, in the order of the verbs."""
        for verb in VERBS:
            for index, text in enumerate(getattr(self.claims, verb)):
                yield Claim(verb, text, self.file.span((verb, index)))

    def span(self, *keys: str | int) -> Span | None:
        """Return where the value of a key stands."""
        return self.file.value_span(keys) or self.file.span(keys[:1])


def read_claims(data: bytes, path: str, report: Report) -> Sheet | None:
    """Read a file of claims; None where something is wrong with it, which is reported."""
    if len(data) > _MOST_BYTES:
        report.add(NOT_CLAIMS, f"`{path}` is larger than {_MOST_BYTES >> 20} MiB")
        return None
    source = Source(path, data)
    table = parse_table(source, report, NOT_CLAIMS, "a file of claims")
    if table is None:
        return None
    file = File(source, (), table)
    before = len(report)
    for key in _unknown(table):
        _report_unknown(file, key, report)
    try:
        claims = Claims.model_validate(table)
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False)[:_MOST_FAULTS]:
            if error["type"] != "extra_forbidden":
                _report_invalid(file, error, report)
        return None
    sheet = Sheet(claims, file, sha256(data).hexdigest())
    _check_repeated(sheet, report)
    return sheet if len(report) == before else None


def _unknown(table: dict[str, Any]) -> list[tuple[str, ...]]:
    """Return the first keys that no file of claims has."""
    found = [(key,) for key in table if key not in TAKES]
    budget = table.get("budget")
    below = budget if isinstance(budget, dict) else {}
    return [*found, *(("budget", key) for key in below if f"budget.{key}" not in TAKES)][
        :_MOST_FAULTS
    ]


def _report_unknown(file: File, key: tuple[str, ...], report: Report) -> None:
    known = [n.removeprefix("budget.") for n in TAKES if ("." in n) == (len(key) > 1)]
    near = get_close_matches(key[-1].replace("_", "-").lower(), known, n=1)
    listing = "the keys are " + ", ".join(f"`{name}`" for name in known)
    report.add(
        UNKNOWN_CLAIM,
        f"unknown key `{_short('.'.join(key))}` in claims",
        file.span(key),
        help=f"did you mean `{near[0]}`?" if near else listing,
    )


def _report_invalid(file: File, error: ErrorDetails, report: Report) -> None:
    location = tuple(part for part in error["loc"] if part not in ("int", "float"))
    key = ".".join(str(part) for part in location if isinstance(part, str))
    if error["type"] == "missing":
        report.add(
            BAD_CLAIM,
            f"the claims have no `{key}`",
            help=f"it takes {TAKES.get(key, 'a value')}",
        )
        return
    context = error.get("ctx", {})
    if error["type"] == "bylaw":
        message = f"`{_short(str(error['input']))}` in `{key}` {context['message']}"
        advice = str(context["advice"])
    else:
        message = f"`{key}` cannot be {_value(error['input'])}"
        advice = f"it takes {TAKES.get(key, 'something else')}"
    report.add(
        BAD_CLAIM, message, file.value_span(location) or file.span(location[:1]), help=advice
    )


def _value(value: object) -> str:
    if isinstance(value, str):
        return f"the text `{_short(value)}`"
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    if isinstance(value, int | float):
        return f"`{_short(str(value))}`" if abs(value) < 1e30 else "this large"
    if isinstance(value, list):
        return "a list"
    return "a table" if isinstance(value, dict) else "a date"


def _check_repeated(sheet: Sheet, report: Report) -> None:
    """Report a path that is claimed for two things of which only one can happen."""
    seen: dict[str, Claim] = {}
    for claim in sheet.paths:
        if claim.verb == "read":
            continue
        before = seen.setdefault(claim.text, claim)
        if before is not claim:
            what = "twice" if before.verb == claim.verb else f"for `{before.verb}`, too"
            report.add(
                BAD_CLAIM,
                f"`{_short(claim.text)}` in `{claim.verb}` is claimed {what}",
                claim.span,
                help="claim each path once, for what becomes of it in the end",
            )


def _short(text: str) -> str:
    return shorten(visible(text), 80)
