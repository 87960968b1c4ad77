"""Laws of the passes: order means nothing, a witness is in both, and buckets lose no pair."""

from itertools import combinations, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bylaw.diagnostics import Diagnostic
from bylaw.ir import Layered
from bylaw.passes.compare.buckets import buckets
from bylaw.passes.compare.claim import Claim, make_claim
from bylaw.passes.compare.clash import clash
from bylaw.passes.compare.pairs import candidates
from bylaw.passes.compare.redundant import says_no_less
from bylaw.passes.contradicting_layers import inversion
from bylaw.program import Ground
from tests.passes.building import adr, check, compile_files
from tests.scope.strategies import reference

# Few names, so that sentences meet often; no glob ends like a folder and a file at once.
GLOBS = (
    "shop/**",
    "shop/web/**",
    "shop/*/api.py",
    "**/*.py",
    "src/shop/*.py",
    "shop/web.py",
    "shop/web/api.py",
    "{shop,web}/**",
    "web/**/*.ts",
    "**/api.*",
    "shop/[!a]*/**",
)
MODULES = ("shop", "shop.web", "shop.*", "shop.web.api", "**.api")
OPERANDS = ("sqlalchemy", "sqlalchemy.orm", "shop.web", "shop.store", "attrs", "*.orm")
PATTERNS = ("print", "os.environ", "os.environ.get", ".get", "os.*", ".g*")
FILES = (
    "**/*.sql",
    "db/*.sql",
    "db/**",
    "**/OWNERS",
    "services/*/OWNERS",
    "LICENSE",
    "db/a.sql",
    "**/a.sql",
    "**/*.a.sql",
    "**/?.sql",
    "**/*sql",
    "**/.sql",
    "{db,x}/a.*",
)
HOMES = ("db/", "migrations/**", "**/a.*")
TEXTS = ("TODO", "TODO: x", "# Copyright", "Copyright")
KEYS = ("a.b", "a.*", "a", "*.b", "a.b.c", "**.c")
PLACES = ("x.toml", "*.toml", "conf/x.toml")
PACKAGES = ("django", "Django>=4.2,<5", "django>=5", "django<4", "zope.interface")
MANIFESTS = ("The project", "The Python project", "`api/pyproject.toml`", "`web/package.json`")
FILTERS = (
    "",
    " decorated with `@route`",
    " matching `*Repo`",
    " matching `*Repo` decorated with `@a`",
)

TEMPLATES: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("Modules in `{}` MUST NOT import `{}`.", (MODULES, OPERANDS)),
    ("Code in `{}` MUST NOT import `{}` or `{}`.", (GLOBS, OPERANDS, OPERANDS)),
    ("Modules in `{}` MUST only import `{}`.", (MODULES, OPERANDS)),
    ("Only modules in `{}` MAY import `{}`.", (MODULES, OPERANDS)),
    ("Each module in `{}` MUST import `{}`.", (GLOBS, OPERANDS)),
    ("`{}`, `shop.web` and `{}` MUST be layered.", (("shop.a", "shop.store", "*.x"),) * 2),
    ("`{}` and `{}` MUST be layered.", (("shop.web", "shop.store", "shop.web.api", "*.x"),) * 2),
    ("Code in `{}` MUST NOT {} `{}`.", (GLOBS, ("call", "use"), PATTERNS)),
    ("Each function in `{}`{} MUST {} `{}`.", (GLOBS, FILTERS, ("call", "use"), PATTERNS)),
    (
        "Each function in `{}`{} MUST{} be decorated with `@{}`.",
        (GLOBS, FILTERS, ("", " NOT"), ("a", "a.b", "*", ".b")),
    ),
    (
        "Each call to `{}` in `{}` MUST{} pass `{}`.",
        (PATTERNS, GLOBS, ("", " NOT"), ("x", "x=1", "x=2")),
    ),
    ("Each module in `{}` MUST{} define `{}`.", (GLOBS, ("", " NOT"), ("run", "r*", "main"))),
    (
        "Functions in `{}` MUST{} be named `{}`.",
        (GLOBS, ("", " NOT"), ("snake_case", "PascalCase", "get_*")),
    ),
    ("Files matching `{}` MUST{} exist.", (FILES, ("", " NOT"))),
    ("Files matching `{}` MUST{} live in `{}`.", (FILES, ("", " NOT"), HOMES)),
    ("Files matching `{}` MUST{} be named `{}`.", (FILES, ("", " NOT"), ("*.sql", "a.*", "b*"))),
    ("Each directory in `{}` MUST contain `{}`.", (("services/*", "db/*"), ("OWNERS", "a.sql"))),
    ("Files in `{}` MUST{} contain `{}`.", (GLOBS, ("", " NOT"), TEXTS)),
    ("Files in `{}` MUST start with `{}`.", (GLOBS, TEXTS)),
    ("Files in `{}` MUST NOT match `/{}/`.", (GLOBS, ("TODO", "Copy.*"))),
    ("Files in `{}` MUST have at {} 300 lines.", (GLOBS, ("least", "most"))),
    ("Files in `{}` MUST have at {} 200 lines.", (GLOBS, ("least", "most"))),
    (
        "{} `{}` in `{}` MUST{} be `{}`.",
        (("Key", "Each key"), KEYS, PLACES, ("", " NOT"), ("3", "3.0", "4")),
    ),
    ("Key `{}` in `{}` MUST{} exist.", (KEYS, PLACES, ("", " NOT"))),
    ("Key `{}` in `{}` MUST be at {} `{}`.", (KEYS, PLACES, ("least", "most"), ("3", "5"))),
    ("{} MUST{} depend on `{}`.", (MANIFESTS, ("", " NOT", " only"), PACKAGES)),
    ("CI MUST{} run `{}`.", (("", " NOT"), ("make", "make lint", "nice make lint"))),
    ("`{}` and `{}` MUST be independent.", (("shop.web", "shop.store", "*.x"),) * 2),
    ("Only agents of class `{}` MAY change `{}`.", (("A", "B"), GLOBS)),
    ("Agents MUST{} change `{}`.", ((" NOT", " only"), GLOBS)),
    ("When `{}` changes, `{}` MUST change.", (GLOBS, ("db/**", "shop/web/*"))),
    ("Agents in `{}` MUST work at autonomy `{}`.", (GLOBS, ("assisted", "supervised"))),
)


