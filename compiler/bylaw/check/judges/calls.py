"""The judges of `pass` and `be wrapped in`: what a call is given, what it or an import is in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple, cast

from bylaw.area import TreeFacts
from bylaw.check.arguments import passes
from bylaw.check.evidence import FileView
from bylaw.check.finding import Finding, Violation
from bylaw.check.judges.base import FileJudge, Words
from bylaw.check.judges.subjects import unread
from bylaw.check.judges.uses import calls_of
from bylaw.check.patterns import Names, Segments, first_match, import_name, names_of
from bylaw.check.resolve import imports_of
from bylaw.check.resolve.names import name_test, node_name
from bylaw.check.words import are_whole, word_in, words_of
from bylaw.facts.model import Call, Place, Where
from bylaw.languages import language_title
from bylaw.modules import is_own
from bylaw.unevaluable import UnevaluableError

if TYPE_CHECKING:
    from bylaw.ir import Argument, ImportsSubject, Pass, Wrapped
    from bylaw.scoped import ScopedConstraint

_SCRIPTS = frozenset({"typescript", "javascript"})


# --- pass --------------------------------------------------------------------------------------


def _judge_pass(scoped: ScopedConstraint, view: FileView) -> Iterator[Finding]:
    constraint = scoped.constraint
    subject = constraint.subject
    if constraint.shape != "pass" or subject.noun != "calls":
        raise TypeError(constraint.shape)
    any_found = False
    for occurrence in calls_of(subject.patterns, view):
        if occurrence.use is None:
            continue
        call = view.facts.calls[occurrence.use.call]
        for fault, argument in _faults(constraint, call, view):
            any_found = True
            yield Violation(
                scoped.full_id,
                view.path,
                f"`{occurrence.text}` is called {fault}",
                call.place,
                operand=argument,
                found=occurrence.text,
            )
    if not any_found:
        yield from unread(scoped, view)


def _faults(constraint: Pass, call: Call, view: FileView) -> Iterator[tuple[str, str | None]]:
    """Yield what is wrong with one call, each with the argument that it is about."""
    if not constraint.arguments:
        if not (call.positional or call.arguments or call.spread or call.star):
            yield "without an argument", None
        return
    if constraint.modal == "must-not":
        for argument in constraint.arguments:
            if passes(argument, call.arguments):
                yield f"with `{_text(argument)}`", _text(argument)
        return
    if view.language not in _KEYWORDED:
        title = language_title(view.language) if view.language else "the language"
        raise UnevaluableError(
            f"{title} has no named arguments",
            call.place,
            help="name the language: `Each Python call to …`",
        )
    # In JavaScript a spread may hold the object with the option; in Python `*args` has no names.
    if call.spread or (call.star and view.language in _SCRIPTS):
        return
    groups: Iterable[tuple[Argument, ...]] = [(argument,) for argument in constraint.arguments]
    if constraint.quantifier != "all":
        groups = [constraint.arguments]
    for group in groups:
        if not any(passes(argument, call.arguments) for argument in group):
            listed = " or ".join(f"`{_text(argument)}`" for argument in group)
            yield f"without {listed}", _text(group[0]) if len(group) == 1 else None


_KEYWORDED = frozenset({"python", *_SCRIPTS})


def _text(argument: Argument) -> str:
    if argument.value is None:
        return argument.name or ""
    return f"{argument.name}={argument.value}"


def _call_words(scoped: ScopedConstraint, layout: TreeFacts) -> Words | None:  # noqa: ARG001 - a judge's
    subject = scoped.constraint.subject
    patterns = subject.patterns if subject.noun == "calls" else ()
    found = words_of(patterns) if patterns else None
    return None if found is None else Words(found, whole=are_whole(patterns))


PASS = FileJudge(_judge_pass, _call_words)


# --- be wrapped in -----------------------------------------------------------------------------


class _Wrapper(NamedTuple):
    """What something stands in, in the form of a reference."""

    name: str | None
    chain: Segments


class _Wrapping(NamedTuple):
    """Something that has to be wrapped: what it is, where, and what it stands in."""

    title: str
    found: str
    place: Place
    wrappers: tuple[str, ...]


def _judge_wrapped(scoped: ScopedConstraint, view: FileView) -> Iterator[Finding]:
    constraint = cast("Wrapped", scoped.constraint)
    names = names_of(view)
    any_found = False
    for one in _wrappings(scoped, view):
        around = [_wrapper(text, view, names) for text in one.wrappers]
        groups = [(p,) for p in constraint.wrappers]
        for group in groups if constraint.quantifier == "all" else [constraint.wrappers]:
            # `try` is no name, and a call of `try` there cannot be.
            if any(first_match(group, wrapper, names, whole=True) for wrapper in around):
                continue
            any_found = True
            listed = " or ".join(f"`{pattern.text}`" for pattern in group)
            yield Violation(
                scoped.full_id,
                view.path,
                f"{one.title} `{one.found}` is not wrapped in {listed}",
                one.place,
                operand=group[0].text if len(group) == 1 else None,
                found=one.found,
            )
    if not any_found:
        yield from unread(scoped, view)


def _wrappings(scoped: ScopedConstraint, view: FileView) -> Iterator[_Wrapping]:
    subject = scoped.constraint.subject
    if subject.noun == "calls":
        for occurrence in calls_of(subject.patterns, view):
            if occurrence.use is not None:
                call = view.facts.calls[occurrence.use.call]
                yield _Wrapping("the call of", occurrence.text, call.place, call.wrappers)
    elif subject.noun == "imports":
        yield from _imports(scoped, subject, view)
    else:
        raise TypeError(subject.noun)


def _imports(
    scoped: ScopedConstraint, subject: ImportsSubject, view: FileView
) -> Iterator[_Wrapping]:
    runtime = any(e.excepts == "type-checking" for e in scoped.constraint.exceptions)
    wanted = tuple(node_name(module.text) for module in subject.modules)
    seen: set[tuple[str, Place]] = set()
    for imported in imports_of(view):
        source = imported.source
        name = node_name(imported.name)
        if runtime and source.where & Where.TYPE_CHECKING:
            continue
        if (name, source.place) in seen or not name_test(wanted, imported.separator)(name):
            continue
        seen.add((name, source.place))
        yield _Wrapping("the import of", imported.name, source.place, source.wrappers)


def _wrapper(text: str, view: FileView, names: Names) -> _Wrapper:
    """Return a wrapper's resolved name with the chain that it is written as, as far as is known."""
    if text.startswith("?"):
        return _Wrapper(None, tuple(text.split(".")))
    if text.startswith(":"):
        return _Wrapper(text, tuple(text[1:].split(".")))
    longest: tuple[int, Segments] | None = None
    for imported in view.facts.imports:
        name = import_name(imported, names)
        if imported.bound is None or not (
            text == name or text.startswith((name + ".", name + "#"))
        ):
            continue
        rest = text[len(name) + 1 :]
        chain = (imported.bound, *rest.split(".")) if rest else (imported.bound,)
        if longest is None or len(name) > longest[0]:
            longest = (len(name), chain)
    return _Wrapper(text, longest[1] if longest else tuple(text.split(".")))


def _wrapped_words(scoped: ScopedConstraint, layout: TreeFacts) -> Words | None:
    subject = scoped.constraint.subject
    if subject.noun != "imports":
        return _call_words(scoped, layout)
    found: set[bytes] = set()
    for module in subject.modules:
        # The repository's own modules can be imported from beside them, without their name.
        first = module.text.partition(".")[0]
        word = word_in(node_name(module.text).rpartition("/")[2].rpartition(".")[2])
        if word is None or "*" in first or is_own(first, layout):
            return None
        found.add(word)
    return Words(frozenset(found), imported=True)


WRAPPED = FileJudge(_judge_wrapped, _wrapped_words)
