"""What one ADR becomes: states that agree with the manifest, whatever the file is."""

import json
import os
import stat
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bylaw.driver import Options, build_repository
from bylaw.preview.become import become, fates
from bylaw.preview.model import STATES, Preview
from bylaw.preview.workspace import Workspace
from bylaw.program import Standing
from bylaw_targets import TARGETS
from bylaw_targets.manifest import account
from tests.preview.test_origin import DAY, previews, record, repository
from tests.targets.sentences import EVERY_SHAPE

DATED = """\
- [later] Code in `shop/**` MUST NOT call `print` from 2027-01-01.
- [past] Code in `shop/**` MUST NOT call `input` until 2025-01-01.
- [now] Code in `shop/**` MUST NOT call `eval` until 2026-06-01.
- [may] Modules in `shop.domain` MAY import `attrs`, despite [only].
- [only] Modules in `shop` MUST only import `pydantic`.
- Waiver for [now]: `shop/web/a.py` until 2026-05-31, approved by `@a`, because of reasons.
- Waiver for [now]: `shop/domain/old.py` until 2026-06-01, approved by `@a`, because of reasons.
- Modules in `shop.domain` must import nothing.
- Note: nothing.
- Guidance: be kind.
"""

AGREED = {
    "enforced": {"enforced", "approximate"},
    "advisory": {"checked", "conditional", "advisory"},
    "applied": {"applied"},
    "inactive": {"inactive"},
    "note": {"note"},
    "rejected": {"rejected"},
}
"""By the manifest's disposition, the states that say the same with more detail."""


def dispositions(workspace: Workspace, path: str) -> list[str]:
    """Return what the manifest says of each item, once its decision is in force."""
    program = workspace.on_disk.program
    unit, standing = program.by_path[path], program.standing[path]
    if standing.state not in ("in-force", "retired"):
        standing = Standing("in-force")
    preview = become(workspace.on_disk, path)
    assert preview is not None
    answers: dict[str, dict[str, Any]] = {name: {} for name in workspace.config.targets}
    for view in preview.statements:
        for target, answer in view.fidelity.items():
            if target in answers:
                answers[target][view.key.rpartition("/")[2]] = answer
    told = answers if standing.state == "in-force" else None
    entry = json.loads(account(unit.header, "", standing, told, DAY.isoformat()).entry)
    return [item["disposition"] for item in entry["items"]]


def agree(root: Path, day: date | None = DAY) -> int:
    workspace = Workspace(root, as_of=day)
    count = 0
    for unit in workspace.on_disk.program.units:
        path = unit.header.path
        preview = become(workspace.on_disk, path)
        assert preview is not None
        states = [view.state for view in preview.statements]
        for state, disposition in zip(states, dispositions(workspace, path), strict=True):
            assert state in AGREED[disposition]
            count += 1
        short = fates(workspace.on_disk, path)
        assert [view.state for view in short] == states
        assert [(v.key, v.about, v.why) for v in short] == [
            (v.key, v.about, v.why) for v in preview.statements
        ]
    return count


@pytest.mark.parametrize(
    "targets",
    [tuple(TARGETS), ("json", "semgrep", "import-linter", "agents"), ("codeowners",), ("agents",)],
)
@pytest.mark.parametrize("status", ["Accepted", "Proposed", "Rejected"])
def test_states_say_what_the_manifest_says(
    tmp_path: Path, targets: tuple[str, ...], status: str
) -> None:
    decisions = {"0001-all": record(EVERY_SHAPE, status), "0002-dated": record(DATED, status)}
    repository(tmp_path, decisions, targets)
    assert agree(tmp_path) > 60


def test_states_of_the_sample_are_those_that_its_build_accounts_for(sample: Path) -> None:
    workspace = Workspace(sample)
    build = build_repository(sample, workspace.config, Options(cache=False))
    (manifest,) = [json.loads(a.data) for a in build.artifacts if a.path == "manifest.json"]
    compared = 0
    for entry in manifest["inputs"]:
        if entry.get("state") not in ("in-force", "retired"):
            continue
        preview = become(workspace.on_disk, entry["path"])
        assert preview is not None
        for item, view in zip(entry["items"], preview.statements, strict=True):
            assert view.state in AGREED[item["disposition"]]
            assert view.span.line == item["line"]
            compared += 1
    assert compared > 80


