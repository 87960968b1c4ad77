"""Each line of an output knows its statement, and stands in what a build writes."""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bylaw.config import Config
from bylaw.diagnostics import Report
from bylaw.driver import Options, build_repository
from bylaw.preview.become import become
from bylaw.preview.model import Output, Preview
from bylaw.preview.origin import traces_of
from bylaw.preview.workspace import Workspace
from bylaw.scope import ScopedDecision, ScopedProgram, scope
from bylaw.target import Artifact, Fidelity, Fragment, Trace
from bylaw_targets import TARGETS, find_targets
from tests.targets.sentences import EVERY_SHAPE, TREE

ALL = tuple(TARGETS)
DAY = date(2026, 6, 1)
SURFACES = ("agents-md", "claude", "cursor", "copilot", "windsurf", "cline", "gemini", "contract")
APART = ("semgrep", "import-linter", "json")
"""The targets in which each line is of one constraint."""

CONFIG = """\
source-roots = ["."]
targets = [{targets}]
[agents]
surfaces = [{surfaces}]
[approvals]
team-ids = ["@shop/dba 71"]
"""


def repository(root: Path, decisions: dict[str, str], targets: Iterable[str] = ALL) -> Path:
    """Write a repository of decisions, by the stem of their file: list items, or whole texts."""
    for path in TREE:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    folder = root / "docs/adr"
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
    for stem, text in decisions.items():
        whole = text if text.startswith("#") else record(text)
        (folder / f"{stem}.md").write_text(whole)
    quoted = [", ".join(f'"{name}"' for name in names) for names in (targets, SURFACES)]
    (root / "bylaw.toml").write_text(CONFIG.format(targets=quoted[0], surfaces=quoted[1]))
    return root


def record(items: str, status: str = "Accepted") -> str:
    return f"# A decision\n\nStatus: {status}\n\n## Constraints\n\n{items}\n"


def previews(root: Path) -> dict[str, Preview]:
    linked = Workspace(root, as_of=DAY).on_disk
    found = {u.header.id: become(linked, u.header.path) for u in linked.program.units}
    return {name: preview for name, preview in found.items() if preview is not None}


def built(root: Path, targets: tuple[str, ...] | None = None) -> dict[str, str]:
    """Return what a build of the whole repository writes, by path from its root."""
    config = Workspace(root).config
    options = Options(targets=targets, as_of=DAY, cache=False)
    build = build_repository(root, config, options)
    return {
        (f"{config.output}/" if a.place == "output" else "") + a.path: a.data.decode()
        for a in build.artifacts
    }


def lines_of(output: Output, mark: Trace) -> list[str]:
    return output.text.split("\n")[mark.first - 1 : mark.last]


def bare(lines: Iterable[str]) -> str:
    """Return lines without the comma that tells an entry of a list from the next one."""
    return "\n".join(line.removesuffix(",") for line in lines)


# --- the laws ----------------------------------------------------------------------------------


def held(preview: Preview) -> None:
    """Hold one preview against all laws that need no other decision."""
    own = {scoped.full_id: scoped for scoped in preview.scoped}
    for output in preview.outputs:
        count = len(output.text.split("\n"))
        assert all(1 <= mark.first <= mark.last <= count for mark in output.marks)
        assert list(output.marks) == sorted(output.marks, key=lambda m: (m.first, m.last))
        assert not any(lines_of(output, mark)[-1] == "" for mark in output.marks), output.path
    for view in preview.statements:
        if view.statement != "constraint" or not own[view.key].active:
            continue
        for target, answer in view.fidelity.items():
            marked = [o for o in preview.outputs if o.target == target and has(o, view.key)]
            assert bool(marked) == (answer.level != "unsupported"), (target, view.key)
    for output in preview.outputs:
        if output.target in APART:
            apart(preview, output)


def has(output: Output, statement: str) -> bool:
    return any(mark.statement == statement for mark in output.marks)


