"""Runs of the checker to be rendered: one that has a bit of everything, and hostile ones."""

from collections.abc import Iterable, Sequence
from datetime import date

from tests.targets.compiled import DAY, read, scoped

from bylaw.check.verdict import (
    DecisionRef,
    Excused,
    Fix,
    Judgement,
    NotEvaluated,
    Step,
    Subject,
    Verdicts,
    Violation,
)
from bylaw.diagnostics import Diagnostic, Severity, Span
from bylaw.facts.model import Place
from bylaw.ir import Waiver
from bylaw.render.text import Style
from bylaw.render.verdicts import FORMATS, Lines, Setting
from bylaw.scope import ScopedConstraint

DOMAIN = """
- [no-orm] Modules in `shop.domain` MUST NOT import `sqlalchemy` or `django.db`;
  use `shop.ports` instead, because the domain outlives its database.
- [tiers] `shop.web`, `shop.services` and `shop.domain` MUST be layered.
- [short] Files in `shop/**` SHOULD have at most 400 lines.
- [pure] Modules in `shop.money` MUST only import `attrs`.
- Waiver for [no-orm]: `shop/domain/report.py` until 2026-12-31, approved by `@arch`,
  ticket `SHOP-42`, because the report is rewritten in Q4.
"""
TEAM = """
- [dba] Changes to `migrations/**` MUST be approved by 2 of `@dba`.
- [branches] Branch names MUST match `/[a-z]+/`.
"""

FILES = {
    "shop/domain/order.py": ["import attrs", "from sqlalchemy import Column", "", "Column()"],
    "shop/domain/report.py": ["import sqlalchemy"],
    "shop/services/mail.py": ["from shop import web"],
    "shop/domain/stock.py": ["", "from shop.services import mail"],
}


def lines(path: str) -> Sequence[str] | None:
    """Return a file's lines, as a run hands them to a format."""
    return FILES.get(path)


def everything() -> Verdicts:
    """Return a run in which each thing that a report can say occurs."""
    domain = scoped(read(DOMAIN, "docs/adr/0007-domain.md", "A domain of its own"), FILES)
    team = scoped(read(TEAM, "docs/adr/0009-team.md", "How we <work> | together"), FILES)
    constraints = {c.full_id: c for c in (*domain.constraints, *team.constraints)}
    (waiver,) = (s for s in domain.decision.statements if isinstance(s, Waiver))
    judgements = [
        _no_orm(constraints["0007-domain/no-orm"], waiver),
        Judgement(
            constraints["0007-domain/tiers"],
            "0007-domain",
            (
                Violation(
                    "0007-domain/tiers",
                    "shop/domain/stock.py",
                    "`shop.domain.stock` imports `shop.web` through `shop.services.mail`",
                    Place(2, 1, 2, 31),
                    steps=(
                        Step("shop/services/mail.py", Place(1, 1, 1, 21), "imports `shop.web`"),
                        Step("shop/web.py", None, "is in a higher layer"),
                    ),
                ),
            ),
            files=4,
        ),
        Judgement(
            constraints["0007-domain/short"],
            "0007-domain",
            (
                Violation(
                    "0007-domain/short",
                    "shop/long.py",
                    "has more than 400 lines",
                    note="it has 512",
                ),
            ),
            tuple(
                NotEvaluated("0007-domain/short", "it is binary", path)
                for path in ("shop/a.bin", "shop/b.bin")
            ),
            files=9,
        ),
        Judgement(constraints["0007-domain/pure"], "0007-domain", files=1),
        Judgement(
            constraints["0009-team/dba"],
            "0009-team",
            (),
            (
                NotEvaluated(
                    "0009-team/dba", "no approvals were handed in", help="name them in a file"
                ),
            ),
            files=0,
        ),
        Judgement(
            constraints["0009-team/branches"],
            "0009-team",
            (Violation("0009-team/branches", None, "the branch is `Feature`"),),
        ),
        _as_the_base_has_it(constraints["0007-domain/pure"]),
    ]
    return Verdicts(
        tuple(judgements),
        {
            "0007-domain": DecisionRef(
                "0007-domain", "docs/adr/0007-domain.md", "A domain of its own"
            ),
            "0009-team": DecisionRef(
                "0009-team", "docs/adr/0009-team.md", "How we <work> | together"
            ),
        },
        DAY,
        Subject("change", base="3f2a91c0b7d8e9f0a1b2c3d4e5f60718293a4b5c", files=83),
        ("0007-domain/later",),
        (
            Diagnostic(
                "BL222",
                Severity.WARNING,
                "the waiver is used by nothing",
                Span("docs/adr/0007-domain.md", 9, 3, 100, 9, 12, 109),
                help="remove it",
            ),
        ),
    )


