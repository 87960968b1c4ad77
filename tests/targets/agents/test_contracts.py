"""Contracts: what each folder's holds, how large it gets, and what a machine reads of it."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tests.targets.agents.reading import BLOCKS, INLINE, page
from tests.targets.agents.test_hostile import check_blocks
from tests.targets.compiled import scoped
from tests.targets.sentences import EVERY_SHAPE, TREE

from bylaw.area import Area, TreeFacts
from bylaw.config import AgentsTable, Budget, Budgets, Config
from bylaw.contract import Contract
from bylaw.diagnostics import Diagnostic
from bylaw.driver import Options, build_repository
from bylaw.schema import SCHEMAS
from bylaw.target import Artifact
from bylaw_targets.agents.budget import Item, Section, Size, TooLargeError, fit, measure, tokens
from bylaw_targets.agents.clause import clause
from bylaw_targets.agents.contract import contract_of
from bylaw_targets.agents.folders import choose, starts
from bylaw_targets.agents.machine import contract_json
from bylaw_targets.agents.markdown import sections

EVERYTHING = (
    *("agents-md", "claude", "cursor", "copilot", "gemini", "windsurf", "cline", "contract"),
)
MORE = r"^- \*\*(\d+) more\*\*(?: \((\d+) \*\*MUST\*\*\))?, run `(.*)`$"
LIMITS = {
    "AGENTS.md": 10_000,
    ".cursor/": 12_000,
    ".github/": 4_000,
    ".windsurf/": 6_000,
    ".clinerules/": 12_000,
}

AGENTS = """\
- [domain] Modules in `shop.domain` MUST NOT import `sqlalchemy`; use `shop.ports` instead,
  because the domain outlives its database.
