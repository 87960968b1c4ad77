"""Constraints by hand, as the front end would lower them."""

from datetime import date, timedelta
from typing import Any

from bylaw.diagnostics import Span
from bylaw.ir import (
    CodeSubject,
    Constraint,
    Decision,
    ExceptPlaces,
    ExceptTests,
    FilesOperand,
    Glob,
    Import,
    LeadIn,
    Module,
    ModulesSubject,
    Permission,
    Reference,
    Statement,
    Status,
    Waiver,
)
from bylaw.packing import pack
from bylaw.program import Header, Program, Standing, Unit

DAY = date(2026, 6, 1)


def span(number: int = 1) -> Span:
    return Span("docs/adr/0001.md", number, 1, number * 10, number, 2, number * 10 + 1)


def globs(*texts: str) -> tuple[Glob, ...]:
    return tuple(Glob(text=text, span=span()) for text in texts)


def modules(*texts: str) -> tuple[Module, ...]:
    return tuple(Module(text=text, span=span()) for text in texts)


def code_in(*texts: str) -> FilesOperand:
    return FilesOperand(globs=globs(*texts), span=span())


def lead_in(*texts: str, excepts: tuple[str, ...] = ()) -> LeadIn:
    return LeadIn(globs=globs(*texts), excepts=globs(*excepts), span=span())


def except_in(*texts: str) -> ExceptPlaces:
    return ExceptPlaces(globs=globs(*texts), span=span())


def except_modules(*texts: str) -> ExceptPlaces:
    return ExceptPlaces(modules=modules(*texts), span=span())


EXCEPT_TESTS = ExceptTests(span=span())


def code(*texts: str, **fields: Any) -> CodeSubject:
    return CodeSubject(globs=globs(*texts), span=span(), **fields)


def in_modules(*texts: str, **fields: Any) -> ModulesSubject:
    return ModulesSubject(modules=modules(*texts), span=span(), **fields)


def constraint(kind: type, subject: Any, **fields: Any) -> Any:
    given: dict[str, Any] = {
        "id": "rule",
        "sentence": "A sentence.",
        "span": span(),
        "severity": "error",
        "modal": "must-not",
        "modal_span": span(),
        "subject": subject,
    }
    return kind(**(given | fields))


def imports(subject: Any, *operands: Any, **fields: Any) -> Import:
    parsed = tuple(modules(o)[0] if isinstance(o, str) else o for o in operands)
    found: Import = constraint(Import, subject, operands=parsed, **fields)
    return found


def waiver(target: str, *paths: str, until: date = DAY) -> Waiver:
    decision, _, name = target.rpartition("/")
    return Waiver(
        waives=Reference(text=target, decision=decision or None, id=name, span=span()),
        globs=globs(*paths),
        until=until,
        until_span=span(),
        approved_by=("@arch",),
        because="it is being moved",
        sentence="A waiver.",
        span=span(),
    )


def permission(target: str, grant: Constraint) -> Permission:
    decision, _, name = target.rpartition("/")
    return Permission(
        id="grant",
        despite=Reference(text=target, decision=decision or None, id=name, span=span()),
        grant=grant,
        sentence="A permission.",
        span=span(),
    )


def decision(
    *statements: Statement, path: str = "docs/adr/0001.md", name: str = "0001"
) -> Decision:
    return Decision(
        path=path,
        id=name,
        title="A decision",
        status=Status(raw="accepted", meaning="in-force"),
        statements=statements,
        digest=path,
    )


def program(*decisions: Decision, as_of: date = DAY, proposed: tuple[str, ...] = ()) -> Program:
    units = []
    for one in decisions:
        header = Header(
            path=one.path,
            id=one.id,
            number=None,
            title=one.title,
            meaning="in-force",
            status_raw=None,
            relations=(),
            rows=(),
            items=(),
            refers=any(isinstance(s, Waiver | Permission) for s in one.statements),
            links=(),
            days=tuple(s.until + timedelta(1) for s in one.statements if isinstance(s, Waiver)),
        )
        units.append(Unit(header, one.digest, (), pack(one)))
    standing = {
        one.path: Standing("proposed" if one.path in proposed else "in-force") for one in decisions
    }
    return Program(units=units, listed=(), as_of=as_of, relations={}, standing=standing)