def apart(preview: Preview, output: Output) -> None:
    """No line is of two constraints, and the lines of each are the whole of its rules."""
    applied = {v.key for v in preview.statements if v.refers}
    owner: dict[int, str] = {}
    found = []
    for mark in output.marks:
        if mark.statement in applied:
            continue
        for number in range(mark.first, mark.last + 1):
            assert number not in owner, (output.path, number)
            owner[number] = mark.statement
        one = PARSED[output.target]("\n".join(lines_of(output, mark)))
        assert owner_of(one) == mark.statement
        found.append(one)
    assert found == WHOLE[output.target](output.text)


def rules_of(text: str) -> list[Any]:
    """Return the rules of a file, read by a YAML parser that did not write it."""
    found = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return list(found["rules"])


def contracts_of(text: str) -> list[Any]:
    return list(tomllib.loads(text)["tool"]["importlinter"]["contracts"])


def entries_of(text: str) -> list[Any]:
    found = json.loads(text)
    return [*found["constraints"], *found["guidance"]]


def owner_of(one: dict[str, Any]) -> str:
    """Return the statement that a rule, a contract or an entry says it is of."""
    if "metadata" in one:
        about = one["metadata"]["bylaw"]
        return f"{about['decision']}/{about['id']}"
    if "type" in one:
        return str(one["name"]).partition(": ")[0]
    if "shape" in one:
        return str(one["id"])
    name = f"/{one['id']}" if "id" in one else f"@{one['provenance']['line']}"
    return f"{one['decision']}{name}"


PARSED: dict[str, Callable[[str], dict[str, Any]]] = {
    "semgrep": lambda text: dict(rules_of("rules:\n" + text)[0]),
    "import-linter": lambda text: dict(contracts_of(text)[0]),
    "json": lambda text: dict(json.loads(text.removesuffix(","))),
}
WHOLE = {"semgrep": rules_of, "import-linter": contracts_of, "json": entries_of}


def verbatim(preview: Preview, whole: dict[str, str]) -> int:
    """All lines but joint ones stand in the build, each piece as it is; return how many."""
    pieces = 0
    for output in preview.outputs:
        if output.target == "ir":
            continue
        there = f"\n{bare(whole[output.path].split(chr(10)))}\n" if output.path in whole else ""
        for mark in output.marks:
            if not mark.joint:
                piece = bare(lines_of(output, mark))
                assert f"\n{piece}\n" in there, (output.path, piece)
                pieces += 1
    return pieces


# --- every shape -------------------------------------------------------------------------------


def statements() -> list[str]:
    return [each for each in re.split(r"\n(?=- )", EVERY_SHAPE.strip("\n")) if each]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("origin")


def test_every_shape_has_its_lines_in_every_target_that_says_it(shop: Path) -> None:
    repository(shop, {"0007-all": EVERY_SHAPE})
    (preview,) = previews(shop).values()
    assert {view.statement for view in preview.statements} == {
        "constraint",
        "permission",
        "waiver",
        "note",
        "guidance",
    }
    held(preview)
    assert verbatim(preview, built(shop)) > 150


def test_one_decision_for_each_shape_stands_in_the_build_of_all(shop: Path) -> None:
    parts = [s for s in statements() if not s.startswith(("- Waiver", "- [may]"))]
    decisions = {f"{number:04}-one": text for number, text in enumerate(parts, 1)}
    decisions["0100-waiver"] = next(s for s in statements() if "Waiver" in s).replace(
        "[import]", "[0001-one/import]"
    )
    decisions["0101-may"] = next(s for s in statements() if "[may]" in s).replace(
        "[door]", "[0004-one/door]"
    )
    repository(shop, decisions)
    whole, found = built(shop), previews(shop)
    assert len(found) == len(decisions)
    for preview in found.values():
        held(preview)
        verbatim(preview, whole)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(drawn=st.data())
