"""The extension for VS Code starts the server that there is."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.lsp.client import BYLAW, Client

FOLDER = Path(__file__).parents[2] / "compiler" / "editors" / "vscode"
MANIFEST = json.loads((FOLDER / "package.json").read_text())


def test_its_default_command_is_a_language_server(kept_shop: Path) -> None:
    words = MANIFEST["contributes"]["configuration"]["properties"]["bylaw.command"]["default"]
    assert words[0] == Path(BYLAW).name
    with Client(kept_shop, command=[BYLAW, *words[1:]]) as client:
        assert client.begin()["serverInfo"]["name"] == "bylaw"
        assert client.end() == 0


def test_what_it_declares_is_what_its_code_and_its_page_speak_of() -> None:
    code = (FOLDER / MANIFEST["main"]).read_text()
    page = (FOLDER / "README.md").read_text()
    for setting in MANIFEST["contributes"]["configuration"]["properties"]:
        assert f"`{setting}`" in page
    for command in MANIFEST["contributes"]["commands"]:
        assert f'registerCommand("{command["command"]}"' in code
    for module in re.findall(r'require\("([^"]+)"\)', code):
        name = module.partition("/")[0]
        assert name == "vscode" or name in MANIFEST["dependencies"]
    assert "python -m pip install 'bylaw[lsp]'" in code
    assert MANIFEST["capabilities"]["untrustedWorkspaces"]["supported"] is False


def test_its_code_is_javascript() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    subprocess.run([node, "--check", str(FOLDER / "extension.js")], check=True)


def test_nothing_of_a_package_manager_is_kept_here() -> None:
    kept = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "."],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert set(kept) == {
        ".gitignore",
        ".vscodeignore",
        "README.md",
        "extension.js",
        "package.json",
    }
