"""The import graph: chains, layers, independence and cycles, against plainer ways to find them."""

import random
from collections.abc import Iterable
from itertools import pairwise, permutations
from pathlib import Path

import grimp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bylaw.check.engine import find
from bylaw.check.excuse import waiver_of
from bylaw.check.importgraph import Chains, cycles, edges_of, python_imports, reachable
from bylaw.check.verdict import Finding, NotEvaluated, Violation
from tests.check.judging import evidence_of, judge, only
from tests.targets.compiled import scoped
from tests.targets.importlinter.engine import run

NODES = [f"{letter}.py" for letter in "abcdefg"]
GRAPHS = st.dictionaries(
    st.sampled_from(NODES), st.sets(st.sampled_from(NODES), max_size=4), max_size=7
).map(lambda found: {n: dict.fromkeys(sorted(found.get(n, set()) - {n}), ()) for n in NODES})


def distances(graph: dict[str, dict[str, tuple[()]]], goal: set[str]) -> dict[str, int]:
    """Return how many imports it takes from each file to one of the goal."""
    found = dict.fromkeys(goal, 0)
    for step in range(1, len(graph)):
        for path, targets in graph.items():
            if path not in found and any(found.get(t) == step - 1 for t in targets):
                found[path] = step
    return found


@given(GRAPHS, st.sets(st.sampled_from(NODES)))
def test_chains_are_shortest_and_of_these_the_first(
    graph: dict[str, dict[str, tuple[()]]], goal: set[str]
) -> None:
    far = distances(graph, goal)
    reach = Chains(graph).to(goal)
    assert reach.files == far.keys()
    for start in reach.files:
        chain = reach.chain(start)
        assert len(chain) - 1 == far[start]
        assert chain[-1] in goal
        for path, following in pairwise(chain):
            assert following == min(t for t in graph[path] if far.get(t) == far[path] - 1)


@given(GRAPHS)
def test_cycles_are_the_files_that_reach_each_other(
    graph: dict[str, dict[str, tuple[()]]],
) -> None:
    below = {path: reachable(graph, graph[path]) for path in graph}
    expected = {
        tuple(sorted(o for o in graph if o == path or (o in below[path] and path in below[o])))
        for path in graph
    }
    found = list(cycles(graph, frozenset(graph)))
    assert sorted(found) == sorted(group for group in expected if len(group) > 1)


def test_a_chain_of_a_hundred_thousand_files_is_no_recursion() -> None:
    paths = [f"{number:06}.py" for number in range(100_000)]
    graph = {a: {b: ()} for a, b in zip(paths, [*paths[1:], paths[0]], strict=True)}
    (component,) = cycles(graph, frozenset(graph))
    assert component == tuple(paths)


# --- random trees ------------------------------------------------------------------------------


def random_tree(chance: random.Random, density: float) -> dict[str, str]:
    folders = ["shop", *(f"shop/{f}" for f in "abcd"), "shop/a/d", "shop/b/d"]
    paths = [f"{f}/__init__.py" for f in folders]
    paths += [f"{f}/{m}.py" for f in folders for m in "xyz" if chance.random() < 0.5]
    modules = [module(path) for path in paths]
    tree = {}
    for path in paths:
        count = chance.choice([0, 1, 1, 2, 3]) if chance.random() < density else 0
        targets = chance.sample([*modules, "redis", "attrs"], count)
        tree[path] = "".join(f"import {target}\n" for target in targets)
    return tree


def module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports(tree: dict[str, str]) -> dict[str, list[tuple[int, str]]]:
    """Return each module's imports with their lines."""
    return {
        module(path): [
            (line, row.removeprefix("import "))
            for line, row in enumerate(text.splitlines(), 1)
            if row != f"import {module(path)}"
        ]
        for path, text in tree.items()
    }


def below(name: str, top: str) -> bool:
    return name == top or name.startswith(f"{top}.")


def leads(
    graph: dict[str, list[tuple[int, str]]], start: str, top: str, listed: Iterable[str]
) -> bool:
    """Tell whether a module is, or leads through modules outside the list to, one below `top`."""
    seen, pending = {start}, [start]
    while pending:
        name = pending.pop()
        if below(name, top):
            return True
        if any(below(name, other) for other in listed):
            continue
        for _, target in graph.get(name, ()):
            if target not in seen:
                seen.add(target)
                pending.append(target)
    return False


