"""A decision that names a successor which is not, or was never, in force."""

from bylaw.diagnostics import Code, Label, Report, Severity
from bylaw.passes.compare.where import status_span
from bylaw.program import Header, Program

SUCCESSOR_NOT_IN_FORCE = Code("BL215", "successor-not-in-force", Severity.WARNING)

_NEVER = ("reject", "declin", "withdr", "invalid", "not-", "not ", "abandon", "cancel")


def successor_not_in_force(program: Program, report: Report) -> None:
    """Report every `superseded by` whose object does not bind and never has."""
    for path, relations in sorted(program.relations.items()):
        header = program.by_path[path].header
        if header.meaning not in ("in-force", "retired"):
            continue
        for relation in relations:
            if relation.kind != "superseded-by" or relation.partial or not relation.target:
                continue
            successor = program.by_path.get(relation.target)
            if successor is None or not _never_bound(successor.header):
                continue
            binds = program.standing[path].state == "in-force"
            raw = successor.header.status_raw
            report.add(
                SUCCESSOR_NOT_IN_FORCE,
                f"superseded by `{successor.header.id}`, which is not in force",
                relation.span,
                note=f"`{header.id}` still binds" if binds else "neither of the two binds",
                labels=[
                    Label(status_span(successor), f"`{raw}`" if raw else "it has no status"),
                ],
                help="accept the successor, or name it only once it is accepted",
            )


def _never_bound(header: Header) -> bool:
    if header.meaning != "retired":
        return header.meaning != "in-force"
    raw = (header.status_raw or "").casefold()
    return any(word in raw for word in _NEVER)
