"""The pages of the hook's codes show what a host really gets."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bylaw.codes import documented, page

_CONSOLE = re.compile(r"^```console\n\$ (.*)\n((?:.*\n)*?)^```$", re.MULTILINE)


@pytest.mark.parametrize("number", [n for n in documented() if "BL550" <= n <= "BL559"])
def test_the_example_of_a_page_is_what_a_host_gets(number: str, tmp_path: Path) -> None:
    found = _CONSOLE.search(page(number) or "")
    assert found is not None
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    folder = Path(sys.executable).parent
    done = subprocess.run(
        ["bash", "-c", found[1]],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert f'"code": "{number}"' in done.stdout
    assert done.stdout == found[2]
