"""What becomes a contract, what does not, and how it is written."""

import random
import tomllib
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import grimp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.text import Text
from tests.targets.compiled import assemble, read, scoped
from tests.targets.importlinter.engine import run

from bylaw.modules import read_tree
from bylaw.target import Fidelity
from bylaw_targets.importlinter import ImportLinter, escape, toml
from bylaw_targets.importlinter.graph import Graph

TREE = (
    "shop/__init__.py",
    "shop/a/__init__.py",
    "shop/a/x.py",
    "shop/a/y.py",
    "shop/b/__init__.py",
    "shop/b/z.py",
    "manage.py",
    "web/app.ts",
)


def fidelity(sentence: str, tree: tuple[str, ...] = TREE) -> Fidelity:
    fragment = ImportLinter().compile(scoped(f"- [it] {sentence}", tree))
    return fragment.fidelity["it"]


def contracts(sentences: str, tree: tuple[str, ...] = TREE) -> list[dict[str, Any]]:
    artifacts = assemble(ImportLinter(), scoped(sentences, tree))
    found = []
    for path in sorted(artifacts):
        parsed = tomllib.loads(artifacts[path].data.decode())
        found += parsed["tool"]["importlinter"]["contracts"]
    return found


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Each module in `shop/**` MUST import `__future__.annotations`.", "demand an import"),
        ("Modules in `shop.a` MUST NOT import `x` at module level.", "inside functions"),
        ("Modules in `shop.a` MUST NOT import `x` for new code.", "no base"),
        ("Modules in `shop.a` MUST NOT import `sqlalchemy.orm`.", "sees `sqlalchemy` as a whole"),
        ("Modules in `shop.a` MUST NOT import `shop.b.nothing`.", "names no module"),
        ("Modules in `shop.a` MUST NOT import `django.*`.", "is no Python module"),
        ("Modules in `shop.a` MUST NOT import code in `web/**`.", "no module of a Python package"),
        ("Modules in `shop.a` MUST NOT import `x`, except `x.types`.", "without `x.types`"),
        ("Modules in `shop.a` MUST NOT import `shop.a`.", "are the same modules"),
        ("Code in `web/**` MUST NOT import `react`.", "no module of a Python package"),
        ("TypeScript code in `web/**` MUST NOT import `react`.", "reads Python only"),
        ("Code in `manage.py` MUST NOT import `x`.", "no module of a Python package"),
        ("`shop.a` and `shop.c` MUST be layered.", "fewer than two"),
        ("`shop` and `shop.a` MUST be layered.", "`shop.a` lies in `shop`"),
        ("`shop.a`, `shop.b` and `shop.a` MUST be layered.", "named twice"),
        ("`web` and `domain` MUST be layered within `shop.*`.", "no module"),
        ("`shop.a` and `shop.a.x` MUST be independent.", "lies in"),
        ("`shop.c.*` MUST be independent.", "no module"),
        ("`shop.b.*` MUST be independent.", "fewer than two"),
        ("Modules in `shop.b` MUST NOT form import cycles.", "none of its packages has two"),
        ("Code in `shop/**` MUST NOT use wildcard imports.", "nothing else"),
        ("Files in `shop/**` SHOULD have at most 4 lines.", "nothing else"),
    ],
)
def test_what_import_linter_cannot_say_gets_a_reason_and_no_contract(
    sentence: str, reason: str
) -> None:
    answer = fidelity(sentence)
    assert answer.level == "unsupported"
    assert reason in str(answer.reason)
    assert contracts(f"- [it] {sentence}") == []


def test_a_repository_without_python_gets_no_contract() -> None:
    answer = fidelity("Modules in `shop.a` MUST NOT import `x`.", ("web/app.ts",))
    assert answer.reason == "the repository has no Python package"


@pytest.mark.parametrize(
    ("sentence", "missed"),
    [
        ("Modules in `shop` MUST NOT import `x` or `y.z`.", "cannot tell `y.z`"),
        ("Code in `**` MUST NOT import `x`.", "`manage` stand in no package"),
        ("Code in `**` MUST NOT import `x`.", "only Python is read, not typescript"),
        ("Modules in `shop.a` MUST only import `attrs`.", "from outside the repository"),
        ("`shop.a`, `shop.c` and `shop.b` MUST be layered.", "no module is named `shop.c`"),
        ("Modules in `shop.a` MUST NOT import `x`.", "`importlib.import_module`"),
    ],
)
def test_what_a_contract_misses_is_said(sentence: str, missed: str) -> None:
    answer = fidelity(sentence)
    assert (answer.level, answer.errs) == ("approximate", "misses")
    assert missed in str(answer.reason)
    assert answer.rules[0] == "0007-domain.it"


def test_only_cycles_through_packages_are_reported_too_often() -> None:
    assert fidelity("Modules in `shop` MUST NOT form import cycles.").errs == "both"
    assert fidelity("Modules in `shop.a` MUST NOT form import cycles.").errs == "misses"


