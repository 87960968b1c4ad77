"""What a check starts and writes: commands, and fixes."""

import shlex
import sys

import pytest

from tests.check.shop import ADR, ORDER, Shop, record

# --- commands ------------------------------------------------------------------------------------


def command(code: str) -> str:
    words = f"{shlex.quote(sys.executable)} -c {shlex.quote(code)}"
    return f"- [suite] Command `{words}` MUST pass."


def test_a_command_runs_only_on_request(shop: Shop) -> None:
    shop.commit({ADR: record(command("open('ran', 'w')"))})
    assert shop.check().status == 3
    assert not (shop.root / "ran").exists()
    assert shop.check("--run").status == 0
    assert (shop.root / "ran").exists()


def test_a_failing_command_is_a_violation_with_its_last_words(shop: Shop) -> None:
    shop.commit({ADR: record(command("raise SystemExit('it broke')"))})
    done = shop.check("--run")
    assert [(identity, path) for identity, path, _ in done.violations] == [
        ("0007-domain/suite", ADR)
    ]
    assert "it broke" in done.out


def test_a_command_is_stopped_at_the_limit_with_all_it_started(shop: Shop) -> None:
    child = "import time; time.sleep(3); open('late', 'w')"
    code = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {child!r}]).wait()"
    shop.commit({ADR: record(command(code))})
    done = shop.check("--run", "--timeout", "0.5")
    assert done.status in (1, 3)
    assert not (shop.root / "late").exists()


@pytest.mark.parametrize("how", ["added", "edited", "rationale"])
def test_a_command_that_the_change_has_brought_is_not_run(shop: Shop, how: str) -> None:
    brought = record(command("open('ran', 'w')"))
    if how == "edited":
        shop.commit({ADR: record(command("pass"))})
    elif how == "rationale":
        shop.commit({ADR: brought + "\nBefore.\n"})
    shop.git("checkout", "-q", "-b", "work")
    shop.commit({ADR: brought})
    done = shop.check("--run", "--base", "main")
    assert not (shop.root / "ran").exists()
    assert [identity for identity, *_ in done.unjudged] == ["0007-domain/suite"]
    shop.check("--run", "--base", "main", "--trust")
    assert (shop.root / "ran").exists()


# --- fixes ---------------------------------------------------------------------------------------

FIXABLE = "- [env] Code in `src/**` MUST NOT call `os.getenv`; use `shop.settings.read` instead."


def test_a_fix_is_applied_with_its_import_and_the_rest_is_left(shop: Shop) -> None:
    shop.write({ADR: record(FIXABLE), "src/shop/settings.py": "def read(name): ...\n"})
    shop.write({ORDER: '"""Orders."""\n\nimport os\n\nx = os.getenv("A")  # kept\n'})
    done = shop.check("--fix")
    text = (shop.root / ORDER).read_text()
    assert (done.status, done.violations) == (0, [])
    assert 'shop.settings.read("A")  # kept\n' in text
    assert text.startswith('"""Orders."""\n\nimport os\nimport shop.settings\n')


def test_a_dry_run_shows_and_writes_nothing(shop: Shop) -> None:
    shop.write({ADR: record(FIXABLE), "src/shop/settings.py": "def read(name): ...\n"})
    shop.write({ORDER: 'import os\n\nx = os.getenv("A")\n'})
    done = shop.run("check", "--fix", "--dry-run")
    assert done.status == 1
    assert '-x = os.getenv("A")' in done.out
    assert '+x = shop.settings.read("A")' in done.out
    assert "os.getenv" in (shop.root / ORDER).read_text()


def test_a_fix_that_would_violate_another_constraint_is_not_made(shop: Shop) -> None:
    other = "- [apart] Modules in `shop.domain` MUST NOT import `shop.settings`."
    shop.write({ADR: record(FIXABLE, other), "src/shop/settings.py": "def read(name): ...\n"})
    shop.write({ORDER: 'import os\n\nx = os.getenv("A")\n'})
    shop.write({"src/shop/ports.py": 'import os\n\nx = os.getenv("A")\n'})
    done = shop.run("check", "--fix")
    assert done.status == 1
    assert "os.getenv" in (shop.root / ORDER).read_text()
    assert "os.getenv" not in (shop.root / "src/shop/ports.py").read_text()
    assert "BL527" in done.err
    assert "0007-domain/apart" in done.err
