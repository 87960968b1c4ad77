"""The sentence shapes: which predicate goes with which subject and modal.

One table, read by the lowering (a pair outside it is an error), by the diagnostics (the nearest
shape, and an example that parses), and by the documentation. The names of subjects and predicates
are those of the grammar's rules.
"""

from dataclasses import dataclass

SUBJECTS: dict[str, str] = {
    "modules": "Modules in `M`",
    "code": "Code in `G`",
    "entity": "Each class|function|method|test in `G`",
    "module": "Each module in `G`",
    "files": "Files in `G`",
    "file": "File `p`",
    "directories": "Each directory in `G`",
    "directory": "Directory `p`",
    "project": "The project",
    "bare": "a list in code spans",
    "dependencies": "Dependencies in `G`",
    "imports": "Each import of `M`",
    "calls": "Each call to `P`",
    "key": "Key `K` in `G`",
    "each_key": "Each key `K` in `G`",
    "when": "When `G` changes, `G`",
    "for_each": "For each `T`, `T`",
    "changes": "Changes to `G`",
    "command": "Command `C`",
    "agents": "Agents of class `A` in `G`",
    "ci": "CI",
    "branches": "Branch names",
    "commits": "Commit messages",
}
"""How an author writes each subject."""

MODALS: dict[str, tuple[str, str]] = {
    "+": ("must", "MUST"),
    "-": ("must-not", "MUST NOT"),
    "o": ("must-only", "MUST only"),
    "O": ("only-may", "Only … MAY"),
}
"""The modals by the sign that the table uses."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One predicate: its family, how it is written, whom it suits, and a sentence that parses.

    `subjects` are the signs of the modals by subject.
    """

    kind: str
    form: str
    subjects: dict[str, str]
    example: str


def _of(*rows: tuple[str, str]) -> dict[str, str]:
    """Spread rows of subjects, separated by spaces, and modals."""
    return {subject: signs for subjects, signs in rows for subject in subjects.split()}


_CODE = "modules code"
_ENTITIES = "entity module"
_FILES = "files file"
_KEYS = "key each_key"