def test_a_constraint_that_is_not_in_force_has_no_contract() -> None:
    """Its artifact says when it will have one."""
    later = "- [it] Modules in `shop.a` MUST NOT import `x` from 2031-01-01."
    fragment = ImportLinter().compile(scoped(later, TREE))
    assert fragment.fidelity["it"].level == "approximate"
    assert contracts(later) == []


def test_every_module_that_a_contract_names_is_in_the_graph() -> None:
    graph = Graph(read_tree(TREE))
    sentences = (
        "- [one] Modules in `shop` MUST NOT import `shop.a`.\n"
        "- [two] Only modules in `shop.b` MAY import `shop.a`.\n"
        "- [three] Modules in `shop.a` MUST only import `attrs`.\n"
        "- [four] `shop.a.*` MUST be independent.\n"
    )
    for contract in contracts(sentences):
        for key, value in contract.items():
            if key.endswith("modules") or key == "allowed_importers":
                assert value, contract["id"]
                assert all(graph.has(name) for name in value), contract["id"]


def test_no_contract_means_no_file() -> None:
    """`lint-imports` fails on a file without contracts."""
    assert assemble(ImportLinter(), scoped("- [it] CI MUST run `make`.", TREE)) == {}


# --- the graph -----------------------------------------------------------------------------------

names = st.sampled_from(["a", "b", "c"])
files = st.sets(
    st.builds(
        lambda parts, end: "/".join(["p", *parts, end]),
        st.lists(names, max_size=3),
        st.sampled_from(["__init__.py", "a.py", "b.py", "d.py"]),
    ),
    min_size=1,
    max_size=12,
)


@given(files, st.integers(0, 2**16))
def test_a_cover_is_the_set_it_covers(tree: set[str], seed: int) -> None:
    graph = Graph(read_tree(sorted(tree)))
    wanted = {m for m in graph.modules if random.Random(f"{seed}{m}").random() < 0.6}
    cover = graph.cover(wanted)
    covered = [m for top in cover.trees for m in graph.tree(top)] + [*cover.alone]
    assert sorted(covered) == sorted(wanted)


@settings(max_examples=25, deadline=None)
@given(files)
def test_the_graph_is_what_grimp_builds(tmp_path_factory: Any, tree: set[str]) -> None:
    folder: Path = tmp_path_factory.mktemp("tree")
    package = f"p{folder.name}".replace("-", "_")
    renamed = sorted(package + path[1:] for path in tree)
    for path in renamed:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).touch()
    graph = Graph(read_tree(renamed, (".",)))
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        built = grimp.build_graph(package, cache_dir=None)
    assert graph.modules | graph.namespaces == built.modules


# --- writing -------------------------------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_toml_reads_back_what_was_written(text: str) -> None:
    written = toml.table("[t]", [("a", text), ("b", (text, text)), ("c", ()), ("d", True)])
    assert tomllib.loads(written)["t"] == {"a": text, "b": [text, text], "c": [], "d": True}


MARKUP = st.text(st.sampled_from("[]/\\abz#@:_1 é"), max_size=20) | st.sampled_from(
    ["[bold]", "[/foo]", ":warning:", ":smile: :x:", "\\[a]", "a\\", "[[a]]", "x :heart:[b]"]
)


@given(MARKUP, MARKUP)
def test_rich_prints_escaped_text_as_it_is(one: str, other: str) -> None:
    text = f"{one} {other}"
    assert Text.from_markup(escape(text)).plain == text


@pytest.mark.engine
def test_hostile_words_of_a_decision_come_out_as_they_are(tmp_path: Path) -> None:
    because = "[bold] and [/foo] :warning: \\ \"quotes\" ''' # = {x} % é"
    sentences = f"- [it] Modules in `shop.a` MUST NOT import `shop.b`, because {because}."
    verdicts = run(tmp_path, sentences, dict.fromkeys(TREE, "") | {"shop/a/x.py": "import shop.b"})
    assert verdicts.broken == {"it": {"shop.a.x:1 -> shop.b"}}
    reason = read(sentences).constraints[0].because
    assert f"Because {reason}." in verdicts.text


def test_a_reason_without_end_is_cut() -> None:
    decision = scoped("- [it] Modules in `shop.a` MUST NOT import `x`.", TREE)
    (it,) = decision.constraints
    endless = {"because": "\\" * 1_000_000, "sentence": "[a" * 500_000}
    it = it._replace(constraint=it.constraint.model_copy(update=endless))
    artifacts = assemble(ImportLinter(), replace(decision, constraints=(it,)))
    assert len(artifacts["importlinter.toml"].data) < 4000


# --- against a plain reading of the language -----------------------------------------------------


