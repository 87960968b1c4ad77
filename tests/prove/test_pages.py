"""The pages of the prover's codes show what really happens."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bylaw.codes import documented, page
from tests.engines import OFFLINE, find_semgrep

_FENCE = re.compile(r"^(`{3,})(\w+)(?: (\S+))?\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_WITHOUT = {"BL543", "BL544"}
"""What these report, no sound artifact and no sound engine gives rise to."""


def pages() -> list[str]:
    return [n for n in documented() if "BL540" <= n <= "BL549" and n not in _WITHOUT]


@pytest.mark.engine
@pytest.mark.parametrize("number", pages())
def test_the_example_of_a_page_is_what_happens(number: str, tmp_path: Path) -> None:
    root = tmp_path / "shop"
    root.mkdir()
    console = ""
    for _, sort, path, text in _FENCE.findall(page(number) or ""):
        if path:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, "utf-8")
        elif sort == "console":
            console = text
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    (command,) = re.findall(r"^\$ (.*)$", console, re.MULTILINE)
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=root,
        env=os.environ
        | OFFLINE
        | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "BYLAW_SEMGREP": str(find_semgrep()),
            "NO_COLOR": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    shown = f"$ {command}\n{(done.stdout + done.stderr).rstrip()}\n"
    assert f"[{number}]" in shown
    assert shown == console
