"""A build that finds most of its work done writes what a clean one writes."""

import os
import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bylaw.config import Config
from bylaw.driver import Build, Options, build_repository
from tests.driver.repository import Repository, record

DAY = date(2026, 6, 1)
NAMES = ["0001-one", "0002-two", "0003-three", "notes/0001-one", "0004-four"]
STATUSES = ["Status: accepted\n", "Status: proposed\n", "Status: rejected\n", "Status: odd\n", ""]
PLACES = ["shop.web", "shop.domain", "shop"]
TREE = [
    "src/shop/__init__.py",
    "src/shop/web/__init__.py",
    "src/shop/web/view.py",
    "src/shop/domain.py",
    "src/shop/domain/__init__.py",
    "web/cart.ts",
    "tests/test_shop.py",
    "checks/test_it.py",
    "docs/picture.png",
    "Makefile",
]

days = st.integers(-3, 3).map(lambda n: DAY + timedelta(n))
stems = st.sampled_from(NAMES).map(lambda name: name.rpartition("/")[2])


@st.composite
def items(draw: st.DrawFn) -> str:
    """Return one list item; ids are few, so that items meet."""
    identity = draw(st.sampled_from(["a-1", "b-2"]))
    place = draw(st.sampled_from(PLACES))
    other = draw(st.sampled_from(["orm", "shop.domain", "shop.web.view"]))
    tail = draw(st.sampled_from(["", " from {}", " until {}"])).format(draw(days))
    waived = f"`src/shop/web/view.py` until {draw(days)}, approved by `@arch`, because of time"
    full = draw(st.one_of(st.just(""), stems.map(lambda stem: f"{stem}/"))) + identity
    return draw(
        st.sampled_from(
            [
                f"[{identity}] Modules in `{place}` MUST NOT import `{other}`{tail}.",
                f"[{identity}] Modules in `{place}` SHOULD NOT import `{other}`, except in tests.",
                f"[{identity}] Files matching `**/*.ts` MUST have at most 10 lines{tail}.",
                f"[{identity}] Code in `src/**` MUST NOT call `print`{tail}; use `log` instead.",
                f"[c-3] Modules in `{place}` MAY import `{other}`, despite [{full}]{tail}.",
                f"Waiver for [{full}]: {waived}.",
                "Guidance: keep it small.",
                "Note: see [this](0002-two.md).",
                "[d-4] Nobody MUST understand this.",
            ]
        )
    )


@st.composite
def records(draw: st.DrawFn) -> str:
    """Return an ADR, or something that is none."""
    if draw(st.integers(0, 15)) == 0:
        return draw(st.sampled_from(["", "plain text\n", "# Index\n\n- [x](0001-one.md)\n"]))
    head = f"# A decision\n\n{draw(st.sampled_from(STATUSES))}"
    head += draw(st.sampled_from(["", "", "Supersedes: [one](0001-one.md)\n"]))
    body = "".join(f"- {item}\n" for item in draw(st.lists(items(), max_size=4)))
    return f"{head}\n## Constraints\n\n{body}"


def told(build: Build) -> tuple[object, ...]:
    """Return all that a build says and would write."""
    artifacts = tuple((a.path, a.data, a.until) for a in build.artifacts)
    return artifacts, tuple(build.compilation.report), build.fidelity


