"""Example fences: code that a statement is violated by, or kept."""

import re

from bylaw import ir
from bylaw.adr.sections import Fence
from bylaw.diagnostics import Code, Severity
from bylaw.lower.clause import Clause
from bylaw.lower.operands import glob_fault

FAULTY_EXAMPLE = Code("BL118", "faulty-example", Severity.ERROR)

_VERDICTS = ("violates", "complies")
_NEARLY = re.compile(r"violat\w*|compl(?:y|i)\w*|(?:path|line)\s*=?.*", re.IGNORECASE)


def lower_examples(clause: Clause, *, semgrep: bool) -> tuple[ir.Example, ...]:
    """Lower the fences under a statement; `semgrep` says whether it takes a pattern."""
    found: list[ir.Example] = []
    patterns = 0
    for fence in clause.fences:
        if fence.info.split()[:1] == ["semgrep"]:
            patterns += 1
            if not semgrep or patterns > 1:
                _fault(
                    clause,
                    fence,
                    "a second `semgrep` fence" if semgrep else "a `semgrep` fence without `match:`",
                    "one statement, one pattern: ``Code in `G` MUST NOT match:``",
                )
            continue
        example = _example(clause, fence)
        if example is not None:
            found.append(example)
    return tuple(found)


def reject_examples(clause: Clause, what: str) -> None:
    """Report example fences under something that nothing can violate."""
    for fence in clause.fences:
        if any(word in _VERDICTS for word in fence.info.split()):
            _fault(clause, fence, f"an example under {what}", "nest it under a constraint")


def _fault(clause: Clause, fence: Fence, message: str, advice: str) -> None:
    clause.report.add(FAULTY_EXAMPLE, message, fence.info_span, help=advice)


def _example(clause: Clause, fence: Fence) -> ir.Example | None:
    words = fence.info.split()
    verdicts = [word for word in words if word in _VERDICTS]
    advice = "write ```` ```python violates path=shop/order.py line=1 ````"
    if not verdicts:
        # A fence that only shows something is commentary.
        if any(_NEARLY.fullmatch(word) for word in words):
            _fault(clause, fence, "an example without `violates` or `complies`", advice)
        return None
    language = words[0] if words[0] not in _VERDICTS else ""
    options = {}
    for word in words[1 if language else 0 :]:
        name, equals, value = word.partition("=")
        if word in _VERDICTS:
            continue
        if name not in {"path", "line"} or not equals or not value or name in options:
            _fault(clause, fence, f"`{word}` says nothing in an example", advice)
            return None
        options[name] = value
    line = options.get("line")
    path = options.get("path")
    if len(verdicts) > 1:
        _fault(clause, fence, "an example with two verdicts", advice)
    elif path is None:
        _fault(clause, fence, "an example without a path", advice)
    elif glob_fault(path) or any(char in path for char in "*?[{"):
        _fault(clause, fence, f"`{path}` is no path of a file", advice)
    elif line is not None and not _is_line(line, fence):
        _fault(clause, fence, f"the example has no line `{line}`", "lines count from 1")
    else:
        return ir.Example(
            verdict="violates" if verdicts[0] == "violates" else "complies",
            path=path,
            language=language,
            line=int(line) if line is not None else None,
            text=fence.text,
            span=fence.span,
        )
    return None


def _is_line(text: str, fence: Fence) -> bool:
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        return False
    return 1 <= int(text) <= max(1, fence.text.count("\n"))
