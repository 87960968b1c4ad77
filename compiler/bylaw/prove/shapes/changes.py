"""Situations for what is no file: changes, approvals, agents, branches, commits, CI."""

import re
from collections.abc import Iterator

from bylaw import ir
from bylaw.area import Area
from bylaw.globs import matcher
from bylaw.prove.case import NO_LINES, WHOLE, Draft, Situation
from bylaw.prove.names import expression, fitting, unfitting
from bylaw.prove.places import Places
from bylaw.prove.shapes.stage import Stage

_CHANGE = Situation(change=True)


def _capture(template: str) -> str:
    """Return a template's text with a name for each capture, and none of its wildcards."""
    text = re.sub(r"<\*\*[^<>]*>", "part", template)
    text = re.sub(r"<[^<>]*>", "sample", text)
    parts = [part for part in text.split("/") if part != "**"]
    return "/".join(part.replace("*", "sample") for part in parts)


def _file(template: str) -> str | None:
    """Return a path that a template matches."""
    path = _capture(template)
    if template.endswith(("/", "/**")):
        path = f"{path.rstrip('/')}/sample.txt"
    fits = matcher((template,)) if "<" not in template else None
    if any(char in path for char in "?[{") or (fits is not None and not fits(path)):
        return None
    return path


def paired(stage: Stage) -> Iterator[Draft]:
    """Let a file and its counterpart be there together, change together, or not."""
    constraint = stage.a(ir.Pair)
    subject = constraint.subject
    if not isinstance(subject, ir.TemplatesSubject):
        return
    first = _file(subject.templates[0].text)
    others = [_file(template.text) for template in constraint.counterparts]
    if first is None or None in others or constraint.modal != "must":
        return
    area = stage.scoped.area
    if not matcher(area.include or ("**",))(first) or (
        area.exclude and matcher(area.exclude)(first)
    ):
        return
    situation = _CHANGE if constraint.shape == "change-with" else Situation()
    paths = [path for path in others if path is not None]
    some = paths if constraint.quantifier == "all" else paths[:1]
    beside = dict.fromkeys(some, "\n")
    yield Draft("stands with its counterpart", "\n", NO_LINES, first, beside, (), situation)
    yield Draft("stands alone", "\n", WHOLE, first, {}, tuple(paths), situation)


def approved(stage: Stage) -> Iterator[Draft]:
    """Change a file with and without the approval that it needs."""
    yield Draft("changes without an approval", "\n", WHOLE, stage.path, situation=_CHANGE)
    yes = Situation(change=True, approved=True)
    yield Draft("changes with it", "\n", NO_LINES, stage.path, situation=yes)


def agent_changes(stage: Stage) -> Iterator[Draft]:
    """Let an agent change what it may, and what it may not."""
    constraint = stage.a(ir.AgentChange)
    subject = constraint.subject
    if not isinstance(subject, ir.AgentsSubject) or subject.globs:
        return
    globs = tuple(glob.text for glob in constraint.globs)
    named = subject.classes[0].text if subject.classes else "any"
    inside = Places(Area(globs)).inside("")
    outside = Places(Area((), (), globs)).inside("")
    other = Situation(change=True, agent="another one")
    own = Situation(change=True, agent=named)
    only_may = constraint.modal == "only-may"
    bound, free = (other, own) if only_may else (own, other)
    yes = frozenset(WHOLE)
    ban = constraint.modal != "must-only"
    if inside is not None:
        yield Draft("changes it", "\n", yes if ban else NO_LINES, inside, situation=bound)
        if subject.classes:
            yield Draft("is an agent that may", "\n", NO_LINES, inside, situation=free)
    if outside is not None:
        yield Draft(
            "changes something else", "\n", NO_LINES if ban else yes, outside, situation=bound
        )


def agent_limits(stage: Stage) -> Iterator[Draft]:
    """Let an agent change as many files as it may, and one more."""
    constraint = stage.a(ir.AgentLimit)
    subject = constraint.subject
    if constraint.unit != "files" or not isinstance(subject, ir.AgentsSubject) or subject.globs:
        return
    if constraint.count > 1000:
        return
    agent = subject.classes[0].text if subject.classes else "any"
    situation = Situation(change=True, agent=agent)
    for title, count, lines in (
        (f"changes {constraint.count} files", constraint.count, NO_LINES),
        (f"changes {constraint.count + 1} files", constraint.count + 1, WHOLE),
    ):
        first, *more = [f"sample_{number}.txt" for number in range(count)] or ["sample.txt"]
        yield Draft(title, "\n", lines, first, dict.fromkeys(more, "\n"), situation=situation)


def matched(stage: Stage) -> Iterator[Draft]:
    """Name branches and commits so that they match, and otherwise."""
    constraint = stage.a(ir.NameMatch)
    tests = [test for r in constraint.regexes if (test := expression(r.text)) is not None]
    if len(tests) != len(constraint.regexes):
        return
    branch = constraint.subject.noun == "branches"
    literal = [r.text.replace("\\", "") for r in constraint.regexes]
    must = constraint.modal == "must"
    fits = fitting(tests, literal)
    other = unfitting(tests)
    for text, keeps in ((fits, must), (other, not must)):
        if text:
            what = Situation(
                change=not branch, branch=text if branch else None, message=None if branch else text
            )
            yield Draft(
                f"is called `{text[:40]}`",
                "",
                NO_LINES if keeps else WHOLE,
                "sample.txt",
                situation=what,
            )


def ci_runs(stage: Stage) -> Iterator[Draft]:
    """Let a step of CI run a command, and another one."""
    constraint = stage.a(ir.CiRun)
    path = ".github/workflows/example.yml"
    must = constraint.modal == "must"
    commands = [command.text for command in constraint.commands]
    some = commands if constraint.quantifier == "all" else commands[:1]
    yield Draft("runs it", _workflow(some), NO_LINES if must else None, path)
    yield Draft(
        "runs something else", _workflow(["something else"]), None if must else NO_LINES, path
    )
    text = _workflow(["something else"]) + f"# run: {commands[0]}\n"
    yield Draft("names it in a comment", text, None if must else NO_LINES, path)


def _workflow(commands: list[str]) -> str:
    steps = "".join(f"      - run: {command}\n" for command in commands)
    return f"on: push\njobs:\n  example:\n    runs-on: ubuntu-latest\n    steps:\n{steps}"