def places(findings: Iterable[Finding]) -> set[tuple[str | None, int]]:
    return {(f.path, f.place.line if f.place else 0) for f in findings}


@pytest.mark.parametrize("seed", range(12))
def test_layers_and_independence_are_judged_import_by_import(seed: int) -> None:
    chance = random.Random(seed)
    tree = random_tree(chance, chance.choice([0.3, 0.6, 1]))
    graph = imports(tree)
    paths = {module(path): path for path in tree}
    sentences, expected = "", {}
    for number, order in enumerate(permutations(["shop.a", "shop.b", "shop.c"])):
        one, two, three = order
        sentences += f"- [low{number}] `{one} | {two}` and `{three}` MUST be layered.\n"
        banned = {one: [two], two: [one], three: [one, two]}
        expected[f"low{number}"] = {
            (paths[name], line)
            for low, tops in banned.items()
            for name in graph
            if below(name, low)
            for line, target in graph[name]
            for top in tops
            if leads(graph, target, top, order)
        }
    found = judge(sentences + "- [own] `shop.*` MUST be independent.\n", tree)
    assert {name: places(found[name]) for name in expected} == expected
    # With all packages in the list, only the package's own file is outside of it.
    tops = sorted({name for name in graph if name.count(".") == 1})
    assert places(found["own"]) == {
        (paths[name], line)
        for name in graph
        for line, target in graph[name]
        for top in tops
        if "." in name and not below(name, top) and leads(graph, target, top, tops)
    }


@pytest.mark.parametrize("seed", range(8))
def test_grimp_finds_the_same_layers_broken(seed: int) -> None:
    tree = random_tree(random.Random(seed), 0.7)
    graph = grimp.ImportGraph()
    for name, targets in imports(tree).items():
        graph.add_module(name)
        for _, target in targets:
            graph.add_import(importer=name, imported=target)
    for order in permutations(["shop.a", "shop.b", "shop.d"]):
        if not all(f"{name.replace('.', '/')}/__init__.py" in tree for name in order):
            continue
        named = " , ".join(f"`{name}`" for name in order[:2])
        found = judge(f"- [it] {named} and `{order[2]}` MUST be layered.", tree)["it"]
        broken = graph.find_illegal_dependencies_for_layers(list(order))
        assert {(d.importer, d.imported) for d in broken} == {
            (".".join(module(str(v.path)).split(".")[:2]), v.operand)
            for v in found
            if isinstance(v, Violation)
        }


@pytest.mark.parametrize("seed", range(8))
def test_an_indirect_import_is_one_violation_of_each_module_that_reaches_it(seed: int) -> None:
    tree = random_tree(random.Random(seed), 0.5)
    graph = imports(tree)
    paths = {module(path): path for path in tree}
    for one, two in permutations(["shop.a", "shop.b", "redis"], 2):
        if one == "redis":
            continue
        sentence = f"- [it] Modules in `{one}` MUST NOT import `{two}` directly or indirectly."
        found = judge(sentence, tree)["it"]
        expected = [n for n in graph if below(n, one) and leads(graph, n, two, ())]
        assert sorted(str(f.path) for f in found) == sorted(paths[name] for name in expected)


@pytest.mark.engine
@pytest.mark.parametrize("seed", [2, 5])
def test_import_linter_gives_the_same_verdicts(tmp_path: Path, seed: int) -> None:
    tree = random_tree(random.Random(seed), 0.6)
    tops = ["shop.a", "shop.b", "shop.c", "shop.d"]
    sentences = ""
    exact = set()
    for number, (one, two) in enumerate(permutations([*tops, "redis"], 2)):
        if one == "redis":
            continue
        exact |= {f"not{number}", f"door{number}"}
        sentences += (
            f"- [not{number}] Modules in `{one}` MUST NOT import `{two}`.\n"
            f"- [door{number}] Only modules in `{one}` MAY import `{two}`.\n"
            f"- [far{number}] Modules in `{one}` MUST NOT import `{two}` directly or indirectly.\n"
        )
        if two != "redis":
            sentences += (
                f"- [low{number}] `{one}` and `{two}` MUST be layered.\n"
                f"- [own{number}] `{one}` and `{two}` MUST be independent.\n"
            )
    verdicts = run(tmp_path, sentences, tree)
    found = judge(sentences, tree)
    judged = verdicts.kept | verdicts.broken.keys()
    assert {name for name in judged if found[name]} == set(verdicts.broken)
    for name in exact & judged:
        shown = {
            f"{module(str(v.path))}:{v.place.line if v.place else 0} -> {v.found}"
            for v in found[name]
            if isinstance(v, Violation)
        }
        assert shown == verdicts.broken.get(name, set()), name
    assert min(len(verdicts.broken), len(verdicts.kept)) > 10


