"""What a real shell changes, the effects say, or they say that they cannot."""

import os
import random
import subprocess
from pathlib import Path

import pytest

from bylaw.checkpoint.effects import Opaque, Outside, Remove, Write
from bylaw.checkpoint.files import DiskFiles
from bylaw.checkpoint.shell.walk import Walker
from bylaw.globs import matcher
from tests.checkpoint.shell_differential import FILES, command


def _lay_out(root: Path) -> None:
    for name, data in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)


def _tree(root: Path) -> dict[str, bytes]:
    found = {}
    for folder, folders, names in os.walk(root):
        links = [name for name in folders if Path(folder, name).is_symlink()]
        for name in (*names, *links):
            path = Path(folder, name)
            key = path.relative_to(root).as_posix()
            found[key] = os.readlink(path).encode() if path.is_symlink() else path.read_bytes()
    return found


def _covers(effect: object, path: str) -> bool:
    if not isinstance(effect, Write | Remove):
        return False
    if effect.extent == "file":
        return effect.path == path
    if effect.extent == "tree":
        return effect.path in ("", path) or path.startswith(effect.path + "/")
    return bool(matcher((effect.path, effect.path + "/**"))(path))


def compare(root: Path, text: str) -> str | None:
    """Run a text in a shell, and say what its effects do not."""
    _lay_out(root)
    before = _tree(root)
    shell = Walker(DiskFiles(str(root)), str(root))
    shell.run(text)
    subprocess.run(
        ["bash", "--norc", "-c", text],
        cwd=root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=20,
        env={"PATH": os.environ["PATH"], "HOME": str(root), "LC_ALL": "C"},
    )
    after = _tree(root)
    if any(isinstance(effect, Opaque) for effect in shell.effects):
        return None
    # Commands that run at the same time may find a file before or after another has changed it.
    together = "|" in text.replace("||", "") or "&" in text.replace("&&", "")
    for path in sorted({*before, *after}):
        if before.get(path) == after.get(path):
            continue
        covering = [effect for effect in shell.effects if _covers(effect, path)]
        if not covering:
            return f"{path} is changed, and nothing says so: {shell.effects}"
        if path not in after:
            if not any(isinstance(effect, Remove) for effect in covering):
                return f"{path} is removed, and nothing says so: {shell.effects}"
        elif not any(
            isinstance(effect, Write) and (together or effect.content in (None, after[path]))
            for effect in covering
        ):
            return f"{path} is {after[path]!r}, and that is not said: {shell.effects}"
    return None


@pytest.mark.parametrize("seed", range(8))
def test_every_file_that_a_real_shell_changes_is_in_an_effect(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    for turn in range(40):
        text = command(chance)
        root = tmp_path / f"{turn}" / "x"
        root.mkdir(parents=True)
        fault = compare(root, text)
        assert fault is None, f"{text}\n{fault}"


def test_effects_outside_of_the_root_are_told_apart(tmp_path: Path) -> None:
    root = tmp_path / "x"
    root.mkdir()
    shell = Walker(DiskFiles(str(root)), str(root))
    shell.run("echo a > ../out.txt; echo b > .git/hooks/pre-commit")
    assert [e.path for e in shell.effects if isinstance(e, Outside)] == [
        str(tmp_path / "out.txt"),
        str(root / ".git/hooks/pre-commit"),
    ]
