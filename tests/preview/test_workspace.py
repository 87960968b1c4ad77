"""A repository held open says of an unsaved text what a build would say of the saved one."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bylaw.diagnostics import Diagnostic
from bylaw.preview.workspace import Linked, Workspace
from tests.conftest import GENERATED, SAMPLE

EDITED = (
    "docs/adr/0003-database-behind-the-store.md",
    "docs/adr/0005-sessions-in-redis.md",
    "docs/adr/0009-signed-tokens.md",
    "docs/adr/0010-names-and-forms.md",
)
INSERTED = (
    "",
    "- [no-orm] Modules in `shop.domain` MUST NOT import `sqlalchemy`.",
    "- Modules in `shop.domain` must import",
    (
        "- Waiver for [0002-layered-monolith/tiers]: `src/shop/web.py` until 2031-01-01, "
        "approved by `@arch`, because it moves."
    ),
    "status: superseded",
    "Status: Proposed",
    "## Constraints",
    "See [the next one](0099-not-there.md).",
    "\ufeffé\u2028",
)


def told(found: Linked) -> tuple[object, ...]:
    """Return all that one says of decisions."""
    program = found.program
    return (
        [(unit.header, unit.digest, unit.decision) for unit in program.units],
        program.listed,
        program.standing,
        program.relations,
        sorted(map(key, found.report)),
    )


def key(diagnostic: Diagnostic) -> str:
    return repr(diagnostic)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace") / "shop"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(*GENERATED))
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=folder, check=True)
    return folder


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(path=st.sampled_from(EDITED), drawn=st.data())
def test_an_unsaved_text_links_as_the_saved_one(
    shop: Path, path: str, drawn: st.DataObject
) -> None:
    file = shop / path
    before = file.read_bytes()
    lines = before.decode().split("\n")
    for _ in range(drawn.draw(st.integers(1, 3))):
        at = drawn.draw(st.integers(0, len(lines) - 1))
        lines[at : at + drawn.draw(st.integers(0, 2))] = [drawn.draw(st.sampled_from(INSERTED))]
    data = drawn.draw(st.sampled_from(["\n", "\r\n"])).join(lines).encode()
    workspace = Workspace(shop)
    unsaved = told(workspace.linked({path: data}))
    try:
        file.write_bytes(data)
        assert unsaved == told(Workspace(shop).on_disk)
        workspace.reload()
        assert unsaved == told(workspace.on_disk)
        assert unsaved == told(workspace.linked({path: data}))
    finally:
        file.write_bytes(before)


def test_a_decision_that_is_not_saved_yet_counts_among_the_others(sample: Path) -> None:
    workspace = Workspace(sample)
    new = "docs/adr/0099-new.md"
    text = b"# New\n\nStatus: Accepted\n\nSupersedes ADR-0009.\n"
    found = workspace.linked({new: text})
    assert new in found.files
    assert found.program.standing["docs/adr/0009-signed-tokens.md"].superseded_by == new
    (sample / new).write_bytes(text)
    assert told(found) == told(Workspace(sample).on_disk)


def test_a_text_that_no_configuration_takes_for_a_decision_is_left_alone(sample: Path) -> None:
    workspace = Workspace(sample)
    assert workspace.linked({"src/shop/cli.py": b"# Not a decision\n"}) is workspace.on_disk


def test_reload_tells_which_decisions_have_changed_and_counts(sample: Path) -> None:
    workspace = Workspace(sample)
    assert workspace.reload() == frozenset()
    assert workspace.revision == 0
    path = "docs/adr/0009-signed-tokens.md"
    with (sample / path).open("a") as file:
        file.write("\nMore.\n")
    (sample / "docs/adr/0005-sessions-in-redis.md").unlink()
    (sample / "docs/adr/0042-new.md").write_text("# New\n\nStatus: Accepted\n")
    assert workspace.reload() == {
        path,
        "docs/adr/0005-sessions-in-redis.md",
        "docs/adr/0042-new.md",
    }
    assert workspace.revision == 1
    (sample / "src/shop/new.py").write_text("")
    assert workspace.reload() == frozenset()
    assert workspace.revision == 2, "another file of the tree can change what a scope holds"


def test_a_broken_configuration_is_told_and_the_rest_is_shown(sample: Path) -> None:
    (sample / "bylaw.toml").write_text("adrs = 3\n")
    workspace = Workspace(sample)
    assert [each.code for each in workspace.faults] == ["BL913"]
    assert workspace.on_disk.program.units