def test_whatever_stands_together_each_decision_finds_its_own_lines(
    shop: Path, drawn: st.DataObject
) -> None:
    pool = statements()
    names = st.sampled_from(["0001-a", "0002-b", "x.y", "z+w", "ü", "b_x2e_c", "a*b"])
    decisions = drawn.draw(
        st.dictionaries(
            names,
            st.lists(st.sampled_from(pool), min_size=1, max_size=5, unique=True),
            min_size=1,
            max_size=4,
        )
    )
    targets = drawn.draw(st.lists(st.sampled_from(ALL), min_size=1, unique=True))
    repository(shop, {name: "\n".join(items) for name, items in decisions.items()}, targets)
    found = previews(shop)
    whole = built(shop)
    for preview in found.values():
        held(preview)
        configured = [o for o in preview.outputs if o.configured]
        verbatim(replace(preview, outputs=tuple(configured)), whole)
    others = sorted(set(ALL) - set(targets))
    if others:
        other = drawn.draw(st.sampled_from(others))
        added = built(shop, (*targets, other))
        for preview in found.values():
            some = tuple(o for o in preview.outputs if o.target == other)
            verbatim(replace(preview, outputs=some), added)


def test_the_sample_finds_all_its_lines(sample: Path) -> None:
    workspace = Workspace(sample)
    build = build_repository(sample, workspace.config, Options(cache=False))
    whole = {
        (f"{workspace.config.output}/" if a.place == "output" else "") + a.path: a.data.decode()
        for a in build.artifacts
    }
    pieces = 0
    for unit in workspace.on_disk.program.units:
        preview = become(workspace.on_disk, unit.header.path)
        assert preview is not None
        held(preview)
        if preview.standing is not None and preview.standing.state == "in-force":
            configured = tuple(o for o in preview.outputs if o.configured)
            pieces += verbatim(replace(preview, outputs=configured), whole)
    assert pieces > 250
    assert {p.rpartition("/")[2] for p in whole} >= {"semgrep.yml", "importlinter.toml"}


def test_lines_of_a_decision_are_found_in_what_all_become_together(shop: Path) -> None:
    decisions = {"0001-a": statements()[0], "0002-b": "\n".join(statements()[1:14])}
    repository(shop, decisions)
    linked = Workspace(shop, as_of=DAY).on_disk
    program = scope(linked.program, linked.files, linked.config, Report())
    program = replace(program, files=linked.files, config=linked.config)
    alone = previews(shop)["0001-a"]
    for target in find_targets(("semgrep", "import-linter"), Report()):
        fragments = [target.compile(each) for each in program.decisions]
        for artifact in target.assemble(program, fragments, Report()):
            together = Output(target.name, artifact.path, artifact.data.decode())
            traces = traces_of(target, program, fragments, artifact)
            mine = [lines_of(together, t) for t in traces if t.statement == "0001-a/import"]
            others = [o for o in alone.outputs if o.path.endswith(artifact.path)]
            for output in others:
                assert mine == [lines_of(output, m) for m in output.marks if "@" not in m.statement]


# --- what lets something pass ------------------------------------------------------------------


def changed(preview: Preview, key: str, target: str) -> list[str]:
    return [
        line
        for output in preview.outputs
        if output.target == target
        for mark in output.marks
        if mark.statement == key
        for line in lines_of(output, mark)
    ]


DOMAIN = (
    "- [no-orm] Modules in `shop.domain` MUST NOT import `sqlalchemy`.\n"
    "- [env] Python code in `shop/**` MUST NOT use `os.environ`.\n"
)
WAIVERS = (
    "- Waiver for [{}no-orm]: `shop.domain.order -> sqlalchemy` until 2026-12-31, approved by "
    "`@arch`, because it moves.\n"
    "- Waiver for [{}env]: `shop/web/a.py` until 2026-12-31, approved by `@arch`, because it "
    "moves.\n"
)