def one(root: Path, text: str, name: str = "0001-one.md") -> Preview:
    repository(root, {})
    (root / "docs/adr" / name).write_text(text)
    linked = Workspace(root, as_of=DAY).on_disk
    found = become(linked, f"docs/adr/{name}")
    assert found is not None
    return found


def test_each_statement_says_why_it_does_not_bind(tmp_path: Path) -> None:
    preview = one(tmp_path, record(DATED))
    fates = [(view.state, view.why.partition(":")[0]) for view in preview.statements]
    assert fates[:2] == [("inactive", "from 2027-01-01"), ("inactive", "until 2025-01-01")]
    assert fates[3] == ("applied", "")
    assert fates[5:7] == [("inactive", "expired on 2026-05-31"), ("applied", "")]
    assert fates[7][0] == "rejected"
    assert fates[7][1].startswith("BL")
    assert fates[8:] == [("note", ""), ("advisory", "")]
    assert {view.state for view in preview.statements} <= STATES.keys()


@pytest.mark.parametrize(
    ("status", "standing"), [("Proposed", "proposed"), ("", "none"), ("Who knows", "unclear")]
)
def test_a_decision_that_does_not_bind_yet_is_shown_as_it_would(
    tmp_path: Path, status: str, standing: str
) -> None:
    text = "- [no-print] Code in `shop/**` MUST NOT call `print`."
    accepted = one(tmp_path, record(text))
    written = record(text, status) if status else record(text).replace("Status: Accepted\n\n", "")
    other = one(tmp_path, written)
    assert other.standing is not None
    assert other.standing.state == standing
    assert [view.state for view in other.statements] == [v.state for v in accepted.statements]
    assert {(o.target, o.path) for o in other.outputs} == {
        (o.target, o.path) for o in accepted.outputs
    }


def test_a_decision_that_binds_nobody_any_more_has_nodes_and_no_rules(sample: Path) -> None:
    linked = Workspace(sample).on_disk
    preview = become(linked, "docs/adr/0005-sessions-in-redis.md")
    assert preview is not None
    assert {view.state for view in preview.statements} == {"inactive"}
    assert [output.target for output in preview.outputs] == ["ir"]


def test_what_has_errors_is_shown_beside_what_has_none(tmp_path: Path) -> None:
    preview = one(
        tmp_path,
        record(
            "- [a-b] Code in `shop/**` MUST NOT call `print`.\n"
            "- [a-b] Code in `shop/**` MUST NOT call `input`.\n"
            "- Code in `shop/** MUST NOT call `eval`.\n"
            "- Waiver for [nobody]: `x.py` until 2030-01-01, approved by `@a`, because x.\n"
        ),
    )
    assert [view.statement for view in preview.statements][:2] == ["constraint", "constraint"]
    assert preview.statements[2].state == "rejected"
    assert {d.code for d in preview.diagnostics} >= {"BL201"}
    assert any(output.target == "semgrep" for output in preview.outputs)


@pytest.mark.parametrize(
    ("name", "data", "disposition"),
    [
        ("0001-x.md", b"# X\n\n\xff\xfe\n", "unreadable"),
        ("0001-x.md", b"", "unreadable"),
        ("0001-x", b"\0\1\2" * 100, "other-format"),
        ("0001-x.adoc", b"= X\n", "other-format"),
        ("template.md", b"# {title}\n\nStatus: {status}\n", "template"),
    ],
)
def test_a_file_that_is_no_decision_is_shown_as_what_it_is(
    tmp_path: Path, name: str, data: bytes, disposition: str
) -> None:
    repository(tmp_path, {"0002-y": "- Note: nothing."})
    (tmp_path / "docs/adr" / name).write_bytes(data)
    linked = Workspace(tmp_path, as_of=DAY).on_disk
    preview = become(linked, f"docs/adr/{name}")
    if f"docs/adr/{name}" not in linked.listed:
        assert preview is None, "the configuration does not take it for an ADR"
        return
    assert preview is not None
    assert (preview.decision, preview.disposition) == (None, disposition)
    assert preview.outputs == ()
    preview.text.encode()


