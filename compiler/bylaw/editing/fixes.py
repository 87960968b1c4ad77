"""What a diagnostic's own advice would change: each edit is tried before it is offered."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from bylaw.diagnostics import Diagnostic, Severity, Span
from bylaw.editing.linked import Linked
from bylaw.editing.model import Edit
from bylaw.source import Source
from bylaw.unit import compile_unit

Fix = tuple[str, tuple[Edit, ...]]
_Replacement = tuple[int, int, str]
"""Bytes of the file from and to, and what stands there afterwards."""

_MEANT = re.compile(r"did you mean `([^`]+)`\?")
_WRITE = re.compile(r"\bwrite (?:`` ?(.+?) ?``|`([^`…]+)`)")
_EITHER = re.compile(r"write `(and)` before the last one .*, `(or)` for")
_PLACEHOLDER = re.compile(r"\b(?:[A-Z]|p)\b")
_END_OF_PHRASE = re.compile(r"`|[.,;](?:\s|$)|$")
_LINKING = frozenset({"BL201", "BL213", "BL220"})
"""Faults that show only among other decisions, and those of the tree are `BL3xx`."""


def fixes(linked: Linked, source: Source, diagnostic: Diagnostic) -> Iterator[Fix]:
    """Yield what mends a diagnostic of a file, by what its note and its help say.

    Each leaves fewer faults of the file alone, or, where a fault is one among decisions, no more.
    """
    span = diagnostic.span
    if span is None or span.path != source.path:
        return
    seen = set()
    before = _faults(linked, source)
    for start, end, text in _replacements(source, diagnostic, span):
        data = source.data[:start] + text.encode() + source.data[end:]
        if data == source.data or data in seen:
            continue
        seen.add(data)
        if not _mends(diagnostic, before, _faults(linked, Source(source.path, data))):
            continue
        head, tail = Source("", source.data[:start]), Source("", source.data[:end])
        edit = Edit(
            source.path,
            (len(head.lines) - 1, len(head.lines[-1])),
            (len(tail.lines) - 1, len(tail.lines[-1])),
            text,
        )
        yield f"Write `{_title(text)}`", (edit,)


def _title(text: str) -> str:
    return " ".join(text.replace("`", "").split())[:60]


def _faults(linked: Linked, source: Source) -> list[Diagnostic]:
    return list(compile_unit(source, linked.config).diagnostics)


def _mends(fault: Diagnostic, before: list[Diagnostic], after: list[Diagnostic]) -> bool:
    """Tell whether a change mends a fault, as far as the file by itself shows it."""
    errors = [sum(each.severity is Severity.ERROR for each in some) for some in (before, after)]
    if fault.code in _LINKING or fault.code.startswith("BL3"):
        return errors[1] <= errors[0]
    if fault.severity is Severity.ERROR:
        return errors[1] < errors[0]
    # What was not read before may well have faults of its own.
    counts = [sum(each.code == fault.code for each in some) for some in (before, after)]
    return counts[1] < counts[0]


def _replacements(source: Source, fault: Diagnostic, span: Span) -> Iterator[_Replacement]:
    text = source.data[span.offset : span.end_offset].decode("utf-8", "replace")
    advice = [part for part in (fault.note, fault.help) if part]
    for part in advice:
        if meant := _MEANT.search(part):
            yield from _meant(source, fault, span, meant[1])
        if either := _EITHER.search(part):
            yield from ((span.offset, span.end_offset, f" {word}") for word in either.groups())
            continue
        for written in _WRITE.finditer(part):
            whole, plain = written.groups()
            if plain is None:
                yield from _with_ticks(source, span, whole)
                continue
            end = span.end_offset
            if plain.endswith(" NOT") and source.data[end:].lower().startswith(b" not "):
                end += len(" not")
            yield span.offset, end, plain.strip("[]") if text[:1] != "[" else plain
    if fault.code == "BL014" and "in backticks" in (fault.help or ""):
        bare = text.strip("\"'“”‘’")
        yield span.offset, span.end_offset, f"`{bare}`"


def _with_ticks(source: Source, span: Span, form: str) -> Iterator[_Replacement]:
    """Put a form that has code spans of its own in the place of a span with its backticks."""
    start, end = span.offset, span.end_offset
    if source.data[start - 1 : start] == source.data[end : end + 1] == b"`":
        yield start - 1, end + 1, form
    yield start, end, form


def _meant(source: Source, fault: Diagnostic, span: Span, form: str) -> Iterator[_Replacement]:
    start, end = span.offset, span.end_offset
    text = source.data[start:end].decode("utf-8", "replace")
    if fault.code == "BL021":
        word = re.search(r"[A-Za-z][A-Za-z ]*", text)
        if word is not None:
            yield (
                start + len(text[: word.start()].encode()),
                start + len(text[: word.end()].encode()),
                form,
            )
        return
    if fault.code in {"BL012", "BL013"}:
        yield from _phrase(source, start, form)
        return
    yield start, end, form.strip("[]") if text[:1] != "[" else form


def _phrase(source: Source, start: int, form: str) -> Iterator[_Replacement]:
    """Put the words of a form in the place of those before the next operand."""
    line = source.data[start:].partition(b"\n")[0].decode("utf-8", "replace")
    found = _END_OF_PHRASE.search(line)
    words = line[: found.start() if found else len(line)].rstrip()
    modal = re.search(r" (?:MUST|SHALL|SHOULD|MAY)\b", words)
    words = words[: modal.start()] if modal else words
    for head in _heads(form, words):
        yield start, start + len(words.encode()), head


def _heads(form: str, words: str) -> list[str]:
    """Return the words of a form before its first operand, likest alternative first."""
    placeholder = _PLACEHOLDER.search(form)
    head = (form[: placeholder.start()] if placeholder else form).strip()
    choices = next((word for word in head.split() if "|" in word), None)
    if choices is None:
        return [head]
    some = [head.replace(choices, choice) for choice in choices.split("|")]
    near = get_close_matches(words.lower(), [each.lower() for each in some], 1, 0)
    return [each for each in some if each.lower() in near]