def _no_orm(constraint: ScopedConstraint, waiver: Waiver) -> Judgement:
    def imports(path: str, line: int, detail: str, end: int) -> Violation:
        place = Place(line, 1, line, end)
        return Violation(constraint.full_id, path, detail, place, operand="sqlalchemy")

    return Judgement(
        constraint,
        "0007-domain",
        (
            imports("shop/domain/order.py", 2, "imports `sqlalchemy.Column`", 30)._replace(
                found="sqlalchemy.Column",
                edge=("shop.domain.order", "sqlalchemy.Column"),
                fix=Fix(Place(2, 6, 2, 16), "shop.ports", ("import shop.ports",)),
            ),
            imports("shop/domain/order.py", 4, "imports `sqlalchemy.Column`", 7),
        ),
        (),
        (
            Excused(
                imports("shop/domain/report.py", 1, "imports `sqlalchemy`", 18), "waived", waiver
            ),
            Excused(imports("shop/domain/old.py", 7, "imports `sqlalchemy`", 18), "baseline"),
            Excused(
                imports("shop/domain/noted.py", 3, "imports `sqlalchemy`", 18),
                "suppressed",
                note="line 2: only in a migration",
            ),
        ),
        12,
    )


def _as_the_base_has_it(constraint: ScopedConstraint) -> Judgement:
    violation = Violation(
        constraint.full_id, "shop/money.py", "imports `requests`", Place(1, 1, 1, 16)
    )
    return Judgement(constraint, "0007-domain", (violation,), files=1, by="base")


def clean() -> Verdicts:
    """Return a run in which nothing is wrong."""
    run = everything()
    kept = tuple(j for j in run.judgements if j.outcome == "holds")
    return Verdicts(kept, run.decisions, DAY, Subject(files=3))


def one(
    path: str | None,
    detail: str = "is there",
    place: Place | None = None,
    sentence: str = "- [gone] Files in `shop/**` MUST NOT exist.",
    found: str | None = None,
) -> Verdicts:
    """Return a run with one violation of one constraint."""
    decision = scoped(read(sentence, "docs/adr/0001-one.md"))
    (constraint,) = decision.constraints
    violation = Violation(constraint.full_id, path, detail, place, found, found)
    judgement = Judgement(constraint, "0001-one", (violation,), files=1)
    ref = DecisionRef("0001-one", "docs/adr/0001-one.md", "One")
    return Verdicts((judgement,), {"0001-one": ref}, date(2026, 6, 1), Subject(files=1))


def many(number: int, files: int, judgements: int = 1) -> Verdicts:
    """Return a run with so many violations of each constraint, in so many files."""
    sentences = "".join(
        f"- [gone-{n}] Files in `shop/{n}/**` MUST NOT exist.\n" for n in range(judgements)
    )
    decision = scoped(read(sentences, "docs/adr/0001-one.md"))
    return Verdicts(
        tuple(
            Judgement(
                constraint,
                "0001-one",
                tuple(
                    Violation(
                        constraint.full_id,
                        f"shop/file{n % files:04}.py",
                        "is `there`",
                        Place(n // files + 1, 1, n // files + 1, 4),
                    )
                    for n in range(number)
                ),
            )
            for constraint in decision.constraints
        ),
        subject=Subject(files=files),
    )


def render(
    verdicts: Verdicts, name: str, setting: Setting | None = None, source: Lines = lines
) -> str:
    """Return a run in a format."""
    return FORMATS[name](verdicts, source, setting or Setting())


def on_terminal(width: int = 100, *, colour: bool = False) -> Setting:
    """Return the setting of a person at a terminal."""
    return Setting(style=Style(colour, width))


HOSTILE = (
    "new\nline.py",
    "a::error file=x,line=1::b.py",
    "a|b.py",
    "`tick`.py",
    "<img src=x onerror=alert(1)>.py",
    "[x](javascript:alert(1)).py",
    "@dba #1 GH-1 **bold** ~~gone~~.py",
    "😀 🇩🇪 é e\u0301.py",
    "\u202etxt.py",
    "bell\x07 esc\x1b[31m nul\x00.py",
    "lone\udcffsurrogate.py",
    "no\ufffecharacter\uffff.py",
    "100%25 &amp; &#124; \\|.py",
    " space at ends ",
    "]]>.py",
    "<!-- -->.py",
    "\\",
)


def paths_of(found: Iterable[Violation]) -> set[str | None]:
    """Return the paths of violations."""
    return {violation.path for violation in found}
