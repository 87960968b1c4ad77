"""Every pair of subject, predicate and modal outside the table is the error it says."""

import pytest
from tests.language.reading import read_items

from bylaw import ir

SUBJECTS = {
    "modules": "Modules in `shop.web`",
    "code": "Code in `shop/**`",
    "entity": "Each class in `shop/**`",
    "entities": "Functions in `shop/**`",
    "each-module": "Each module in `shop/**`",
    "files": "Files in `shop/**`",
    "matching": "Files matching `shop/**`",
    "file": "File `setup.cfg`",
    "directories": "Each directory in `services/*`",
    "directory": "Directory `docs`",
    # `Only the project` would forbid nothing.
    "project": "The Python project",
    "bare": "`shop.web` and `shop.store`",
    "dependencies": "Dependencies in `requirements.txt`",
    "imports": "Each import of `orjson`",
    "calls": "Each call to `open`",
    "key": "Key `a.b` in `x.toml`",
    "each-key": "Each key `a.b` in `x.toml`",
    "when": "When `a/**` changes, `b/**`",
    "for-each": "For each `a/<n>`, `b/<n>`",
    "changes": "Changes to `db/**`",
    "command": "Command `make`",
    "agents": "Agents of class `A`",
    "ci": "CI",
    "branches": "Branch names",
    "commits": "Commit messages",
}

CODE = "modules code"
ENTITIES = "entity entities each-module"
FILES = "files matching file"
KEYS = "key each-key"

# The table of the language's own documentation, row by row.
TABLE: list[tuple[str, str, list[tuple[str, str]]]] = [
    ("import", "import `x`", [(CODE, "-oO"), ("each-module", "+")]),
    ("import", "import `x` directly or indirectly", [(CODE, "-oO"), ("each-module", "+")]),
    ("import", "be layered", [("bare", "+")]),
    ("import", "be independent", [("bare", "+")]),
    ("import", "form import cycles", [("modules", "-")]),
    ("import", "use relative imports", [(CODE, "-")]),
    ("import", "use wildcard imports", [(CODE, "-")]),
    ("import", "use default exports", [(CODE, "-")]),
    ("import", "be wrapped in `try`", [("imports calls", "+")]),
    ("depend", "depend on `x`", [("project bare", "+-oO")]),
    ("depend", "depend on `x` in extra `y`", [("project bare", "+-oO")]),
    ("depend", "depend on `x` in production", [("project bare", "+-oO")]),
    ("depend", "be pinned", [("dependencies", "+")]),
    ("use", "call `x`", [(CODE, "-O"), (ENTITIES, "+-")]),
    ("use", "use `x`", [(CODE, "-O"), (ENTITIES, "+-")]),
    ("use", "catch `x`", [(CODE, "-O"), (ENTITIES, "+-")]),
    ("use", "pass `x`", [("calls", "+-")]),
    ("use", "pass an argument", [("calls", "+")]),
    ("use", "match:", [(CODE, "+-")]),
    ("have", "be decorated with `x`", [(ENTITIES, "+-")]),
    ("have", "inherit from `x`", [(ENTITIES, "+-")]),
    ("have", "define `x`", [(ENTITIES, "+-")]),
    ("have", "have a docstring", [(ENTITIES, "+")]),
    ("have", "be annotated", [(ENTITIES, "+")]),
    ("name", "be named `x`", [(f"{ENTITIES} {FILES} directories directory", "+-")]),
    ("name", "match `/x/`", [("branches commits", "+-")]),
    ("file", "exist", [(f"{FILES} directory", "+-")]),
    ("file", "live in `x`", [(FILES, "+-")]),
    ("file", "contain `x`", [("directories", "+-")]),
    ("file", "have at most 9 lines", [(FILES, "+")]),
    ("text", "contain `x`", [(FILES, "+-O")]),
    ("text", "match `/x/`", [(FILES, "+-O")]),
    ("text", "start with `x`", [(FILES, "+-")]),
    ("text", "be identical to `x`", [(FILES, "+")]),
    ("key", "be `x`", [(KEYS, "+-")]),
    ("key", "match `/x/`", [(KEYS, "+-")]),
    ("key", "contain `x`", [(KEYS, "+-")]),
    ("key", "exist", [(KEYS, "+-")]),
    ("key", "be at least `1`", [(KEYS, "+")]),
    ("key", "equal key `x` in `y`", [(KEYS, "+")]),
    ("pair", "change", [("when", "+")]),
    ("pair", "exist", [("for-each", "+")]),
    ("run", "run `x`", [("ci", "+-")]),
    ("run", "pass", [("command", "+")]),
    ("approve", "be approved by `x`", [("changes", "+")]),
    ("approve", "be approved by 2 of `x`", [("changes", "+")]),
    ("agent", "change `x`", [("agents", "-oO")]),
    ("agent", "change at most 9 files", [("agents", "+")]),
    ("agent", "spend at most 9 tokens", [("agents", "+")]),
    ("agent", "stop after 3 failed attempts", [("agents", "+")]),
    ("agent", "run `x`", [("agents", "+-")]),
    ("agent", "read `x` before changing `y`", [("agents", "+")]),
    ("agent", "work at autonomy `ase`", [("agents", "+")]),
]


def allowed() -> dict[tuple[str, str], tuple[str, str]]:
    """Return the kind and the modals of each pair that the table has."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for kind, predicate, subjects in TABLE:
        for names, signs in subjects:
            for name in names.split():
                found[name, predicate] = kind, signs
    return found


PREDICATES = list(dict.fromkeys(predicate for _, predicate, _ in TABLE))
MODALS = {"+": "{} MUST {}", "-": "{} MUST NOT {}", "o": "{} MUST only {}", "O": "Only {} MAY {}"}


@pytest.mark.parametrize("predicate", PREDICATES)
@pytest.mark.parametrize("strength", ["MUST", "SHOULD"])
def test_the_whole_cross_product_is_as_the_table_says(predicate: str, strength: str) -> None:
    cases = []
    for subject, words in SUBJECTS.items():
        for sign, form in MODALS.items():
            sentence = form.format(
                words if sign != "O" else words[0].lower() + words[1:], predicate
            )
            if strength == "SHOULD":
                sentence = sentence.replace("MUST", "SHOULD").replace(" MAY ", " SHOULD ")
            cases.append((subject, sign, sentence))
    fence = "\n\n  ```semgrep\n  execute($X)\n  ```\n" if predicate == "match:" else ""
    statements, _ = read_items(*(f"{sentence}{fence}" for _, _, sentence in cases))
    for (subject, sign, sentence), statement in zip(cases, statements, strict=True):
        kind, signs = allowed().get((subject, predicate), ("", ""))
        if sign in signs:
            assert isinstance(statement, ir.ConstraintNode), sentence
            assert getattr(statement, "kind", None) == kind, sentence
            assert statement.severity == ("error" if strength == "MUST" else "warning")
        else:
            assert isinstance(statement, ir.Rejected), sentence
            assert statement.codes[0] == ("BL101" if signs else "BL100"), sentence