@st.composite
def sentences(draw: st.DrawFn) -> str:
    template, choices = draw(st.sampled_from(TEMPLATES))
    return template.format(*(draw(st.sampled_from(options)) for options in choices))


many = st.lists(sentences(), min_size=2, max_size=7)


def _files(texts: list[str]) -> dict[str, str]:
    return {f"docs/adr/{n:04}-d{n}.md": adr(n, f"[c{n}] {text}") for n, text in enumerate(texts, 1)}


def _own(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    return [d for d in diagnostics if d.code.startswith("BL2")]


@settings(max_examples=60, deadline=None)
@given(many, st.randoms(use_true_random=False))
def test_the_order_of_the_files_never_changes_the_diagnostics(
    texts: list[str], random: Random
) -> None:
    files = _files(texts)
    shuffled = list(files.items())
    random.shuffle(shuffled)
    assert check(dict(shuffled)) == check(files)


@settings(max_examples=150, deadline=None)
@given(sentences(), sentences())
def test_which_of_two_decisions_comes_first_changes_no_conflict(one: str, other: str) -> None:
    there, back = _clashes([one, other]), _clashes([other, one])
    assert there == back


def _claims(texts: list[str]) -> list[Claim]:
    program, _ = compile_files(_files(texts))
    found = [(u.header.path, u.header.id, c) for u in program.units for c in u.decision.constraints]
    return [make_claim(*parts) for parts in found]


def _clashes(texts: list[str]) -> list[tuple[str, str]]:
    pairs = combinations(_claims(texts), 2)
    found = [clash(a, b) for a, b in pairs]
    return [(c.witness, c.reason) for c in found if c is not None]


@settings(max_examples=250, deadline=None)
@given(many)
def test_buckets_lose_no_pair_that_has_to_do_with_each_other(texts: list[str]) -> None:
    program, _ = compile_files(_files(texts))
    headers = [unit.header for unit in program.units]
    pairs, complete = candidates(headers, 10_000, program.ground)
    assert complete
    flat = [(u, r) for u, header in enumerate(headers) for r in range(len(header.rows))]
    claims = dict(zip(flat, _claims(texts), strict=True))
    for a, b in combinations(flat, 2):
        if _related(claims[a], claims[b]):
            one, other = claims[a].constraint, claims[b].constraint
            assert (a, b) in pairs, (one.sentence, other.sentence, buckets(one), buckets(other))


GROUNDS = (
    Ground(),
    Ground(("src/shop/web/api.py", "web/shop/__init__.py")),
    Ground(("db/shop/a.py", "shop/web.py"), ("", "db")),
)


@pytest.mark.parametrize(("seed", "ground"), [*zip([3, 5, 7], GROUNDS, strict=True)])
def test_buckets_lose_no_pair_of_some_hundred_sentences(seed: int, ground: Ground) -> None:
    """Few pairs meet by chance: here every pair of a sample of all templates is compared."""
    random = Random(seed)
    texts: list[str] = []
    for template, choices in TEMPLATES:
        every = list(product(*choices))
        texts += [template.format(*parts) for parts in random.sample(every, min(16, len(every)))]
    program, _ = compile_files(_files(list(dict.fromkeys(texts))), ground=ground)
    headers = [unit.header for unit in program.units if unit.header.rows]
    pairs, complete = candidates(headers, 1_000_000, program.ground)
    assert complete
    claims = [
        make_claim(u.header.path, u.header.id, u.decision.constraints[0], ground=ground)
        for u in program.units
        if u.header.rows
    ]
    met = {(a[0], b[0]) for a, b in pairs}
    lost = [
        (one.constraint.sentence, other.constraint.sentence)
        for (a, one), (b, other) in combinations(enumerate(claims), 2)
        if (a, b) not in met and _related(one, other)
    ]
    assert lost == []


def _related(one: Claim, other: Claim) -> bool:
    if clash(one, other) or says_no_less(one, other) or says_no_less(other, one):
        return True
    first, second = one.constraint, other.constraint
    if not isinstance(first, Layered) or not isinstance(second, Layered):
        return False
    return inversion(first, second) is not None


PARTS = ("shop", "web", "src", "a", "api.py", "x.py", "api.ts", "api", "x")
PATHS = ["/".join(parts) for depth in (1, 2, 3) for parts in product(PARTS, repeat=depth)]


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(GLOBS), st.sampled_from(GLOBS), st.sampled_from((*GLOBS, None)))
def test_a_conflict_is_found_exactly_where_a_file_is_in_both(
    one: str, other: str, excepted: str | None
) -> None:
    tail = f", except in `{excepted}`" if excepted else ""
    found = _clashes(
        [
            f"Files in `{one}` MUST contain `Copyright`.",
            f"Files in `{other}` MUST NOT contain `Copyright`{tail}.",
        ]
    )

    def in_both(path: str) -> bool:
        inside = reference(one, path) and reference(other, path)
        return inside and not (excepted and reference(excepted, path))

    assert all(in_both(witness) for witness, _ in found)
    if any(map(in_both, PATHS)):
        assert found