class Edits(RuleBasedStateMachine):
    """Anything happens to a repository; after each step a build with a cache is a clean one."""

    @initialize()
    def start(self) -> None:
        self.base = Path(tempfile.mkdtemp())
        self.root = self.base / "repository"
        (self.root / "docs" / "adr").mkdir(parents=True)
        (self.root / ".git").mkdir()
        os.environ["BYLAW_CACHE_DIR"] = str(self.base / "cache")
        self.config: dict[str, Any] = {"adrs": ("docs/adr",)}
        self.options: dict[str, Any] = {"as_of": DAY}

    def path(self, name: str) -> Path:
        return self.root / "docs" / "adr" / f"{name}.md"

    @rule(name=st.sampled_from(NAMES), text=records())
    def write_a_record(self, name: str, text: str) -> None:
        self.path(name).parent.mkdir(exist_ok=True)
        self.path(name).write_text(text)

    @rule(name=st.sampled_from(NAMES))
    def remove_a_record(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)

    @rule(one=st.sampled_from(NAMES), other=st.sampled_from(NAMES))
    def rename_a_record(self, one: str, other: str) -> None:
        if self.path(one).exists():
            self.path(other).parent.mkdir(exist_ok=True)
            self.path(one).rename(self.path(other))

    @rule(day=days)
    def build_on_another_day(self, day: date) -> None:
        self.options["as_of"] = day

    @rule(path=st.sampled_from(TREE))
    def add_or_remove_a_file(self, path: str) -> None:
        full = self.root / path
        if full.exists():
            full.unlink()
        else:
            full.parent.mkdir(parents=True, exist_ok=True)
            full.write_text("")

    @rule(
        status=st.sampled_from(["none", "in-force", "proposed", "retired"]),
        roots=st.sampled_from([(), ("src",), (".",)]),
        tests=st.sampled_from([(), ("checks/**",)]),
        most=st.sampled_from([1_048_576, 200]),
        adrs=st.sampled_from([("docs/adr",), ("docs/adr/*.md",), ()]),
    )
    def change_the_configuration(self, **values: Any) -> None:
        values["default_status"] = values.pop("status")
        values["source_roots"] = values.pop("roots")
        values["max_file_bytes"] = values.pop("most")
        self.config |= values

    @rule(
        wanted=st.sampled_from([None, ("json",), ("semgrep", "agents"), ("import-linter",)]),
        configured=st.sampled_from([("json", "semgrep", "import-linter", "agents"), ("agents",)]),
        proposed=st.booleans(),
    )
    def ask_for_other_targets(self, wanted: Any, configured: Any, proposed: bool) -> None:
        self.options |= {"targets": wanted, "include_proposed": proposed}
        self.config["targets"] = configured

    @invariant()
    def a_kept_build_is_a_clean_one(self) -> None:
        config = Config(**self.config)
        kept = build_repository(self.root, config, Options(**self.options))
        clean = build_repository(self.root, config, Options(**self.options, cache=False))
        assert told(kept) == told(clean)

    def teardown(self) -> None:
        if hasattr(self, "base"):
            shutil.rmtree(self.base)
        os.environ.pop("BYLAW_CACHE_DIR", None)


TestEdits = Edits.TestCase
TestEdits.settings = settings(
    max_examples=15,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@settings(max_examples=30, deadline=None)
@given(texts=st.lists(records(), min_size=1, max_size=3), proposed=st.booleans())
def test_nothing_changes_before_the_day_that_an_artifact_names(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], proposed: bool
) -> None:
    root = tmp_path_factory.mktemp("repository")
    files = {f"docs/adr/{name}.md": text for name, text in zip(NAMES, texts, strict=False)}
    for name, text in [*files.items(), *((name, "") for name in TREE[:3])]:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)

    def built(day: date) -> Build:
        options = Options(as_of=day, include_proposed=proposed, cache=False)
        return build_repository(root, Config(adrs=("docs/adr",)), options)

    first = built(DAY)
    held = {a.path: a for a in first.artifacts}
    for step in range(1, 6):
        day = DAY + timedelta(step)
        later = built(day)
        if later.compilation.report.has_errors:
            break
        found = {a.path: a.data for a in later.artifacts}
        for path, artifact in held.items():
            if day.isoformat() < (artifact.until or "9999-12-31"):
                assert found.get(path) == artifact.data, (path, day)


def test_the_calendars_last_day_has_no_day_after_it(repository: Repository) -> None:
    sentence = "[rule] Code MUST NOT call `x` until 9999-12-31."
    repository.write({"docs/adr/0001-a.md": record("A", sentence)})
    done = repository.run("build")
    assert done.returncode == 0, done.stderr
