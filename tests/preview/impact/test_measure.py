"""What a decision would break is what `bylaw check` finds once it is accepted."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from bylaw.preview.impact.known import Known
from bylaw.preview.impact.measure import measure
from bylaw.preview.impact.model import Ask, Impact
from bylaw.preview.workspace import Workspace
from tests.preview.impact.repository import FILES, PROPOSAL, git, make, write

DECISION = "0002-no-orm"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with a proposal."""
    return make(tmp_path / "shop")


def _measured(root: Path, *ask: Any, known: Known | None = None) -> Impact:
    impact = measure(Workspace(root), Ask(*ask), None, known)
    assert impact is not None
    return impact


def _bylaw(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    program = "from bylaw.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": ":".join(filter(None, sys.path))},
    )


def _accept(root: Path) -> None:
    path = root / PROPOSAL
    path.write_text(path.read_text().replace("Proposed", "Accepted"))


def test_violations_excuses_and_baseline_are_those_of_a_check_once_it_is_accepted(
    root: Path,
) -> None:
    # What contradicts another decision as a MUST would keep a baseline from being written.
    write(root, {PROPOSAL: FILES[PROPOSAL].replace("MUST NOT live", "SHOULD NOT live")})
    before = (root / PROPOSAL).read_bytes()
    impact = _measured(root, PROPOSAL)
    assert (root / PROPOSAL).read_bytes() == before
    _accept(root)
    told = json.loads(_bylaw(root, "check", "--format", "json").stdout)
    mine = [v for v in told["violations"] if v["decision"] == DECISION]
    # The one that binds only later is judged today, and told apart.
    ours = [v for v in impact.violations if not v.constraint.endswith("/later")]
    assert [(v["constraint"], v["path"], v["line"], v["detail"]) for v in mine] == sorted(
        ((v.constraint, v.path, v.place and v.place.line, v.detail) for v in ours),
        key=lambda each: [m["constraint"] for m in mine].index(each[0]),
    )
    assert len(mine) == 5
    excused = [e for e in told["excused"] if e["decision"] == DECISION]
    assert sorted((e["path"], e["excuse"]) for e in excused) == sorted(
        (e.violation.path, e.excuse) for e in impact.excused
    )
    assert {e.excuse for e in impact.excused} == {"waived", "permitted"}
    done = _bylaw(root, "check", "--write-baseline", "--lenient")
    assert done.returncode == 0, done.stderr
    written = json.loads((root / "baseline.json").read_text())["violations"]
    held = [each for each in written if each["constraint"].startswith(f"{DECISION}/")]
    later = len(impact.violations) - len(ours)
    assert impact.baseline.entries == len(held) + later
    assert impact.baseline.violations == sum(each.get("count", 1) for each in held) + later
    # Who has a baseline sees what is in it as excused, and its size as it would be written.
    again = _measured(root, PROPOSAL)
    assert again.baseline[:2] == impact.baseline[:2]
    assert {e.excuse for e in again.excused} == {"waived", "permitted", "baseline"}
    assert again.baseline.there == sum(each.get("count", 1) for each in written)


def test_each_sentence_says_how_it_fares_and_nothing_open_is_taken_for_kept(root: Path) -> None:
    impact = _measured(root, PROPOSAL)
    fates = {each.id.rpartition("/")[2]: each.fate for each in impact.sentences}
    assert fates == {
        **dict.fromkeys(("no-orm", "named", "no-homes"), "judged"),
        "later": "later",
        "over": "over",
        **dict.fromkeys(("asked", "runs", "agents"), "open"),
    }
    open_ = {each.constraint.rpartition("/")[2] for each in impact.unjudged}
    assert open_ == {"asked", "runs", "agents"}
    later = next(each for each in impact.sentences if each.fate == "later")
    assert (later.why, later.violations) == ("it binds from 2099-01-01", 1)


def test_owners_are_those_of_the_last_line_that_matches(root: Path) -> None:
    impact = _measured(root, PROPOSAL)
    assert impact.owners["src/shop/domain/order.py"] == ("@all",)
    assert impact.owners["src/shop/web/__init__.py"] == ("@web", "@ada")
    assert impact.owners["src/shop/web/page.py"] == ()


