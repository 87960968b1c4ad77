"""Whether a new import can matter: never less than what the judges of the whole tree find."""

import random
import subprocess
import time
from pathlib import Path

import pytest

from bylaw.checkpoint.compact import Compact
from bylaw.checkpoint.compile import compile_set
from bylaw.checkpoint.proposed import Proposal
from bylaw.checkpoint.scene import Scene
from bylaw.checkpoint.whole import judge_whole

ADR = """# 1. Layers

- Status: accepted

## Constraints

- [tiers] `shop.web`, `shop.services` and `shop.domain` MUST be layered.
- [apart] `shop.services.orders` and `shop.services.stock` MUST be independent.
- [circles] Modules in `shop` MUST NOT form import cycles.
- [no-pandas] Modules in `shop.domain` MUST NOT import `pandas` directly or indirectly.
- [no-tools] Modules in `shop.web` MUST NOT import `shop.tools` directly or indirectly.
"""

MODULES = (
    "shop.web.pages",
    "shop.web.forms",
    "shop.services.orders.book",
    "shop.services.orders.bill",
    "shop.services.stock.count",
    "shop.domain.goods",
    "shop.domain.money",
    "shop.common.text",
    "shop.common.dates",
    "shop.tools.seed",
)


def _path(module: str) -> str:
    return f"src/{module.replace('.', '/')}.py"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("shop")
    for module in MODULES:
        path = root / _path(module)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('"""A module."""\n')
    for folder in sorted({p.parent for p in (root / "src").rglob("*.py")} | {root / "src/shop"}):
        (folder / "__init__.py").touch()
    for package in ("web", "services", "domain", "common", "tools"):
        (root / f"src/shop/{package}/__init__.py").touch()
    (root / "docs/adr").mkdir(parents=True)
    (root / "docs/adr/0001-layers.md").write_text(ADR)
    (root / "bylaw.toml").write_text('adrs = ["docs/adr"]\nsource-roots = ["src"]\n')
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    return root


def _write(root: Path, imports: dict[str, set[str]]) -> None:
    for module in MODULES:
        lines = [f"import {name}" for name in sorted(imports.get(module, ()))]
        (root / _path(module)).write_text("\n".join(['"""A module."""', *lines, ""]))


def _matters(root: Path, set_: Compact, path: str, content: bytes) -> bool:
    proposal = Proposal()
    proposal.contents[path] = content
    return Scene(str(root), set_, proposal.contents).imports_matter(path)


@pytest.mark.parametrize("seed", range(12))
def test_what_the_whole_tree_would_find_is_never_passed_over(shop: Path, seed: int) -> None:
    dice = random.Random(seed)
    names = [*MODULES, "pandas", "json"]
    imports = {module: set(dice.sample(names, dice.randrange(3))) - {module} for module in MODULES}
    _write(shop, imports)
    set_ = compile_set(str(shop))
    # What was written after the set was made must count as well.
    late = dice.choice(MODULES)
    imports[late] = set(dice.sample(names, 2)) - {late}
    _write(shop, imports)
    matters = 0
    for _ in range(8):
        module = dice.choice(MODULES)
        added = {*imports[module], dice.choice(names)} - {module}
        text = "\n".join(['"""A module."""', *(f"import {n}" for n in sorted(added)), ""])
        found = judge_whole(str(shop), {_path(module): text.encode()})
        broken = {each.entry.full_id for each in found if each.violations}
        asked = _matters(shop, set_, _path(module), text.encode())
        assert asked or not broken, (module, sorted(added), broken)
        matters += asked
    assert matters < 8 or seed % 3


def test_an_import_that_breaks_nothing_does_not_ask_for_the_whole_tree(shop: Path) -> None:
    _write(shop, {"shop.web.pages": {"shop.services.orders.book"}})
    # What has only just been written is read again, and may mean anything.
    time.sleep(0.1)
    set_ = compile_set(str(shop))
    path = _path("shop.services.orders.book")
    for text in (b"import json\n", b"import shop.domain.goods\n", b"import shop.common.text\n"):
        assert not _matters(shop, set_, path, text)
    for text in (b"import shop.web.forms\n", b"import shop.services.stock.count\n"):
        assert _matters(shop, set_, path, text)
