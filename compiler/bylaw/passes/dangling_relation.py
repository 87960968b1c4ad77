"""A relation to a decision that is not there."""

from bylaw.diagnostics import Code, Report, Severity
from bylaw.program import Program

DANGLING_RELATION = Code("BL213", "dangling-relation", Severity.WARNING)

_WORDS = {
    "supersedes": "supersedes",
    "superseded-by": "is superseded by",
    "amends": "amends",
    "amended-by": "is amended by",
    "depends-on": "depends on",
    "relates-to": "relates to",
}


def dangling_relation(program: Program, report: Report) -> None:
    """Report every relation whose other end is no decision of the repository."""
    for path, relations in sorted(program.relations.items()):
        for relation in relations:
            if relation.target is not None or "://" in relation.raw:
                continue
            if _is_listed(relation.raw, program):
                continue
            report.add(
                DANGLING_RELATION,
                f"it {_WORDS[relation.kind]} `{relation.raw}`, which is no decision here",
                relation.span,
                note="still retired by this" if relation.kind == "superseded-by" else None,
                help=_nearest(relation.raw, path, program),
            )


def _is_listed(raw: str, program: Program) -> bool:
    """Tell whether a file of an ADR folder, though no decision, is what the relation names."""
    name = raw.rpartition("/")[2].partition("#")[0]
    return bool(name) and any(entry.path.rpartition("/")[2] == name for entry in program.listed)


def _nearest(raw: str, path: str, program: Program) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - most programs have no such fault

    name = raw.rpartition("/")[2].partition("#")[0].removesuffix(".md")
    ids = sorted(u.header.id for u in program.units if u.header.path != path)
    # Comparing a name with ten thousand others takes long where many relations dangle.
    close = get_close_matches(name, ids, 1, 0.75) if len(ids) <= 2000 else []
    return f"did you mean `{close[0]}`?" if close else "name a decision's file, number or title"
