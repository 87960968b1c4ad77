"""Programs made from Markdown, as the driver makes them, but in memory."""

from datetime import date

from bylaw.config import Config
from bylaw.diagnostics import Diagnostic, Report
from bylaw.link import link
from bylaw.passes import PROGRAM_PASSES
from bylaw.program import Ground, Listed, Program, Unit
from bylaw.source import Source
from bylaw.unit import compile_unit

DAY = date(2026, 6, 1)


def adr(number: int, *items: str, status: str = "Accepted") -> str:
    """Write an ADR with these list items in its binding section; they start on line 11."""
    lines = "".join(f"- {item}\n" for item in items)
    return (
        f"# {number}. Decision {number}\n\nStatus: {status}\n\n## Decision\n\nWe say so.\n\n"
        f"## Constraints\n\n{lines}"
    )


def compile_files(
    files: dict[str, str], as_of: date = DAY, ground: Ground | None = None
) -> tuple[Program, list[Diagnostic]]:
    """Compile and link files by path; the diagnostics are the units' own."""
    compiled = [compile_unit(Source(path, text.encode()), Config()) for path, text in files.items()]
    units = [unit for unit in compiled if isinstance(unit, Unit)]
    listed = [entry for entry in compiled if isinstance(entry, Listed)]
    found = [d for entry in compiled for d in entry.diagnostics]
    return link(units, listed, as_of, ground), found


def check(
    files: dict[str, str], as_of: date = DAY, ground: Ground | None = None
) -> list[Diagnostic]:
    """Return every diagnostic of the files, those of the program passes among them."""
    program, found = compile_files(files, as_of, ground)
    report = Report()
    report.extend(found)
    for check_program in PROGRAM_PASSES:
        check_program(program, report)
    return list(report)


def check_sentences(
    *sentences: str, as_of: date = DAY, ground: Ground | None = None
) -> list[Diagnostic]:
    """Return the diagnostics of one ADR per sentence, all in force."""
    files = {
        f"docs/adr/{n:04}-d{n}.md": adr(n, f"[c{n}] {sentence}")
        for n, sentence in enumerate(sentences, 1)
    }
    return check(files, as_of, ground)
