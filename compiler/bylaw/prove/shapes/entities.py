"""Programs for classes, functions, methods, tests and modules: what they have, what they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bylaw import ir
from bylaw.prove.case import Draft, bad, good
from bylaw.prove.names import fitting, name_test, of_glob, pattern, unfitting
from bylaw.prove.shapes.stage import Stage


@dataclass(frozen=True, slots=True)
class Written:
    """A program, the line of the entity's name in it, and the first line of its body."""

    text: str
    line: int
    body: int = 0


_NAMES = {"class": "Sample", "function": "sample", "method": "sample", "test": "test_sample"}


def decorator(node: ir.Pattern) -> tuple[str, str]:
    """Return the import that a name needs, and how it is written after it."""
    name = pattern(node)
    if node.any_receiver:
        return "", f"thing.{name}"
    parent, _, last = name.rpartition(".")
    return (f"from {parent} import {last}\n", last) if parent else ("", name)


def _with_arguments(node: ir.Pattern) -> str:
    _, name = decorator(node)
    if not node.arguments:
        return name
    given = [f"{a.name}={a.value or 1}" if a.name else str(a.value) for a in node.arguments]
    return f"{name}({', '.join(given)})"


def _named(subject: ir.EntitiesSubject, name: str | None) -> str | None:
    """Return a name that the subject's `matching` admits."""
    usual = _NAMES.get(subject.entity, "sample")
    if name is not None or not subject.matching:
        return name or usual
    for node in subject.matching:
        if node.form == "glob":
            return of_glob(node.text, usual)
    tests = [test for node in subject.matching if (test := name_test(node)) is not None]
    return fitting(tests, (usual,))


def entity(  # noqa: PLR0917 - the parts of an entity, each once
    stage: Stage,
    head: str = "",
    body: Sequence[str] = ("pass",),
    decorators: Sequence[str] = (),
    bases: Sequence[str] = (),
    name: str | None = None,
    doc: bool = True,
    parameters: str = "value: int",
    returns: str = " -> int",
) -> Written | None:
    """Write one entity in Python as a constraint's subject means it."""
    subject = stage.constraint.subject
    if not isinstance(subject, ir.EntitiesSubject):
        return None
    if subject.entity == "module":
        quote = '"""A sample."""\n' if doc else ""
        text = quote + head + "".join(f"{line}\n" for line in body)
        return Written(text, 0, (quote + head).count("\n") + 1)
    name = _named(subject, name)
    if name is None or not name.isidentifier():
        return None
    above: list[str] = []
    for node in subject.decorated[:1]:
        above.append(decorator(node)[0])
        decorators = (_with_arguments(node), *decorators)
    for node in subject.inheriting[:1]:
        above.append(decorator(node)[0])
        bases = (decorator(node)[1], *bases)
    lines = [line for line in ("".join(above) + head).split("\n") if line] + ["", ""]
    margin = ""
    if subject.entity == "method":
        lines += ["class Holder:", '    """Holds."""', ""]
        margin = "    "
        parameters = f"self, {parameters}" if parameters else "self"
    lines += [f"{margin}@{each}" for each in decorators]
    if subject.entity == "class":
        lines.append(f"{margin}class {name}{'(' + ', '.join(bases) + ')' if bases else ''}:")
    else:
        lines.append(f"{margin}def {name}({parameters}){returns}:")
    line = len(lines)
    if doc:
        lines.append(f'{margin}    """A sample."""')
    first = len(lines) + 1
    lines += [f"{margin}    {each}" for each in body]
    return Written("\n".join(lines) + "\n", line, first)


def _both(written: Written | None, other: Written | None, modal: str, what: str) -> Iterator[Draft]:
    """Yield an entity that has something and one that has not, as the modal judges them."""
    if written is None or other is None:
        return
    has, lacks = (good, bad) if modal == "must" else (bad, good)
    for make, one, title in ((has, written, f"has {what}"), (lacks, other, f"lacks {what}")):
        yield make(title, one.text, one.line) if make is bad else good(title, one.text)


def decorated(stage: Stage) -> Iterator[Draft]:
    """Make programs for `be decorated with`."""
    constraint = stage.a(ir.Decorated)
    if stage.language != "python":
        return
    nodes = constraint.patterns if constraint.quantifier == "all" else constraint.patterns[:1]
    head = "".join(decorator(node)[0] for node in nodes)
    some = [_with_arguments(node) for node in nodes]
    plain = entity(stage, head=head)
    yield from _both(entity(stage, head=head, decorators=some), plain, constraint.modal, "it")
    almost = entity(stage, decorators=[f"{some[-1].partition('(')[0]}_more"])
    if almost is not None:
        make = bad if constraint.modal == "must" else good
        title = "has one that is named almost so"
        yield make(title, almost.text, almost.line) if make is bad else good(title, almost.text)
    if "(" not in some[0]:
        called = entity(stage, head=head, decorators=[f"{one}()" for one in some])
        if called is not None and constraint.modal == "must":
            yield good("has it with a call", called.text)
    if constraint.modal == "must":
        comment = entity(stage, head=f"{head}# @{some[0]}\n")
        if comment is not None:
            yield bad("has it in a comment", comment.text, comment.line)