# --- what is said ------------------------------------------------------------------------------

SHOP = {
    "shop/__init__.py": "",
    "shop/domain/__init__.py": "",
    "shop/domain/order.py": "import shop.util\nimport shop.other\n",
    "shop/util.py": "import shop.web.views\n",
    "shop/other.py": "def late():\n    from shop.web import views\n",
    "shop/web/__init__.py": "",
    "shop/web/views.py": "",
}
FAR = "- [it] Modules in `shop.domain` MUST NOT import `shop.web` directly or indirectly.\n"


def test_a_chain_is_told_step_by_step() -> None:
    (found,) = judge(FAR, SHOP)["it"]
    assert isinstance(found, Violation)
    assert (found.detail, found.operand, found.found) == (
        "reaches `shop.web`",
        "shop.web",
        "shop.web.views",
    )
    assert [(s.path, s.place and s.place.line, s.message) for s in found.steps] == [
        ("shop/domain/order.py", 2, "imports `shop.other`"),
        ("shop/other.py", 2, "imports `shop.web.views`"),
    ]


def test_findings_hang_on_no_order_of_files() -> None:
    sentences = FAR + "- [low] `shop.web` and `shop.domain` MUST be layered.\n"
    expected = judge(sentences, SHOP)
    assert judge(sentences, dict(reversed(SHOP.items()))) == expected


WAIVER = "until 2026-12-31, approved by `@arch`, because it is rewritten.\n"


@pytest.mark.parametrize(
    ("edges", "excused", "left"),
    [
        ("`shop.domain.order -> shop.other`", 1, "shop.util"),
        ("`shop.other -> shop.web`", 1, "shop.util"),
        ("`shop.domain -> shop.util`", 0, "shop.other"),
        ("`shop.util -> shop.web`, `shop.other -> shop.web`", 1, None),
        ("`shop.domain -> shop`", 1, None),
    ],
)
def test_a_waived_edge_hides_the_chains_that_need_it_and_no_others(
    edges: str, excused: int, left: str | None
) -> None:
    decision = scoped(f"{FAR}- Waiver for [it]: {edges} {WAIVER}", SHOP)
    (it,) = decision.constraints
    found = find([it], evidence_of(SHOP))[it.full_id]
    violations = [f for f in found if isinstance(f, Violation)]
    waived = [v for v in violations if waiver_of(v, it)]
    standing = [v for v in violations if not waiver_of(v, it)]
    assert len(waived) == excused
    assert [v.steps[0].message for v in standing] == ([f"imports `{left}`"] if left else [])


def test_a_waived_edge_opens_a_cycle_and_leaves_others() -> None:
    tree = {
        "shop/__init__.py": "",
        "shop/a.py": "import shop.b\n",
        "shop/b.py": "import shop.a\nimport shop.c\n",
        "shop/c.py": "import shop.b\n",
    }
    cycle = "- [it] Modules in `shop` MUST NOT form import cycles.\n"
    decision = scoped(f"{cycle}- Waiver for [it]: `shop.b -> shop.a` {WAIVER}", tree)
    (it,) = decision.constraints
    found = [f for f in find([it], evidence_of(tree))[it.full_id] if isinstance(f, Violation)]
    assert sorted((str(v.path), waiver_of(v, it) is not None) for v in found) == [
        ("shop/a.py", True),
        ("shop/b.py", False),
    ]


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("`shop.web`, `shop.gone` and `shop.domain` MUST be layered.", "no module is the layer"),
        ("`shop.web`, `shop.util` and `shop.web` MUST be layered.", "is in the list twice"),
        ("`shop.*` and `shop.web` MUST be layered.", "is in the list twice"),
        ("`shop.web.*` MUST be independent.", "fewer than two modules"),
        ("`web` and `domain` MUST be layered within `shop.gone.*`.", "no package is"),
    ],
)
def test_a_list_that_means_nothing_is_not_evaluated(sentence: str, reason: str) -> None:
    tree = SHOP | {"shop/util.py": "", "shop/other.py": ""}
    found = only(judge(f"- [it] {sentence}", tree)["it"])
    assert isinstance(found, NotEvaluated)
    assert reason in found.reason


