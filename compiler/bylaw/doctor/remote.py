"""What lies beyond an agent's reach: CI that runs the check, and owners of the rules."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

from bylaw.check.pipelines import pipeline_files, read_pipeline, runs
from bylaw.config_source import FILE, PYPROJECT, configures
from bylaw.doctor.patient import Finding, Patient
from bylaw.globs import matcher
from bylaw.install.hosts import CLAUDE_FILE, CURSOR_FILE
from bylaw.owners.patterns import to_globs
from bylaw.unevaluable import UnevaluableError

_OWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")


def ci(patient: Patient) -> Iterator[Finding]:
    """Look whether CI runs the check."""
    files = pipeline_files(patient.from_top)
    running = [path for path in files if _runs_check(patient, path)]
    if running:
        named = ", ".join(f"`{path}`" for path in running[:3])
        verb = "runs" if len(running) == 1 else "run"
        yield Finding("ci", "ok", f"{named} {verb} `bylaw check`")
        return
    host = "gitlab" if (patient.top / ".gitlab-ci.yml").exists() else "github-actions"
    what = "no file of CI runs `bylaw check`" if files else "there is no CI"
    yield Finding(
        "ci",
        "warning",
        f"{what}, and nothing else is beyond an agent's reach",
        f"`bylaw install {host}` has it run",
    )


def _runs_check(patient: Patient, path: str) -> bool:
    try:
        data = (patient.top / path).read_bytes()
        steps = read_pipeline(path, data).steps
    except (OSError, UnevaluableError):
        return False
    return any(any(True for _ in runs(step, "bylaw check")) for step in steps)


def owners(patient: Patient) -> Iterator[Finding]:
    """Look whether whoever changes the rules needs somebody else."""
    found = next((name for name in _OWNERS if patient.read(name) is not None), None)
    if found is None:
        message = "nobody owns the decisions, so a change of them needs nobody's consent"
        yield Finding("owners", "warning", message, "name owners of them in `.github/CODEOWNERS`")
        return
    rules = list(_owned((patient.read(found) or b"").decode("utf-8", "replace")))
    free = [path for path in (*_guarded(patient), found) if not _is_owned(path, rules)]
    if free:
        named = ", ".join(f"`{path}`" for path in free[:4])
        more = f" and {len(free) - 4} more" if len(free) > 4 else ""
        message = f"`{found}` names no owner of {named}{more}"
        yield Finding("owners", "warning", message, "whoever may change these may change the rules")
    else:
        yield Finding("owners", "ok", f"`{found}` names owners of the rules")


def _guarded(patient: Patient) -> Iterator[str]:
    """Yield the paths whose change could change what is judged."""
    compilation = patient.build.compilation
    prefix = "" if patient.top == patient.root else f"{patient.root.relative_to(patient.top)}/"
    for name in (FILE, PYPROJECT, CLAUDE_FILE, CURSOR_FILE, compilation.config.baseline):
        data = patient.read(name) if name and (patient.root / name).exists() else None
        if data is not None and (name != PYPROJECT or configures(data)):
            yield f"{prefix}{name}"
    folders = {unit.header.path for unit in compilation.program.units}
    yield from sorted(prefix + path for path in folders)
    yield from pipeline_files(patient.from_top)


Owned: TypeAlias = tuple[Callable[[str], Any], bool]


def _owned(text: str) -> Iterator[Owned]:
    """Yield what each line of a file of owners matches, and whether it names any."""
    for line in text.splitlines():
        words = re.sub(r"(?<!\\)#.*", "", line).split()
        if not words or words[0].startswith(("[", "^")):
            continue
        globs = to_globs(words[0])
        if globs:
            yield matcher(globs), len(words) > 1


def _is_owned(path: str, rules: Sequence[Owned]) -> bool:
    """Tell whether the last line that matches a path names an owner."""
    return next((named for test, named in reversed(rules) if test(path)), False)
