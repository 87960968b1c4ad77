"""A proposal is judged as the tree would be with it, and only for what it brings."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bylaw.check.judges import sort_of
from bylaw.check.proposal import Contents, Proposal, judge_proposal
from bylaw.check.trees import Overlay
from bylaw.config_file import load
from bylaw.diagnostics import Report
from bylaw.moments import BEFORE
from bylaw.snapshot import MemoryTree
from bylaw.unevaluable import UnevaluableError
from tests.check.shop import ADR, BAD, NO_ORM, NO_ORM_ID, ORDER, Shop, record


def judge(shop: Shop, contents: Contents, agent: str | None = None) -> Proposal:
    def read(name: str) -> bytes | None:
        path = shop.root / name
        return path.read_bytes() if path.exists() else None

    return judge_proposal(shop.root, load(read, Report()), contents, agent=agent)


def found(proposal: Proposal) -> list[tuple[str, str | None, int | None]]:
    return [
        (v.constraint, v.path, v.place.line if v.place else None)
        for v in proposal.verdicts.violations
    ]


def test_what_it_brings_is_found_and_what_was_there_is_not(shop: Shop) -> None:
    shop.commit({ORDER: BAD})
    assert found(judge(shop, {ORDER: b"import sqlalchemy\nx = 1\n"})) == []
    twice = judge(shop, {ORDER: b"import sqlalchemy\nfrom sqlalchemy import x\n"})
    assert [each[:2] for each in found(twice)] == [(NO_ORM_ID, ORDER)]
    new = "src/shop/domain/new.py"
    assert found(judge(shop, {new: BAD.encode()})) == [(NO_ORM_ID, new, 1)]
    assert found(judge(shop, {ORDER: None})) == []
    assert (shop.root / ORDER).read_text() == BAD


def test_a_file_that_moves_keeps_what_it_had(shop: Shop) -> None:
    text = BAD + "".join(f"x{n} = {n}\n" for n in range(20))
    shop.commit({ORDER: text})
    moved = judge(shop, {ORDER: None, "src/shop/domain/bill.py": (text + "y = 1\n").encode()})
    assert found(moved) == []
    assert moved.touched == ("src/shop/domain/bill.py", ORDER)


def test_a_folder_that_becomes_a_package_is_seen(shop: Shop) -> None:
    shop.commit({"src/shop/domain/deep/a.py": "x = 1\n"})
    proposed = {"src/shop/domain/deep/__init__.py": b"", "src/shop/domain/deep/a.py": BAD.encode()}
    assert found(judge(shop, proposed)) == [(NO_ORM_ID, "src/shop/domain/deep/a.py", 1)]


def test_what_must_exist_must_not_go(shop: Shop) -> None:
    shop.commit({ADR: record("- [licence] File `LICENSE` MUST exist."), "LICENSE": "x\n"})
    assert [each[0] for each in found(judge(shop, {"LICENSE": None}))] == ["0007-domain/licence"]


def test_paths_outside_of_the_tree_are_told(shop: Shop) -> None:
    shop.commit({".gitignore": "build/\n"})
    (shop.root / "link").symlink_to(shop.root / "src")
    proposed = judge(
        shop, {"build/x.py": BAD.encode(), ".bylaw/y": b"", "link/shop/domain/z.py": BAD.encode()}
    )
    assert proposed.uncovered == (".bylaw/y", "build/x.py", "link/shop/domain/z.py")
    assert found(proposed) == []


def test_a_proposal_cannot_weaken_the_rule_that_it_breaks(shop: Shop) -> None:
    weak = record(NO_ORM.replace("MUST NOT", "SHOULD NOT")).encode()
    proposed = judge(shop, {ADR: weak, ORDER: BAD.encode()})
    assert found(proposed) == [(NO_ORM_ID, ORDER, 1)]
    assert [j.failing for j in proposed.verdicts.judgements if j.violations] == [True]
    assert proposed.deciding == (ADR,)


def test_what_one_proposal_does_not_decide_is_open(shop: Shop) -> None:
    shop.commit(
        {
            ADR: record(
                "- [dba] Changes to `migrations/**` MUST be approved by `@dba`.",
                "- [suite] Command `false` MUST pass.",
                "- [lane] Agents of class `A` MUST only change `docs/`.",
            )
        }
    )
    proposed = judge(shop, {"migrations/1.sql": b"x\n"})
    reasons = {
        n.constraint: n.reason for j in proposed.verdicts.judgements for n in j.not_evaluated
    }
    assert set(reasons) == {"0007-domain/dba", "0007-domain/suite", "0007-domain/lane"}
    named = judge(shop, {"migrations/1.sql": b"x\n"}, agent="A")
    assert [each[0] for each in found(named)] == ["0007-domain/lane"]


@given(
    st.dictionaries(st.sampled_from("abcd"), st.binary(max_size=3), max_size=4),
    st.dictionaries(st.sampled_from("abcdef"), st.none() | st.binary(max_size=3), max_size=5),
)
def test_an_overlay_is_the_tree_with_the_changes_made(
    before: dict[str, bytes], changes: dict[str, bytes | None]
) -> None:
    over = Overlay(MemoryTree(before), changes)
    after = {k: v for k, v in (before | changes).items() if v is not None}
    assert over.files == tuple(sorted(after))
    assert {path: over.read(path) for path in over.files} == after
    for path in before.keys() - after.keys():
        with pytest.raises(UnevaluableError):
            over.read(path)


LINES = [
    "import sqlalchemy",
    "from sqlalchemy import x",
    "print(1)",
    "x = 1",
    "",
    "# import sqlalchemy",
]
FILES = [ORDER, "src/shop/domain/new.py", "src/shop/web.py", "notes.md"]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(FILES), st.lists(st.sampled_from(LINES), max_size=4))
def test_the_hook_and_a_proposal_say_the_same(shop: Shop, path: str, lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    call = {
        "session_id": "s",
        "cwd": str(shop.root),
        "hook_event_name": "PreToolUse",
        "tool_name": "Write",
        "tool_input": {"file_path": str(shop.root / path), "content": text},
    }
    done = subprocess.run(
        [Path(sys.executable).with_name("bylaw"), "hook", "claude-code"],
        cwd=shop.root,
        input=json.dumps(call).encode(),
        env={**os.environ},
        capture_output=True,
        check=True,
    )
    said = json.loads(done.stdout) if done.stdout.strip() else {}
    denied = said.get("hookSpecificOutput", {}).get("permissionDecision") == "deny"
    proposed = judge(shop, {path: text.encode()})
    failing = [
        j
        for j in proposed.verdicts.judgements
        if j.failing and sort_of(j.scoped.constraint) in BEFORE
    ]
    assert denied == bool(failing), done.stdout