- [web] Files in `web/**` SHOULD NOT contain `http://`.
- [all] Files matching `**/*.lock` MUST NOT exist.
- [lane] Agents of class `A` MUST only change `docs/` or `web/`.
- [infra] Only agents of class `C` MAY change `shop/store/`.
- [never] Agents of class `B` MUST NOT change `migrations/`.
- [dba] Changes to `migrations/**` MUST be approved by 2 of `@dba`.
- [small] Agents MUST change at most 20 files.
- [give-up] Agents of class `B` SHOULD stop after 3 failed attempts.
- [recover] Agents MUST run `make lint` when a check fails.
- [checked] Agents MUST run `make test` before finishing.
- [no-push] Agents MUST NOT run `git push`.
- [suite] Command `make all` MUST pass.
- [ci] CI MUST run `make ci`.
- [read] Agents MUST read `docs/pay.md` before changing `shop/domain/**`.
- [watch] Agents in `migrations/**` MUST work at autonomy `supervised`.
- Guidance: be brief.
"""


def build(
    root: Path, items: str, files: tuple[str, ...] = TREE, **agents: Any
) -> tuple[dict[str, Artifact], list[Diagnostic]]:
    text = f"# 1. It\n\nStatus: accepted\n\n## Constraints\n\n{items}"
    for path, content in {"docs/adr/0001-it.md": text, **dict.fromkeys(files, "")}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content)
    table = AgentsTable(**{"surfaces": EVERYTHING, **agents})
    made = build_repository(root, Config(adrs=("docs/adr",), agents=table), Options(cache=False))
    found = {a.path: a for a in made.artifacts if a.place != "output" or a.path == "contract.json"}
    return found, [each for each in made.compilation.report if each.code.startswith("BL43")]


def texts(root: Path, items: str, **agents: Any) -> dict[str, str]:
    found, faults = build(root, items, **agents)
    assert not faults
    return {path: artifact.data.decode() for path, artifact in found.items()}


def section(text: str, heading: str) -> str:
    below = text.partition(f"\n### {heading}\n")[2]
    return below.partition("\n### ")[0]


def test_each_folder_says_by_itself_what_binds_there(tmp_path: Path) -> None:
    found = texts(tmp_path, AGENTS)
    pages = {path for path in found if path.endswith("AGENTS.md")}
    assert pages == {
        *("AGENTS.md", "migrations/AGENTS.md", "shop/domain/AGENTS.md", "web/AGENTS.md")
    }
    domain = section(found["shop/domain/AGENTS.md"], "What binds here")
    assert "`0001-it/domain`: Modules in `shop.domain` MUST NOT import `sqlalchemy`" in domain
    assert "use `shop.ports` instead." in domain
    assert "Why: the domain outlives its database." in domain
    assert "`0001-it/all`" in domain
    assert "`0001-it/web`" not in domain
    root = section(found["AGENTS.md"], "What binds here")
    assert "`0001-it/all`" in root
    assert "`0001-it/domain`" not in root
    listed = section(found["AGENTS.md"], "Folders with a contract of their own")
    assert re.findall(r"`(.+)`", listed) == [
        "migrations/AGENTS.md",
        "shop/domain/AGENTS.md",
        "web/AGENTS.md",
    ]
    for page_ in pages - {"AGENTS.md"}:
        for part in ("What binds here", "Done means", "When a check fails", "Approvals"):
            assert section(found[page_], part)


def test_a_contract_says_what_each_class_may_change(tmp_path: Path) -> None:
    found = texts(tmp_path, AGENTS)
    root = section(found["AGENTS.md"], "Files, by class of agent")
    entries = {e.partition("\n")[0]: e for e in root.split("\n- ")[1:]}
    assert "Forbidden: `shop/store/`" in entries["**Any agent**"]
    assert "Allowed: only `docs/` or `web/`" in entries["**Class** `A`"]
    assert "Collaborates" not in entries["**Class** `A`"]
    assert "`migrations/` (`0001-it/never`)" in entries["**Class** `B`"]
    assert "Owns, as no other class may change it: `shop/store/`" in entries["**Class** `C`"]
    assert "Collaborates on, with approval: `migrations/**`" in entries["**Class** `C`"]
    there = section(found["shop/domain/AGENTS.md"], "Files, by class of agent")
    assert "Allowed: nothing here, only `docs/` or `web/`" in there


def test_a_contract_says_when_work_is_done_and_what_ends_it(tmp_path: Path) -> None:
    found = texts(tmp_path, AGENTS)
    done = section(found["AGENTS.md"], "Done means")
    for said in (
        "`bylaw check` exits with 0",
        "- `make all` exits with 0 (`0001-it/suite`)",
        "- `make test` has run after the last edit, before you finish (`0001-it/checked`)",
        "- CI runs `make ci`, so run it first (`0001-it/ci`)",
        "- Never run `git push` (`0001-it/no-push`)",
        "- `docs/pay.md` is read before anything in `shop/domain/**` changes (`0001-it/read`)",
    ):
        assert said in done
    failed = section(found["AGENTS.md"], "When a check fails")
    assert "- Run `make lint` (`0001-it/recover`)" in failed
    assert "put back every file that you changed" in failed
    stops = section(found["AGENTS.md"], "Budgets and stop conditions")
    assert "- Change at most 20 files" in stops
    assert "- Class `B`: **SHOULD**: stop after 3 failed attempts" in stops
    assert "- In `migrations/**`: autonomy `supervised`" in stops
    approvals = section(found["migrations/AGENTS.md"], "Approvals")
    assert (
        "- A change to `migrations/**` needs approval by 2 of `@dba` (`0001-it/dba`)" in approvals
    )
    assert "needs approval" not in section(found["web/AGENTS.md"], "Approvals")


def test_no_two_contracts_contradict_each_other(tmp_path: Path) -> None:
    """A sentence reads the same wherever it stands."""
    found = texts(tmp_path, AGENTS)
    said: dict[str, set[str]] = {}
    for path, text in found.items():
        if path.endswith("AGENTS.md"):
            for identity, sentence in re.findall(r"^- `(0001-it/[a-z-]+)`: (.*)$", text, re.M):
                said.setdefault(identity, set()).add(sentence)
    assert said
    assert all(len(sentences) == 1 for sentences in said.values())


def test_every_surface_is_within_its_limits(tmp_path: Path) -> None:
    items = "".join(
        f"- [r{n}] Files in `{folder}/**` {modal} NOT contain `{'word ' * (n % 40)}{n}`.\n"
        for n in range(400)
        for folder, modal in [
            (
                ("shop", "shop/domain", "shop/domain/a", "web", "**")[n % 5],
                ("MUST", "SHOULD")[n % 2],
            )
        ]
    ).replace("`**/**`", "`**`")
    files = (*TREE, "shop/domain/a/x.py")
    found, faults = build(tmp_path, items, files)
    assert not faults
    sizes = {
        path: measure(page(each).text) for path, each in found.items() if path != "contract.json"
    }
    for path, size in sizes.items():
        artifact = found[path]
        for start, limit in LIMITS.items():
            if path.startswith(start) or path.endswith(start):
                assert len(artifact.data.decode()) <= limit
                assert size.characters <= limit
                assert size.tokens <= limit // 2
        read = page(artifact)
        if artifact.path.endswith((".md", ".mdc")) and "CLAUDE" not in path:
            check_blocks(read, artifact)
    chain = ["AGENTS.md", "shop/AGENTS.md", "shop/domain/AGENTS.md", "shop/domain/a/AGENTS.md"]
    assert set(chain) <= set(found)
    assert sum(sizes[path].bytes for path in chain) <= 32 * 1024 - 4096


def test_nothing_is_left_out_in_silence_and_no_error_before_a_warning(tmp_path: Path) -> None:
    items = "".join(
        f"- [r{n}] Files in `web/**` {('SHOULD', 'MUST')[n % 2]} NOT contain `bad{n}`.\n"
        for n in range(200)
    )
    found = texts(tmp_path, items)
    for path, artifact in found.items():
        if not re.search(r"(?:^web/AGENTS\.md|bylaw-web)", path):
            continue
        binding = section(artifact, "What binds here")
        shown = re.findall(r"^- `0001-it/r(\d+)`", binding, re.M)
        more = re.search(
            r"^- \*\*(\d+) more\*\*(?: \((\d+) \*\*MUST\*\*\))?, run `(.*)`$", binding, re.M
        )
        assert more is not None
        assert len(shown) + int(more[1]) == 200
        assert more[3] == "bylaw describe web"
        errors = sum(int(n) % 2 for n in shown)
        assert errors + int(more[2] or 0) == 100
        assert errors == 100 or errors == len(shown)


def test_what_is_near_stays_and_what_is_far_yields(tmp_path: Path) -> None:
    items = "".join(f"- [far{n}] Files in `**` MUST NOT contain `far{n}`.\n" for n in range(90))
    items += "".join(f"- [near{n}] Files in `web/**` MUST NOT contain `n{n}`.\n" for n in range(9))
    text = texts(tmp_path, items)[".github/instructions/bylaw-web.instructions.md"]
    binding = section(text, "What binds here")
    assert binding.count("0001-it/near") == 9
    assert 0 < binding.count("0001-it/far") < 90


def test_a_contract_that_cannot_fit_is_an_error_that_says_by_how_much(tmp_path: Path) -> None:
    budgets = Budgets(cursor=Budget(characters=900), agents_md=Budget(tokens=100))
    found, faults = build(tmp_path, AGENTS, budgets=budgets, surfaces=("agents-md", "cursor"))
    assert {each.code for each in faults} == {"BL435"}
    assert {each.message.split("`")[1] for each in faults} >= {
        "AGENTS.md",
        ".cursor/rules/bylaw.mdc",
    }
    assert any("characters, where 900 are allowed" in (each.note or "") for each in faults)
    assert any("tokens, where 100 are allowed" in (each.note or "") for each in faults)
    assert not found


def test_a_tighter_budget_is_kept(tmp_path: Path) -> None:
    budgets = Budgets(cline=Budget(characters=3600, tokens=1400))
    found, faults = build(tmp_path, AGENTS, budgets=budgets, surfaces=("cline",))
    assert not faults
    for artifact in found.values():
        size = measure(page(artifact).text)
        assert size.characters <= 3600
        assert size.tokens <= 1400


def test_only_what_is_configured_is_written(tmp_path: Path) -> None:
    assert not build(tmp_path, AGENTS, surfaces=())[0]
    assert set(build(tmp_path, AGENTS, surfaces=("contract",))[0]) == {"contract.json"}
    found, _ = build(tmp_path, AGENTS, surfaces=("agents-md", "claude"))
    assert found["CLAUDE.md"].data == b"@AGENTS.md\n"
    assert {path.rpartition("/")[2] for path in found} == {"AGENTS.md", "CLAUDE.md"}


def test_the_machine_form_keeps_to_its_published_schema(tmp_path: Path) -> None:
    schema = SCHEMAS["contract"].build()
    Draft202012Validator.check_schema(schema)
    for items in (AGENTS, EVERY_SHAPE, "- [x] Files in `a/**` MUST NOT contain `b`.\n"):
        found, _ = build(tmp_path, items)
        parsed = json.loads(found["contract.json"].data)
        Draft202012Validator(schema).validate(parsed)
        Contract.model_validate_json(found["contract.json"].data)
    broken = {**parsed, "classes": [{}]}
    assert not Draft202012Validator(schema).is_valid(broken)


def test_the_machine_form_says_what_the_pages_say(tmp_path: Path) -> None:
    found, _ = build(tmp_path, AGENTS)
    made = Contract.model_validate_json(found["contract.json"].data)
    classes = {each.name: each for each in made.classes}
    assert set(classes) == {None, "A", "B", "C"}
    assert [part.globs for part in classes["A"].only] == [("docs/", "web/")]
    assert [part.globs for part in classes["C"].owns] == [("shop/store/",)]
    assert [part.globs for part in classes[None].forbidden] == [("shop/store/",)]
    assert {(c.commands, c.when, c.forbidden) for c in made.checks} == {
        (("make lint",), "check-fails", False),
        (("make test",), "before-finishing", False),
        (("git push",), "always", True),
        (("make all",), "done", False),
        (("make ci",), "ci", False),
    }
    assert [(b.unit, b.at_most, b.classes) for b in made.budgets] == [
        ("files", 20, ()),
        ("failed attempts", 3, ("B",)),
    ]
    assert [(a.approvers, a.count) for a in made.approvals] == [(("@dba",), 2)]
    assert [(a.level, a.scope.include) for a in made.autonomy] == [
        ("supervised", ("migrations/**",))
    ]
    assert [(r.files, r.before) for r in made.reads] == [(("docs/pay.md",), ("shop/domain/**",))]


def test_the_machine_form_says_what_is_let_pass(tmp_path: Path) -> None:
    found, _ = build(
        tmp_path,
        "- [calls] Code in `web/**` MUST NOT call `eval`.\n"
        "- [old] Code in `web/old/**` MAY call `eval`, despite [calls], because it is old.\n"
        "- Waiver for [calls]: `web/app.ts` until 2031-12-31, approved by `@arch`, ticket `T-1`, "
        "because it is rewritten.\n",
    )
    made = Contract.model_validate_json(found["contract.json"].data)
    (entry,) = made.constraints
    assert entry.permitted == ("Code in `web/old/**` MAY call `eval`",)
    assert entry.waived is not None
    assert [(w.until, w.places, w.ticket) for w in entry.waived] == [
        ("2031-12-31", ("web/app.ts",), "T-1")
    ]
    page_ = found["web/AGENTS.md"].data.decode()
    assert "  Permitted: Code in `web/old/**` MAY call `eval`\n" in page_
    assert "  Waived until 2031-12-31 in `web/app.ts`, `T-1`: a debt, not an example.\n" in page_


def test_what_is_about_work_keeps_its_alternative_its_reason_and_its_exception(
    tmp_path: Path,
) -> None:
    found = texts(
        tmp_path,
        "- [push] Agents MUST NOT run `git push`; use `make release` instead, because so it is.\n"
        "- [plan] Agents MUST NOT change `infra/`; use `a ticket` instead.\n"
        "- [watch] Agents in `web/**` MUST work at autonomy `assisted`, except in `web/x/**`.\n",
    )
    root = found["AGENTS.md"]
    never = (
        "- Never run `git push` (`0001-it/push`)\n  Instead: use `make release`.\n  Why: so it is."
    )
    assert never in root
    assert "Forbidden: `infra/` (`0001-it/plan`, use `a ticket` instead)." in root
    assert "- In `web/**`, except in `web/x/**`: autonomy `assisted`" in root


# --- folders -----------------------------------------------------------------------------------


def test_no_two_folders_share_a_file(tmp_path: Path) -> None:
    long = "a" * 90
    folders = ("a-b", "a/b", "Web", "web", "x.y", "x/y", f"{long}1", f"{long}2")
    items = "".join(
        f"- [r{n}] Files in `{folder}/**` MUST NOT contain `x`.\n"
        for n, folder in enumerate(folders)
    )
    found, faults = build(tmp_path, items, tuple(f"{folder}/f.ts" for folder in folders))
    assert not faults
    rules = [path.casefold() for path in found if path.startswith(".cursor/")]
    assert len(set(rules)) == len(folders) + 1
    assert ".cursor/rules/bylaw-a-b.mdc" in rules
    assert ".cursor/rules/bylaw-a.b.mdc" in rules


def test_a_command_on_a_page_runs_nothing_but_bylaw(tmp_path: Path) -> None:
    """Agents paste commands into a shell, and files are called what somebody has called them."""
    names = " or ".join(f"`{'x' * 9}{n}`" for n in range(150))
    text = f"# 1. It\n\nStatus: accepted\n\n## Constraints\n\n- [it] Files in `my web/**` MUST NOT \
contain {names}.\n"
    stem = "0000-x;touch ${IFS}pwn|sh`id`&"
    items = "".join(f"- [r{n}] Files in `my web/**` MUST NOT contain `b{n}`.\n" for n in range(200))
    (tmp_path / "docs/adr").mkdir(parents=True)
    (tmp_path / f"docs/adr/{stem}.md").write_text(text)
    found = texts(tmp_path, items, files=("my web/a.ts",), surfaces=("agents-md",))
    page_ = found["my web/AGENTS.md"]
    commands = re.findall(r"run (`+)(bylaw .*?)\1", page_)
    assert {command.split()[1] for _, command in commands} == {"describe", "explain"}
    for _, command in commands:
        words = list(shlex.shlex(command, posix=True, punctuation_chars=True))
        assert len(words) == 3
        assert not re.search(r"[;|&$`]", re.sub(r"'[^']*'", "", command))


def begun(*globs: str) -> list[tuple[str, ...]]:
    return [starts(Area((glob,)), TreeFacts()) for glob in globs]


@pytest.mark.parametrize(
    ("globs", "files", "chosen"),
    [
        (["web/**"], ["web/a.ts"], ("web/",)),
        (["web/src/*.ts"], ["web/src/a.ts"], ("web/src/",)),
        (["web/**"], ["app/a.ts"], ()),
        (["web/none/**"], ["web/a.ts"], ("web/",)),
        (["{web,app}/**"], ["web/a", "app/b"], ("app/", "web/")),
        (["web/a.ts"], ["web/a.ts"], ("web/",)),
        (["**/*.py"], ["web/a.py"], ()),
        ([".github/**"], [".github/a.yml"], ()),
        (["docs/adr/**"], ["docs/adr/0001-it.md"], ()),
        (["src/**", "src/shop/**"], ["src/shop/a.py"], ("src/shop/",)),
        (["src/**", "src/shop/**"], ["src/shop/a.py", "src/b.py"], ("src/", "src/shop/")),
        (["a/**", "a/b/**", "a/b/c/**", "a/b/c/d/**"], ["a/b/c/d/x", "a/y"], None),
    ],
)
def test_a_folder_has_a_contract_where_a_scope_begins(
    globs: list[str], files: list[str], chosen: tuple[str, ...] | None
) -> None:
    found = choose(begun(*globs), {"docs/adr/0001-it.md"}, files)
    if chosen is None:
        assert len(found) <= 3
    else:
        assert found == chosen


@pytest.mark.parametrize(
    "name", ['w"b', "w,b", "w:b", "w#b", "!w", "@w", "-w", "w ", "w\nb", "[w]"]
)
def test_a_folder_with_a_name_that_could_be_syntax_has_none(name: str) -> None:
    assert choose(begun("web/**"), (), [f"{name}/a", "web/a"]) == ("web/",)
    assert choose(begun("**"), (), [f"{name}/a"]) == ()


# --- size --------------------------------------------------------------------------------------


@given(st.text(max_size=80), st.text(max_size=80))
def test_tokens_are_never_more_than_bytes_and_grow_with_the_text(one: str, other: str) -> None:
    assert tokens(one) <= len(one.encode("utf-8", "surrogatepass"))
    assert tokens(f"{one}\n{other}") >= max(tokens(one), tokens(other))
    assert measure(one) == measure(one)


ITEMS = st.lists(
    st.tuples(st.integers(0, 3), st.booleans(), st.text("ab \u00e9", min_size=1, max_size=30)),
    max_size=12,
)


@given(ITEMS, st.integers(60, 400))
def test_what_fits_is_within_the_limit_and_accounts_for_every_item(
    some: list[tuple[int, bool, str]], limit: int
) -> None:
    items = tuple(
        Item((rank, number), (f"- X{text} and more of it", f"- X{text}"), must)
        for number, (rank, must, text) in enumerate(some)
    )
    parts = [Section("## A", ("lead",), items[:6], "run a"), Section("## B", (), items[6:], "b")]
    most = Size(limit, limit // 2, limit)
    try:
        text = fit(parts, most)
    except TooLargeError:
        assume(False)
    assert measure(text).within(most)
    missing = sum(int(number) for number in re.findall(r"\*\*(\d+) more\*\*", text))
    assert text.count("- X") + missing == len(items)
    kept = [item for item in items if any(form in text.split("\n") for form in item.forms)]
    left_out = [item for item in items if item not in kept]
    if missing and left_out:
        first = min(item.rank for item in left_out)
        assert all(item.rank < first or item.forms[-1] in text for item in kept)


@settings(max_examples=40, deadline=None)
@given(
    st.text(
        st.sampled_from("`*_[]()<>!#-+=~|\\&;:\n \t.1a@/\u202e\u200b\x00\u00e9\U000e0041"),
        max_size=24,
    )
)
def test_no_text_of_a_clause_changes_a_page(text: str) -> None:
    """Whatever the compiler lets through, a page stays what it is."""
    decision = scoped(EVERY_SHAPE, TREE)
    poisoned = [
        clause(each, decision)._replace(
            id=f"a{text}",
            sentence=text,
            instead=text,
            because=text,
            allowed=(text,),
            waived=(("2031-01-01", (text,), text),),
            path=f"docs/{text}.md",
            classes=(f"a{text}",) if each.constraint.kind == "agent" else (),
        )
        for each in decision.constraints
    ]
    made = contract_of("", poisoned, (), ())
    body = fit(sections(made), Size(1 << 20, 1 << 20, 1 << 20))
    assert body.replace("\n", "").isprintable()
    read = page(Artifact("AGENTS.md", body.encode(), None, "region"))
    assert {token.type for token in read.tokens} <= BLOCKS | {"html_block"}
    assert {token.type for token in read.inline} <= INLINE
    assert len(read.headings) == len(sections(made))
    Draft202012Validator(SCHEMAS["contract"].build()).validate(
        json.loads(contract_json(made, poisoned))
    )