@pytest.mark.parametrize("elsewhere", [False, True])
@pytest.mark.parametrize("status", ["Accepted", "Proposed"])
def test_a_waiver_has_the_lines_that_it_has_changed(
    shop: Path, elsewhere: bool, status: str
) -> None:
    if elsewhere:
        waivers = WAIVERS.format("0001-domain/", "0001-domain/")
        repository(shop, {"0001-domain": DOMAIN, "0002-debt": record(waivers, status)})
        preview = previews(shop)["0002-debt"]
    else:
        repository(shop, {"0001-domain": record(DOMAIN + WAIVERS.format("", ""), status)})
        preview = previews(shop)["0001-domain"]
    edge, place = (v for v in preview.statements if v.statement == "waiver")
    assert (edge.refers, place.refers) == ("0001-domain/no-orm", "0001-domain/env")
    assert changed(preview, edge.key, "import-linter") == [
        "ignore_imports = [",
        '  "shop.domain.order -> sqlalchemy",',
        '  "shop.domain.order.** -> sqlalchemy",',
        "]",
        'unmatched_ignore_imports_alerting = "none"',
    ] or changed(preview, edge.key, "import-linter") == [
        'ignore_imports = ["shop.domain.order -> sqlalchemy"]',
        'unmatched_ignore_imports_alerting = "none"',
    ]
    excluded = changed(preview, place.key, "semgrep")
    assert excluded
    assert all("exclude" in line or "shop/web/a.py" in line for line in excluded)
    for key in (edge.key, place.key):
        assert len(changed(preview, key, "json")) == 1
        assert any("Waived until 2026-12-31" in line for line in changed(preview, key, "agents"))
    assert not changed(preview, place.key, "import-linter")


def test_a_constraint_points_to_what_is_let_pass_of_it_and_back(shop: Path) -> None:
    repository(shop, {"0001-domain": DOMAIN + WAIVERS.format("", "")})
    preview = previews(shop)["0001-domain"]
    orm, env, edge, place = preview.statements
    assert orm.about == ("0001-domain/no-orm", edge.key)
    assert env.about == ("0001-domain/env", place.key)
    assert (edge.about, place.about) == ((edge.key,), (place.key,))


def test_a_permission_has_its_lines_in_the_rules_of_the_other_decision(sample: Path) -> None:
    linked = Workspace(sample).on_disk
    preview = become(linked, "docs/adr/2026-05-11-reports/README.md")
    assert preview is not None
    permission = preview.statements[0]
    assert permission.refers == "0003-database-behind-the-store/one-door"
    assert '  "shop.reports -> sqlalchemy",' in changed(preview, permission.key, "import-linter")
    assert any("Permitted:" in line for line in changed(preview, permission.key, "agents"))


def test_a_waiver_that_has_expired_has_changed_nothing(shop: Path) -> None:
    late = WAIVERS.format("", "").replace("2026-12-31", "2026-05-31")
    repository(shop, {"0001-domain": DOMAIN + late})
    preview = previews(shop)["0001-domain"]
    assert not any("@" in m.statement for o in preview.outputs if o.target != "ir" for m in o.marks)


def test_very_many_waivers_have_all_lines_of_their_constraints(shop: Path) -> None:
    items = DOMAIN + "".join(
        f"- Waiver for [env]: `shop/web/a{n}.py` until 2026-12-31, approved by `@a`, because x.\n"
        for n in range(40)
    )
    repository(shop, {"0001-domain": items})
    preview = previews(shop)["0001-domain"]
    whole = changed(preview, "0001-domain/env", "semgrep")
    assert changed(preview, preview.statements[-1].key, "semgrep") == whole


# --- lines that decisions share ----------------------------------------------------------------


def joint(preview: Preview, path: str) -> dict[str, list[str]]:
    """Return by statement the lines of one file in which other decisions have a part."""
    (output,) = [o for o in preview.outputs if o.path == path]
    found: dict[str, list[str]] = {}
    for mark in output.marks:
        assert mark.joint
        found.setdefault(mark.statement, []).extend(each.strip() for each in lines_of(output, mark))
    return found