@pytest.mark.parametrize(
    "path", ["bylaw.toml", "../../etc/passwd", "/etc/passwd", "docs/adr/none.md", "", "docs/adr"]
)
def test_a_path_that_is_no_adr_is_not_shown(tmp_path: Path, path: str) -> None:
    repository(tmp_path, {"0002-y": "- Note: nothing."})
    assert become(Workspace(tmp_path, as_of=DAY).on_disk, path) is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_unreadable(tmp_path: Path) -> None:
    repository(tmp_path, {"0002-y": "- Note: nothing."})
    (tmp_path / "docs/adr/0002-y.md").chmod(0)
    preview = become(Workspace(tmp_path, as_of=DAY).on_disk, "docs/adr/0002-y.md")
    (tmp_path / "docs/adr/0002-y.md").chmod(stat.S_IRUSR | stat.S_IWUSR)
    assert preview is not None
    assert preview.disposition == "unreadable"


def test_a_file_of_three_hundred_kilobytes_is_shown(tmp_path: Path) -> None:
    items = "".join(
        f"- [no-{n}] Code in `shop/**` MUST NOT call `forbidden_{n}`.\n" for n in range(300)
    )
    preview = one(tmp_path, record(items) + "\n## Why\n\n" + "Because of what it is. " * 13_000)
    assert len(preview.text) > 300_000
    assert len(preview.statements) == 300
    assert sum(len(output.text) for output in preview.outputs) > 300_000


def test_the_nodes_of_a_decision_are_json_with_places_as_one_word(tmp_path: Path) -> None:
    preview = one(tmp_path, record(EVERY_SHAPE))
    (output,) = [o for o in preview.outputs if o.target == "ir"]
    parsed = json.loads(output.text)
    assert [s["statement"] for s in parsed["statements"]] == [
        view.statement for view in preview.statements
    ]
    lines = output.text.split("\n")
    assert [mark.statement for mark in output.marks] == [view.key for view in preview.statements]
    for mark, view in zip(output.marks, preview.statements, strict=True):
        node = json.loads("\n".join(lines[mark.first - 1 : mark.last]).removesuffix(","))
        assert node["span"].startswith(f"{view.span.line}:{view.span.column}-")
        assert next(iter(node)) == "statement"
    again = one(tmp_path, record(EVERY_SHAPE)).outputs[0]
    assert again == output


def test_a_target_that_is_not_configured_changes_nothing_of_those_that_are(tmp_path: Path) -> None:
    text = "- [dba] Changes to `migrations/**` MUST be approved by `@shop/dba`."
    repository(tmp_path, {"0001-a": text}, ("json", "agents"))
    some = {o.path: o.text for o in previews(tmp_path)["0001-a"].outputs if o.configured}
    assert "codeowners" not in some[".bylaw/constraints.json"]
    repository(tmp_path, {"0001-a": text}, ("json", "agents", "codeowners"))
    more = {o.path: o.text for o in previews(tmp_path)["0001-a"].outputs if o.configured}
    assert "codeowners" in more[".bylaw/constraints.json"]


def test_a_configured_target_that_is_not_there_hides_none_of_the_others(tmp_path: Path) -> None:
    text = "- [no-print] Code in `shop/**` MUST NOT call `print`."
    repository(tmp_path, {"0001-a": text}, ("semgrep", "nowhere"))
    preview = previews(tmp_path)["0001-a"]
    assert [o.path for o in preview.outputs if o.configured] == [".bylaw/semgrep.yml"]
    assert fates(Workspace(tmp_path).on_disk, preview.path)[0].state == preview.statements[0].state
