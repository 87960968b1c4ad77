"""One ADR in a real terminal of any width, in a pipe, with and without colours."""

import fcntl
import os
import pty
import re
import shlex
import shutil
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from bylaw.preview.terminal.rows import pieces
from bylaw.render.characters import cells, safe
from tests.preview.test_origin import record, repository

ITEMS = """\
- [no-orm] Modules in `shop.domain` MUST NOT import `sqlalchemy`; use `shop.store` instead.
- [dba] Changes to `migrations/**` MUST be approved by 2 of `@dba`.
- Waiver for [no-orm]: `shop.domain.order -> sqlalchemy` until 2031-12-31, approved by `@arch`,
  because it moves.
- Modules in `shop.web` must not import `flask`.
- Guidance: prefer plain functions.
"""

TARGETS = ("json", "semgrep", "import-linter", "agents")

_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def environment(**more: str) -> dict[str, str]:
    names = ("PATH", "HOME", "PYTHONPATH", "LANG", "COVERAGE_PROCESS_START")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return kept | {"TERM": "xterm-256color", "PYTHONUTF8": "1"} | more


def command(*arguments: str) -> list[str]:
    start = "from bylaw.cli import main; main()"
    return [sys.executable, "-c", start, "preview", "--terminal", *arguments]


def in_terminal(root: Path, width: int, *arguments: str, **more: str) -> str:
    """Run the command in a pseudo-terminal of a width, and return what it has shown."""
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    with subprocess.Popen(
        command(*arguments),
        cwd=root,
        stdin=terminal,
        stdout=terminal,
        stderr=subprocess.PIPE,
        env=environment(**more),
    ) as process:
        os.close(terminal)
        shown = b""
        while True:
            try:
                data = os.read(controller, 65536)
            except OSError:  # the other end is closed
                break
            if not data:
                break
            shown += data
        os.close(controller)
        assert process.stderr is not None
        said = process.stderr.read()
        assert (process.wait(), said) == (0, b"")
    return shown.decode().replace("\r\n", "\n")