def test_approvals_have_what_they_turn_on_and_their_own_team(shop: Path) -> None:
    items = (
        "- [dba] Changes to `migrations/**` MUST be approved by `@shop/dba`.\n"
        "- [web] Changes to `web/**` MUST be approved by `@shop/web` or `@ann`.\n"
        "- [soft] Changes to `web/**` SHOULD be approved by `@bob`.\n"
    )
    repository(shop, {"0001-a": items})
    preview = previews(shop)["0001-a"]
    ruleset = joint(preview, ".bylaw/ruleset.json")
    on = ['"require_code_owner_review": true,', '"dismiss_stale_reviews_on_push": true,']
    assert ruleset.keys() == {"0001-a/dba", "0001-a/web"}
    assert all(lines[:2] == on for lines in ruleset.values())
    assert '"id": 71,' in ruleset["0001-a/dba"]
    assert '"id": 71,' not in ruleset["0001-a/web"]
    owners = joint(preview, ".github/CODEOWNERS")
    assert [line for line in owners["0001-a/dba"] if line[0] == "/"] == ["/migrations/ @shop/dba"]
    assert [line for line in owners["0001-a/web"] if line[0] == "/"] == ["/web/ @shop/web @ann"]


def test_where_approvals_meet_the_line_is_of_both(shop: Path) -> None:
    items = (
        "- [all] Changes to `shop/**` MUST be approved by `@ann`, except in `shop/web/x.py`.\n"
        "- [web] Changes to `shop/web/**` MUST be approved by `@bob`.\n"
    )
    repository(shop, {"0001-a": items})
    owners = joint(previews(shop)["0001-a"], ".github/CODEOWNERS")
    assert "/shop/web/ @ann @bob" in owners["0001-a/all"]
    assert "/shop/web/ @ann @bob" in owners["0001-a/web"]
    assert "/shop/web/x.py @bob" in owners["0001-a/web"]


def test_a_gate_is_of_the_sentence_that_has_narrowed_it(shop: Path) -> None:
    key = "Key `tool.coverage.report.fail_under` in `pyproject.toml`"
    items = (
        "- [few] Agents MUST change at most 20 files.\n"
        f"- [cover] {key} MUST be at least `85`.\n"
        f"- [soft] {key} SHOULD be at least `99`.\n"
    )
    repository(shop, {"0001-a": items})
    preview = previews(shop)["0001-a"]
    (output,) = [o for o in preview.outputs if o.target == "workflow"]
    shared = {m.statement: lines_of(output, m)[0].strip() for m in output.marks if m.joint}
    assert shared == {"0001-a/few": "files_changed: 20", "0001-a/cover": "coverage: 85.0"}
    soft = preview.statements[2].fidelity["workflow"]
    assert soft.level == "unsupported", "a gate knows no SHOULD"


# --- targets of other people -------------------------------------------------------------------


class Plain:
    """A target that does not say where its lines come from."""

    name = "plain"
    version = 1

    def compile(self, decision: ScopedDecision) -> Fragment:
        answers = {
            c.constraint.id: Fidelity("approximate", "so", "misses", (f"rule-{c.constraint.id}",))
            for c in decision.constraints
        }
        return Fragment(answers, tuple(c.full_id for c in decision.constraints))

    def assemble(
        self, program: ScopedProgram, fragments: Any, report: Report
    ) -> Iterator[Artifact]:
        ids = [full_id for fragment in fragments for full_id in fragment.payload]
        lines = [f"# {ids[0]}", "rule-no-orm", "rule-no-orm-more", f"x{ids[0]}", f"({ids[1]})"]
        yield Artifact("plain.txt", ("\n".join(lines) + "\n").encode())


def test_a_target_that_does_not_say_is_taken_by_the_names_in_its_lines(shop: Path) -> None:
    items = DOMAIN.replace("[env]", "[no-orm-more]")
    repository(shop, {"0001-domain": items})
    linked = Workspace(shop, as_of=DAY).on_disk
    program = scope(linked.program, linked.files, Config(), Report())
    target = Plain()
    fragments = [target.compile(each) for each in program.decisions]
    (artifact,) = target.assemble(program, fragments, Report())
    assert traces_of(target, program, fragments, artifact) == (
        Trace("0001-domain/no-orm", 1, 1, joint=True),
        Trace("0001-domain/no-orm", 2, 2, joint=True),
        Trace("0001-domain/no-orm-more", 3, 3, joint=True),
        Trace("0001-domain/no-orm-more", 5, 5, joint=True),
    )