def test_what_it_lets_pass_elsewhere_and_puts_out_of_force_is_said(root: Path) -> None:
    impact = _measured(root, PROPOSAL)
    assert [(e.violation.constraint, e.violation.path) for e in impact.relieved] == [
        ("0001-layers/no-sqlite", "src/shop/domain/keep.py")
    ]
    text = (
        (root / PROPOSAL)
        .read_text()
        .replace("Proposed", "Proposed\n\nSupersedes [1](0001-layers.md)")
    )
    assert _measured(root, PROPOSAL, text).ends == (("0001-layers", 2),)


def test_a_conflict_has_both_sides_and_its_witness_and_is_new_only_with_the_text(
    root: Path,
) -> None:
    (clash,) = _measured(root, PROPOSAL).clashes
    assert (clash.code, clash.new) == ("BL230", False)
    assert [side.span.path for side in clash.sides] == [PROPOSAL, "docs/adr/0001-layers.md"]
    assert "`sql/" in clash.message
    more = (
        root / PROPOSAL
    ).read_text() + "- [again] Modules in `shop.domain` MUST NOT import `sqlite3`.\n"
    found = {(c.code, c.new) for c in _measured(root, PROPOSAL, more).clashes}
    assert found == {("BL230", False), ("BL232", True)}
    only = _measured(root, PROPOSAL, more, f"{DECISION}/again")
    assert [c.code for c in only.clashes] == ["BL232"]
    assert [s.id for s in only.sentences] == [f"{DECISION}/again"]


def test_an_unsaved_sentence_and_an_unsaved_decision_are_judged(root: Path) -> None:
    head = "# New\n\n## Status\n\nProposed\n\n## Constraints\n\n"
    sentence = "- [os] Python code in `src/**` MUST NOT import `os`.\n"
    text = f"{head}{sentence}- [broken] Nobody SHOULD care.\n"
    impact = _measured(root, "docs/adr/0003-new.md", text)
    assert [(v.path, v.place and v.place.line) for v in impact.violations] == [
        ("src/shop/domain/order.py", 1)
    ]
    assert (impact.saved, impact.rejected) == (False, 1)
    assert impact.lines("src/shop/domain/order.py")[0] == "import os"


def test_what_binds_nobody_is_said_to_be_judged_by_nothing(root: Path) -> None:
    text = (root / PROPOSAL).read_text()
    rejected = _measured(root, PROPOSAL, text.replace("Proposed", "Rejected"))
    assert rejected.nothing == "the decision binds nobody any more: its status says so"
    assert _measured(root, PROPOSAL, text, f"{DECISION}/gone").nothing
    assert measure(Workspace(root), Ask("docs/adr/none.md")) is None
    assert measure(Workspace(root), Ask("../shop/bylaw.toml")) is None


def test_new_code_counts_only_what_the_main_branch_does_not_have(root: Path) -> None:
    text = FILES[PROPOSAL].replace(
        "`sqlalchemy`.\n- [named]", "`sqlalchemy` for new code.\n- [named]"
    )
    write(root, {PROPOSAL: text})
    git(root, "commit", "-qam", "New code only")
    git(root, "switch", "-qc", "work")
    write(root, {"src/shop/web/more.py": "import sqlalchemy\n"})
    impact = _measured(root, PROPOSAL, None, f"{DECISION}/no-orm")
    assert [v.path for v in impact.violations] == ["src/shop/web/more.py"]
    assert {e.excuse for e in impact.excused} == {"old", "waived", "permitted"}


def test_a_second_look_judges_only_what_has_changed_and_finds_what_a_first_would(
    root: Path,
) -> None:
    known = Known(root)
    # Files are believed to be as their stamps say once those are this old.
    time.sleep(2.1)

    def look() -> tuple[int, int]:
        judged: list[int] = []
        again = measure(
            Workspace(root), Ask(PROPOSAL), lambda _, done, total: judged.append(total), known
        )
        assert again == _measured(root, PROPOSAL)
        return len(again.violations) if again else 0, max(judged, default=0)

    assert look() == (6, 9)
    assert look() == (6, 0)
    write(root, {"src/shop/web/page.py": "import json\n"})
    time.sleep(2.1)
    assert look() == (5, 1)
    assert look() == (5, 0)
    # Another file may change what any import means, so all are looked at again.
    write(root, {"src/shop/web/other.py": "import sqlalchemy\n"})
    assert look() == (6, 10)
    (root / "src/shop/web/other.py").unlink()
    assert look()[0] == 5
    text = (root / PROPOSAL).read_text()
    write(root, {PROPOSAL: text.replace("`sqlalchemy`.\n- [named]", "`os`.\n- [named]")})
    assert look()[0] == 4