def test_a_file_that_cannot_be_read_leaves_what_it_may_hide_open() -> None:
    broken = SHOP | {"shop/util.py": "def f(:\n", "shop/other.py": ""}
    (found,) = judge(FAR, broken)["it"]
    assert isinstance(found, NotEvaluated)
    assert found.path == "shop/util.py"
    elsewhere = SHOP | {"shop/util.py": "", "shop/other.py": "", "shop/web/views.py": "def f(:\n"}
    assert judge(FAR, elsewhere)["it"] == []


def test_chains_are_followed_in_typescript_and_not_in_go() -> None:
    tree = {
        "web/a.ts": 'import { b } from "./b";\n',
        "web/b.tsx": 'export * from "../server/db";\n',
        "server/db.ts": "",
        "web/main.go": "package main\n",
    }
    sentence = "- [it] Code in `web/**` MUST NOT import code in `server/**` directly or indirectly."
    found = judge(sentence, tree)["it"]
    assert [(f.path, isinstance(f, Violation)) for f in found] == [
        (None, False),
        ("web/a.ts", True),
        ("web/b.tsx", True),
    ]


def test_two_modules_of_one_name_do_not_share_their_imports() -> None:
    tree = {
        f"services/{service}/app/{name}.py": ""
        for service in ("one", "two")
        for name in ("__init__", "web", "util")
    }
    tree["services/one/app/util.py"] = "import redis\n"
    tree["services/two/app/web.py"] = "import app.util\n"
    sentence = "- [it] Code in `services/two/**` MUST NOT import `redis` directly or indirectly."
    assert judge(sentence, tree)["it"] == []


OVERLAP = {
    "shop/__init__.py": "",
    "shop/db.py": "",
    "shop/errors/__init__.py": "",
    "shop/errors/base.py": "import shop.errors.more\n",
    "shop/errors/more.py": "import shop.util\n",
    "shop/errors/apart.py": "import shop.errors\n",
    "shop/util.py": "import shop.db\n",
}


@pytest.mark.parametrize("reach", ["", " directly or indirectly"])
def test_each_member_of_a_subject_has_an_overlap_of_its_own(reach: str) -> None:
    sentence = f"- [it] Modules in `shop` or `shop.errors` MUST NOT import `shop`{reach}."
    found = {str(f.path) for f in judge(sentence, OVERLAP)["it"]}
    direct = {"shop/errors/more.py"}
    assert found == (direct | {"shop/errors/base.py"} if reach else direct)


@pytest.mark.parametrize("reach", ["", " directly or indirectly"])
def test_the_modules_of_each_of_several_operands_may_import_themselves(reach: str) -> None:
    sentence = f"- [it] Only modules in `shop.web` MAY import `shop.errors` or `shop.util`{reach}."
    found = {
        (str(f.path), f.operand) for f in judge(sentence, OVERLAP)["it"] if isinstance(f, Violation)
    }
    direct = {("shop/errors/more.py", "shop.util")}
    assert found == (direct | {("shop/errors/base.py", "shop.util")} if reach else direct)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**20))
def test_edges_of_no_import_are_none(seed: int) -> None:
    tree = random_tree(random.Random(seed), 0.5)
    files = python_imports(evidence_of(tree))
    none = edges_of(files, lambda path, imported: False)
    assert all(not targets for targets in none.values())
    every = edges_of(files, lambda path, imported: True)
    assert all(path not in targets for path, targets in every.items())
