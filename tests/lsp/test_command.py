"""The command itself: what it needs, and what it does without."""

import subprocess
import sys
from pathlib import Path

from tests.lsp.client import BYLAW


def test_without_its_extra_the_exact_line_to_install_it_is_printed(tmp_path: Path) -> None:
    code = "import sys; sys.modules['pygls'] = None; from bylaw.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, "lsp"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "error[BL905]" in done.stderr
    assert "python -m pip install 'bylaw[lsp]'" in done.stderr


def test_other_commands_do_not_load_it(tmp_path: Path) -> None:
    code = (
        "import sys; from bylaw.cli import run; run(sys.argv[1:])\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('pygls', 'lsprotocol')])"
    )
    for words in (["list"], ["lsp", "--help"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout.rstrip().endswith("[]"), done


def test_the_page_completes_without_it(tmp_path: Path) -> None:
    """What the page shares with editors needs no editor's protocol."""
    code = (
        "import sys; sys.modules['pygls'] = sys.modules['lsprotocol'] = None\n"
        "import bylaw.editing.completion, bylaw.editing.nearest, bylaw.editing.actions"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)


def test_it_ends_at_the_end_of_its_input(tmp_path: Path) -> None:
    done = subprocess.run(
        [BYLAW, "lsp"], cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    tty = tmp_path / "input"
    tty.write_bytes(b"Content-Length: 2\r\n\r\n{}")
    with tty.open("rb") as stream:
        done = subprocess.run(
            [BYLAW, "lsp"], cwd=tmp_path, stdin=stream, capture_output=True, check=False
        )
    assert done.returncode == 0
    assert b"-32600" in done.stdout