SHAPES: dict[str, Shape] = {
    "import": Shape(
        "import",
        "import `X`",
        _of((_CODE, "-oO"), ("module", "+")),
        "Modules in `shop.domain` MUST NOT import `sqlalchemy`.",
    ),
    "layered": Shape(
        "import",
        "be layered",
        _of(("bare", "+")),
        "`shop.web`, `shop.services` and `shop.domain` MUST be layered.",
    ),
    "independent": Shape(
        "import",
        "be independent",
        _of(("bare", "+")),
        "`shop.payments.*` MUST be independent.",
    ),
    "acyclic": Shape(
        "import",
        "form import cycles",
        _of(("modules", "-")),
        "Modules in `shop` MUST NOT form import cycles.",
    ),
    "import_style": Shape(
        "import",
        "use relative|wildcard imports|default exports",
        _of((_CODE, "-")),
        "Code in `shop/**` MUST NOT use wildcard imports.",
    ),
    "wrapped": Shape(
        "import",
        "be wrapped in `P`",
        _of(("imports calls", "+")),
        "Each import of `orjson` MUST be wrapped in `try`.",
    ),
    "depend": Shape(
        "depend",
        "depend on `D`",
        _of(("project bare", "+-oO")),
        "The project MUST NOT depend on `moment`; use `date-fns` instead.",
    ),
    "depend_in_production": Shape(
        "depend",
        "depend on `D` in production",
        _of(("project bare", "+-oO")),
        "`web/package.json` MUST only depend on `react` and `zod` in production.",
    ),
    "pinned": Shape(
        "depend",
        "be pinned",
        _of(("dependencies", "+")),
        "Dependencies in `requirements/*.txt` MUST be pinned.",
    ),
    "call": Shape(
        "use",
        "call `P`",
        _of((_CODE, "-O"), (_ENTITIES, "+-")),
        "Code in `shop/**` MUST NOT call `print`.",
    ),
    "use": Shape(
        "use",
        "use `P`",
        _of((_CODE, "-O"), (_ENTITIES, "+-")),
        "Code in `shop/**` MUST NOT use `os.environ`, except in `shop/config.py`.",
    ),
    "catch": Shape(
        "use",
        "catch `P`",
        _of((_CODE, "-O"), (_ENTITIES, "+-")),
        "Code in `shop/**` SHOULD NOT catch `Exception` for new code.",
    ),
    "pass_arguments": Shape(
        "use",
        "pass `A`",
        _of(("calls", "+-")),
        "Each call to `requests.get` MUST pass `timeout`.",
    ),
    "pass_any": Shape(
        "use",
        "pass an argument",
        _of(("calls", "+")),
        "Each call to `random.Random` MUST pass an argument.",
    ),
    "match_fence": Shape(
        "use",
        "match: and a fence `semgrep`",
        _of((_CODE, "+-")),
        "Code in `shop/**` MUST NOT match:",
    ),
    "decorated": Shape(
        "have",
        "be decorated with `P`",
        _of((_ENTITIES, "+-")),
        "Each function in `shop/api/**` MUST be decorated with `@authorized`.",
    ),
    "inherit": Shape(
        "have",
        "inherit from `P`",
        _of((_ENTITIES, "+-")),
        "Each class in `shop/store/**` MUST inherit from `Repository`.",
    ),
    "define": Shape(
        "have",
        "define `N`",
        _of((_ENTITIES, "+-")),
        "Each module in `shop/commands/**` MUST define `register`.",
    ),
    "docstring": Shape(
        "have",
        "have a docstring",
        _of((_ENTITIES, "+")),
        "Each function in `shop/api/**` SHOULD have a docstring.",
    ),
    "annotated": Shape(
        "have",
        "be annotated",
        _of((_ENTITIES, "+")),
        "Functions in `shop/api/**` SHOULD be annotated.",
    ),
    "named": Shape(
        "name",
        "be named `N`",
        _of((f"{_ENTITIES} {_FILES} directories directory", "+-")),
        "Functions in `shop/**` MUST be named `snake_case`.",
    ),
    "match": Shape(
        "text",
        "match `/R/`",
        _of(("branches commits", "+-"), (_FILES, "+-O"), (_KEYS, "+-")),
        "Files in `shop/**` MUST NOT match `/TODO/`.",
    ),
    "exist": Shape(
        "file",
        "exist",
        _of((f"{_FILES} directory {_KEYS}", "+-"), ("for_each", "+")),
        "Files matching `**/package-lock.json` MUST NOT exist.",
    ),
    "live": Shape(
        "file",
        "live in `G`",
        _of((_FILES, "+-")),
        "Files matching `**/*.sql` MUST live in `migrations/`.",
    ),
    "contain": Shape(
        "text",
        "contain `T`",
        _of(("directories", "+-"), (_FILES, "+-O"), (_KEYS, "+-")),
        "Files in `infra/**` MUST NOT contain `BEGIN PRIVATE KEY`.",
    ),
    "size": Shape(
        "file",
        "have at most|at least N lines|words",
        _of((_FILES, "+")),
        "Files in `shop/**` SHOULD have at most 400 lines.",
    ),
    "start": Shape(
        "text",
        "start with `T`",
        _of((_FILES, "+-")),
        "Files matching `shop/**/*.py` MUST start with `# Copyright Shop Ltd`.",
    ),
    "identical": Shape(
        "text",
        "be identical to `p`",
        _of((_FILES, "+")),
        "Files matching `packages/*/LICENSE` MUST be identical to `LICENSE`.",
    ),
    "be": Shape(
        "key",
        "be `V`",
        _of((_KEYS, "+-")),
        "Key `tool.mypy.strict` in `pyproject.toml` MUST be `true`.",
    ),
    "bound": Shape(
        "key",
        "be at least|at most `V`",
        _of((_KEYS, "+")),
        "Key `engines.node` in `web/package.json` MUST be at least `20`.",
    ),
    "equal": Shape(
        "key",
        "equal key `K` in `p`",
        _of((_KEYS, "+")),
        "Key `version` in `web/package.json` MUST equal key `project.version` in `pyproject.toml`.",
    ),
    "change_too": Shape(
        "pair",
        "change",
        _of(("when", "+")),
        "When `shop/models/**` changes, `migrations/**` MUST change.",
    ),
    "run": Shape(
        "run",
        "run `C`",
        _of(("ci agents", "+-")),
        "CI MUST run `make lint`.",
    ),
    "succeed": Shape(
        "run",
        "pass",
        _of(("command", "+")),
        "Command `make test` MUST pass.",
    ),
    "approved": Shape(
        "approve",
        "be approved by `A`",
        _of(("changes", "+")),
        "Changes to `migrations/**` MUST be approved by 2 of `@dba`.",
    ),
    "change": Shape(
        "agent",
        "change `G`",
        _of(("agents", "-oO")),
        "Agents of class `A` MUST only change `docs/` or `tests/`.",
    ),
    "change_limit": Shape(
        "agent",
        "change at most N files|lines",
        _of(("agents", "+")),
        "Agents MUST change at most 20 files.",
    ),
    "spend": Shape(
        "agent",
        "spend at most N tokens|minutes|USD",
        _of(("agents", "+")),
        "Agents MUST spend at most 200000 tokens.",
    ),
    "stop": Shape(
        "agent",
        "stop after N failed attempts",
        _of(("agents", "+")),
        "Agents MUST stop after 3 failed attempts.",
    ),
    "read": Shape(
        "agent",
        "read `F` before changing `G`",
        _of(("agents", "+")),
        "Agents MUST read `docs/payments.md` before changing `shop/payments/**`.",
    ),
    "autonomy": Shape(
        "agent",
        "work at autonomy `L`",
        _of(("agents", "+")),
        "Agents in `migrations/**` MUST work at autonomy `supervised`.",
    ),
}
"""Every predicate, in the order of the language's own table."""