def in_pipe(root: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        cwd=root,
        env=environment(**more),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = repository(
        tmp_path_factory.mktemp("terminal"), {"0001-store": record(ITEMS, "Proposed")}, TARGETS
    )
    (root / "bylaw.toml").write_text(
        'source-roots = ["."]\ntargets = ["json", "semgrep", "import-linter", "agents"]\n'
    )
    (root / "shop/domain/order.py").write_text("import sqlalchemy\n")
    (root / "shop/domain/old.py").write_text("import sqlalchemy.orm\n")
    return root


@pytest.mark.parametrize("width", [60, 80, 120])
def test_every_row_fits_the_terminal(shop: Path, width: int, snapshot: SnapshotAssertion) -> None:
    shown = in_terminal(shop, width, "--as-of", "2026-06-01", NO_COLOR="1")
    assert "\x1b" not in shown
    assert not [line for line in shown.split("\n") if cells(line) > width]
    assert not [line for line in shown.split("\n") if line != line.rstrip()]
    assert shown == snapshot


def test_colours_say_nothing_that_words_do_not(shop: Path) -> None:
    coloured = in_terminal(shop, 80)
    assert "\x1b[1;32m" in coloured or "\x1b[1;33m" in coloured
    assert _ESCAPE.sub("", coloured) == in_terminal(shop, 80, NO_COLOR="1")
    assert "\x1b" not in in_terminal(shop, 80, TERM="dumb")


def test_a_pipe_gets_plain_text(shop: Path) -> None:
    done = in_pipe(shop)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert max(map(cells, done.stdout.split("\n"))) <= 120
    forced = in_pipe(shop, "--color", "always")
    assert _ESCAPE.sub("", forced.stdout) == done.stdout


def test_a_number_stands_for_a_statement_on_both_sides(shop: Path) -> None:
    shown = in_pipe(shop, "--as-of", "2026-06-01").stdout
    source, _, rest = shown.partition("\nsemgrep ")
    numbers = {int(n) for n in re.findall(r"= \[(\d+)\]", source)}
    assert numbers == {1, 2, 3, 4}
    assert {int(n) for n in re.findall(r"^(?:\[\d+\])*\[(\d+)\]", rest, re.MULTILINE)} == numbers
    carets = re.findall(r"\n 7 . (.*)\n   \| ( *\^+)\n", source)
    assert carets
    line, marks = carets[0]
    assert len(marks) == len(line)
    assert line[len(marks) - len(marks.lstrip()) :].startswith("[no-orm]")
    assert "[1][3]" in rest, "what a waiver has changed is of both"
    assert "error[BL0" in source


def test_the_impact_of_what_is_only_proposed_is_told(shop: Path) -> None:
    shown = in_pipe(shop, "--as-of", "2026-06-01").stdout
    assert "1 violation in 1 file" in shown
    assert "shop/domain/old.py:1" in shown
    assert "1 violation excused" in shown


def test_one_target_is_shown_whole(shop: Path) -> None:
    some = in_pipe(shop, "1").stdout
    whole = in_pipe(shop, "1", "--target", "json").stdout
    assert "semgrep.yml" not in whole
    assert "…" not in whole.partition("\njson ")[2].partition("\nimpact ")[0]
    assert "…" in some
    nodes = in_pipe(shop, "0001-store/no-orm", "--target", "ir").stdout
    assert '"statement": "constraint",' in nodes
    off = in_pipe(shop, "1", "--target", "codeowners").stdout
    assert "codeowners (not configured: no build writes it)" in off


def test_where_there_are_several_they_are_listed(sample: Path) -> None:
    done = in_pipe(sample)
    assert done.returncode == 2
    assert "0006-configuration-in-one-place" in done.stdout
    assert "name one: `bylaw preview --terminal 0001-record-decisions`" in done.stderr
    other = in_pipe(sample, "0006-configuration-in-one-plaec")
    assert other.returncode == 2
    assert "did you mean `0006-configuration-in-one-place`" in other.stderr
    assert in_pipe(sample, "6", "--target", "semgerp").stderr.count("did you mean `semgrep`") == 1


def test_files_with_one_id_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    paths = ["docs/adr/0001-x.md", "docs/adr/more/0001-x.md"]
    (repository(tmp_path, {"0001-x": ITEMS}) / "docs/adr/more").mkdir()
    shutil.copy(tmp_path / paths[0], tmp_path / paths[1])
    listed = in_pipe(tmp_path, "0001-x")
    assert listed.returncode == 2
    assert [line.split()[0] for line in listed.stdout.splitlines()[:2]] == paths
    assert in_pipe(tmp_path, paths[1]).returncode == 0


def test_every_decision_of_the_sample_is_shown(sample: Path) -> None:
    for path in ("docs/adr/0005-sessions-in-redis.md", "docs/adr/2026-05-11-reports/README.md"):
        done = in_pipe(sample, path)
        assert (done.returncode, done.stderr) == (0, ""), path
    assert "one-door" in done.stdout


def test_nothing_in_an_adr_reaches_the_terminal(tmp_path: Path) -> None:
    hostile = "\x1b]0;owned\x07\x1b[2J\u202eevil\u200b\x9b31m\tend\x7f 漢字 👩‍👩‍👧"
    items = f"- [xx] Files in `src/**` MUST NOT contain `a{hostile}b`.\n\n{hostile}\n" + "x" * 9000
    repository(
        tmp_path, {"0001-x": f"# T{hostile}\n\nStatus: Accepted\n\n## Constraints\n\n{items}"}
    )
    for target in (None, "ir", "json", "agents"):
        shown = in_terminal(tmp_path, 70, *(("--target", target) if target else ()), NO_COLOR="1")
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u200b]", shown)
        assert max(map(cells, shown.split("\n"))) <= 70
    assert "x" * 60 in shown or "…" in shown


def test_a_reader_that_goes_away_is_no_traceback(shop: Path) -> None:
    line = shlex.join(command())
    done = subprocess.run(
        ["bash", "-c", f"{line} | head -1"],
        cwd=shop,
        env=environment(),
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "A decision\n"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "line", ["", "a", "\t\t漢字漢字\x1b", "e\u0301" * 40, "word " * 30, "👩‍👩‍👧" * 9]
)
@pytest.mark.parametrize("width", [2, 7, 20])
def test_a_line_is_cut_into_rows_that_lose_nothing(line: str, width: int) -> None:
    found = list(pieces(line, width, 1000))
    ends = [piece.start for piece in found[1:]] + [len(line)]
    for piece, end in zip(found, ends, strict=True):
        assert len(piece.columns) == end - piece.start + 1
        assert cells(piece.shown) <= max(width, 4, *(cells(safe(c)) for c in line))
    assert "".join(line[p.start : e] for p, e in zip(found, ends, strict=True)) == line
    if len(found) > 2:
        cut = list(pieces(line, width, 2))
        assert len(cut) == 2
        assert cut[1].shown.endswith("…")
