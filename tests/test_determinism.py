"""The same records give the same bytes, wherever and however the compiler runs."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BYLAW = str(Path(sys.executable).with_name("bylaw"))
DAY = "2026-06-01"


def build(shop: Path, folder: Path, *options: str, **environment: str) -> dict[str, bytes]:
    """Build in `folder`, and return the artifacts by name."""
    command = [BYLAW, "build", "--as-of", DAY, *options]
    environment = {**os.environ, **environment}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    output = shop / ".bylaw"
    return {str(p.relative_to(output)): p.read_bytes() for p in output.rglob("*") if p.is_file()}


def copy_in_another_order(shop: Path, target: Path, seed: int) -> None:
    """Copy the files one by one, so that the folders list them in another order."""
    files = sorted(p for p in shop.rglob("*") if p.is_file() and ".git" not in p.parts)
    random.Random(seed).shuffle(files)
    for path in files:
        place = target / path.relative_to(shop)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)


def test_two_processes_write_the_same_bytes(sample: Path, tmp_path: Path) -> None:
    """Hash seed, working directory, locale, time zone, file order and place all differ."""
    other = tmp_path / "elsewhere" / "Ö shop"
    copy_in_another_order(sample, other, seed=7)
    first = build(
        sample,
        sample,
        PYTHONHASHSEED="0",
        LC_ALL="C",
        TZ="Pacific/Kiritimati",
        BYLAW_CACHE_DIR=str(tmp_path / "first"),
    )
    second = build(
        other,
        other / "docs" / "adr",
        PYTHONHASHSEED="4711",
        LC_ALL="C.UTF-8",
        LANG="tr_TR.UTF-8",
        PYTHONUTF8="1",
        TZ="America/Anchorage",
        BYLAW_CACHE_DIR=str(tmp_path / "second"),
    )
    assert first.keys() == second.keys()
    assert {"constraints.json", "semgrep.yml", "importlinter.toml", "manifest.json"} <= first.keys()
    for name, data in first.items():
        assert data == second[name], name


@pytest.mark.parametrize("target", ["semgrep", "import-linter"])
def test_a_target_alone_writes_what_it_writes_in_company(sample: Path, target: str) -> None:
    everything = build(sample, sample)
    shutil.rmtree(sample / ".bylaw")
    alone = build(sample, sample, "--target", target)
    artifacts = alone.keys() - {"manifest.json"}
    assert artifacts
    assert {name: alone[name] for name in artifacts} == {n: everything[n] for n in artifacts}


def test_a_build_from_the_cache_is_a_clean_build(sample: Path, tmp_path: Path) -> None:
    """Build, edit, build again: the bytes are those of a build without any cache."""
    kept = str(tmp_path / "kept")
    build(sample, sample, BYLAW_CACHE_DIR=kept)
    record = sample / "docs" / "adr" / "0004-money-is-exact.md"
    record.write_text(record.read_text("utf-8").replace("`attrs`", "`attrs` or `msgspec`"), "utf-8")
    warm = build(sample, sample, BYLAW_CACHE_DIR=kept)
    shutil.rmtree(sample / ".bylaw")
    clean = build(sample, sample, BYLAW_CACHE_DIR=str(tmp_path / "new"))
    assert warm == clean
    assert b"msgspec" in clean["constraints.json"]