def random_tree(chance: random.Random) -> dict[str, str]:
    folders = ["shop", *(f"shop/{f}" for f in "abc"), "shop/a/d", "shop/b/d"]
    paths = [f"{f}/__init__.py" for f in folders]
    paths += [f"{f}/{m}.py" for f in folders for m in "xyz" if chance.random() < 0.5]
    modules = [p.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for p in paths]
    tree = {}
    for path in paths:
        targets = chance.sample([*modules, "redis", "attrs"], chance.choice([0, 1, 1, 2, 3]))
        tree[path] = "".join(f"import {target}\n" for target in targets)
    return tree


def reading(kind: str, subject: str, operand: str, tree: dict[str, str]) -> set[str]:
    """Return the violating imports, from the words of the language and nothing else."""

    def below(module: str, top: str) -> bool:
        return module == top or module.startswith(f"{top}.")

    found = set()
    for path, text in tree.items():
        importer = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for line, row in enumerate(text.splitlines(), 1):
            imported = row.removeprefix("import ")
            if imported == importer:
                continue
            inside, hit = below(importer, subject), below(imported, operand)
            if kind == "not":
                overlap = below(importer, operand) and below(imported, subject)
                violated = inside and hit and not (overlap and inside and hit)
            elif kind == "door":
                violated = hit and not inside and not below(importer, operand)
            else:
                own = below(imported, subject) or hit or imported in {"redis", "attrs"}
                violated = inside and not own
            if violated:
                found.add(f"{importer}:{line} -> {imported}")
    return found


SENTENCES = {
    "not": "Modules in `{}` MUST NOT import `{}`.",
    "door": "Only modules in `{}` MAY import `{}`.",
    "only": "Modules in `{}` MUST only import `{}`.",
}


@pytest.mark.engine
@pytest.mark.parametrize("seed", range(4))
def test_random_trees_are_judged_as_the_language_says(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    tree = random_tree(chance)
    tops = ["shop", "shop.a", "shop.b", "shop.c", "shop.a.d", "shop.b.d"]
    cases = [
        (kind, subject, operand)
        for kind in SENTENCES
        for subject in tops
        for operand in [*tops, "redis"]
        if subject != operand
    ]
    text = "".join(
        f"- [c{number}] {SENTENCES[kind].format(subject, operand)}\n"
        for number, (kind, subject, operand) in enumerate(cases)
    )
    verdicts = run(tmp_path, text, tree)
    wrong = {}
    for number, case in enumerate(cases):
        expected = reading(*case, tree)
        found = verdicts.broken.get(f"c{number}", set())
        if found != expected:
            wrong[case] = (sorted(found - expected), sorted(expected - found))
    assert wrong == {}
    assert len(verdicts.broken) > 20
    assert len(verdicts.kept) > 5


def edges(tree: dict[str, str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path, text in tree.items():
        importer = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        found[importer] = {row.removeprefix("import ") for row in text.splitlines()} - {importer}
    return found


def reaches(start: set[str], goal: set[str], barred: set[str], graph: dict[str, set[str]]) -> bool:
    """Tell whether an import leads from `start` to `goal`, through nothing that is barred."""
    seen: set[str] = set()
    pending = list(start)
    while pending:
        module = pending.pop()
        for imported in graph.get(module, ()):
            if imported in goal:
                return True
            if imported not in seen and imported not in barred:
                seen.add(imported)
                pending.append(imported)
    return False


@pytest.mark.engine
@pytest.mark.parametrize("seed", [1, 8, 30])
def test_random_chains_are_judged_as_the_language_says(tmp_path: Path, seed: int) -> None:
    """Only whether a constraint is violated: which of several chains is shown is free."""
    chance = random.Random(seed)
    dense = random_tree(chance)
    tree = {path: text if chance.random() < 0.45 else "" for path, text in dense.items()}
    graph = edges(tree)
    tops = ["shop.a", "shop.b", "shop.c"]
    below = {t: {m for m in graph if m == t or m.startswith(f"{t}.")} for t in tops}
    whole = set().union(*below.values())
    expected = {}
    text = ""
    for number, order in enumerate(permutations(tops)):
        one, two, three = order
        text += (
            f"- [far{number}] Modules in `{one}` MUST NOT import `{two}` directly or indirectly.\n"
        )
        expected[f"far{number}"] = reaches(below[one], below[two], set(), graph)
        text += f"- [low{number}] `{one}`, `{two}` and `{three}` MUST be layered.\n"
        expected[f"low{number}"] = any(
            reaches(below[low], below[high], whole, graph)
            for low, high in ((two, one), (three, one), (three, two))
        )
        text += f"- [own{number}] `{one}` and `{two}` MUST be independent.\n"
        pair = below[one] | below[two]
        expected[f"own{number}"] = reaches(below[one], below[two], pair, graph) or reaches(
            below[two], below[one], pair, graph
        )
    verdicts = run(tmp_path, text, tree)
    assert {name: name in verdicts.broken for name in expected} == expected
    assert len(set(expected.values())) == 2