def inherits(stage: Stage) -> Iterator[Draft]:
    """Make programs for `inherit from`."""
    constraint = stage.a(ir.Inherit)
    if stage.is_script:
        yield from _script_inherits(constraint)
    if stage.language != "python":
        return
    nodes = constraint.patterns if constraint.quantifier == "all" else constraint.patterns[:1]
    head = "".join(decorator(node)[0] for node in nodes)
    some = [decorator(node)[1] for node in nodes]
    with_it = entity(stage, head=head, bases=some)
    yield from _both(with_it, entity(stage, head=head), constraint.modal, "it")
    mixed = entity(stage, head=head, bases=["Mixin", *some])
    other = entity(stage, bases=[f"{some[0]}More"])
    make = (good, bad) if constraint.modal == "must" else (bad, good)
    for draft, written, title in (
        (make[0], mixed, "has it beside another"),
        (make[1], other, "has one that is named almost so"),
    ):
        if written is not None:
            yield (
                draft(title, written.text, written.line)
                if draft is bad
                else good(title, written.text)
            )


def _script_inherits(constraint: ir.Inherit) -> Iterator[Draft]:
    subject = constraint.subject
    if not isinstance(subject, ir.EntitiesSubject) or subject.matching or subject.decorated:
        return
    if subject.entity != "class" or subject.inheriting or len(constraint.patterns) > 1:
        return
    node = constraint.patterns[0]
    name = f"thing.{pattern(node)}" if node.any_receiver else pattern(node)
    with_it, without = f"class Sample extends {name} {{}}\n", "class Sample {}\n"
    if constraint.modal == "must":
        with_it, without = without, with_it
    yield bad("has it, or lacks it", with_it)
    yield good("does as it says", without)
    yield (
        good("names it in a comment", f"// class Sample extends {name} {{}}\n")
        if constraint.modal != "must"
        else bad("extends another", "class Sample extends Another {}\n")
    )


def defines(stage: Stage) -> Iterator[Draft]:
    """Make programs for `define`."""
    constraint = stage.a(ir.Define)
    subject = constraint.subject
    if stage.language != "python" or not isinstance(subject, ir.EntitiesSubject):
        return
    nodes = constraint.names if constraint.quantifier == "all" else constraint.names[:1]
    names = [of_glob(n.text, "sample") for n in nodes if n.form == "glob"]
    if len(names) != len(nodes):
        return
    inner = "self" if subject.entity == "class" else ""
    functions = [line for n in names for line in (f"def {n}({inner}):", "    pass")]
    values = [f"{name} = 1" for name in names]
    lacking = entity(stage, body=["other = 1", f"# {names[0]} = 1"])
    yield from _both(entity(stage, body=functions), lacking, constraint.modal, "it as a function")
    values_too = entity(stage, body=values)
    if values_too is not None and constraint.modal == "must":
        yield good("has it as a value", values_too.text)
    text = entity(stage, body=[f'text = "{names[0]}"'])
    if text is not None and constraint.modal == "must":
        yield bad("has it in a string", text.text, text.line)


def documented(stage: Stage) -> Iterator[Draft]:
    """Make programs for `have a docstring`."""
    if stage.language != "python":
        return
    yield from _both(entity(stage), entity(stage, doc=False), "must", "a docstring")
    late = entity(stage, doc=False, body=["x = 1", '"""No docstring."""'])
    comment = entity(stage, doc=False, body=["# A sample.", "pass"])
    for written, title in ((late, "has a string later"), (comment, "has a comment")):
        if written is not None:
            yield bad(title, written.text, written.line)


def annotated(stage: Stage) -> Iterator[Draft]:
    """Make programs for `be annotated`."""
    if stage.language != "python":
        return
    forms = (
        ("annotates all", "value: int", " -> int", False),
        ("has no parameter", "", " -> None", False),
        ("annotates no return", "value: int", "", True),
        ("annotates no parameter", "value", " -> int", True),
        ("annotates one of two", "value: int, other", " -> int", True),
        ("annotates no `*args`", "*args", " -> int", True),
    )
    for title, parameters, returns, violates in forms:
        written = entity(stage, parameters=parameters, returns=returns)
        if written is not None:
            yield bad(title, written.text, written.line) if violates else good(title, written.text)


def named(stage: Stage) -> Iterator[Draft]:
    """Make programs for `be named` of entities."""
    constraint = stage.a(ir.Named)
    subject = constraint.subject
    if stage.language != "python" or not isinstance(subject, ir.EntitiesSubject):
        return
    if subject.entity == "module" or subject.matching:
        return
    tests = [test for node in constraint.names if (test := name_test(node)) is not None]
    globs = [of_glob(n.text, "sample") for n in constraint.names if n.form == "glob"]
    fits = [n for n in (*globs, *_WORDS) if any(t(n) for t in tests)]
    others = [n for n in _WORDS if not any(t(n) for t in tests)]
    if subject.entity == "test":
        fits = [n for n in fits if n.startswith("test")]
        others = [n for n in ("test_other", "testOther", "test") if not any(t(n) for t in tests)]
    for names, keeps in ((fits, constraint.modal == "must"), (others, constraint.modal != "must")):
        for name in names[:3]:
            written = entity(stage, name=name)
            if written is not None:
                title = f"is named `{name}`"
                yield good(title, written.text) if keeps else bad(title, written.text, written.line)


_WORDS = (
    "sample",
    "sample_name",
    "Sample",
    "SampleName",
    "sampleName",
    "SAMPLE_NAME",
    "_private",
    "sample2",
)

__all__ = [
    "annotated",
    "decorated",
    "defines",
    "documented",
    "entity",
    "inherits",
    "named",
    "unfitting",
]
