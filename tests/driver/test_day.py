"""The day of a build: the commit's, or today; and what depends on it says so."""

import json
import subprocess
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.driver.repository import Repository, fill, record


def listed_day(repository: Repository, **environment: str) -> str:
    done = repository.run("list", "--format", "json", **environment)
    day: str = json.loads(done.stdout)["as_of"]
    return day


def commit(repository: Repository, moment: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "All"]):
        subprocess.run(
            ["git", *identity, *arguments],
            cwd=repository.root,
            env=repository.variables({"GIT_COMMITTER_DATE": moment}),
            check=True,
        )


def manifest(found: dict[str, bytes]) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(found["manifest.json"])
    return kept


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Anchorage"])
def test_the_day_is_that_of_the_commit_in_utc(repository: Repository, zone: str) -> None:
    fill(repository, range(2))
    commit(repository, "2026-03-05T23:30:00-0500")
    assert listed_day(repository, TZ=zone) == "2026-03-06"


def test_without_a_commit_the_day_is_today(repository: Repository) -> None:
    fill(repository, range(2))
    days = {datetime.now(UTC).date().isoformat()}
    found = listed_day(repository)
    assert found in days | {datetime.now(UTC).date().isoformat()}


DATED = [
    ("[a-b] Modules in `shop.web` MUST NOT import `orm` from 2026-06-05.", "2026-06-05"),
    ("[a-b] Modules in `shop.web` MUST NOT import `orm` until 2026-06-05.", "2026-06-06"),
]


@pytest.mark.parametrize(("item", "day"), DATED)
def test_an_artifact_changes_on_the_day_it_names_and_not_before(
    repository: Repository, item: str, day: str
) -> None:
    fill(repository, range(2))
    repository.write({"docs/adr/0009-dated.md": record("9. Dated", item)})
    first = repository.build("--as-of", "2026-06-01")
    assert manifest(first)["next_change"] == day
    named = {o["path"]: o.get("until") for o in manifest(first)["outputs"]}
    before = repository.build("--as-of", f"2026-06-{int(day[-2:]) - 1:02}")
    assert before == first
    after = repository.build("--as-of", day)
    changed = {path for path in first if first[path] != after[path]}
    assert changed == {path for path, until in named.items() if until} | {"manifest.json"}


def test_a_permission_with_days_is_applied_on_them_only(repository: Repository) -> None:
    fill(repository, range(2))
    items = (
        "[a-b] Modules in `shop.web` MUST NOT import `orm`.",
        "[c-d] Modules in `shop.web` MAY import `orm`, despite [a-b], from 2026-06-05.",
    )
    repository.write({"docs/adr/0009-dated.md": record("9. Dated", *items)})
    first = repository.build("--as-of", "2026-06-01")
    assert manifest(first)["next_change"] == "2026-06-05"
    assert manifest(first)["accounting"]["dispositions"]["applied"] == 0
    after = repository.build("--as-of", "2026-06-05")
    assert manifest(after)["accounting"]["dispositions"]["applied"] == 1
    assert first["constraints.json"] != after["constraints.json"]
    assert {"path": "constraints.json", "until": "2026-06-05"}.items() <= next(
        o for o in manifest(first)["outputs"] if o["path"] == "constraints.json"
    ).items()
