"""The documentation tells everything, and nothing that is not so."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import click
import pytest

from bylaw import ir
from bylaw.cli.root import bylaw as main
from bylaw.codes import known
from bylaw.config import Config
from bylaw.diagnostics import Severity
from bylaw.program import Unit
from bylaw.source import Source
from bylaw.unit import compile_unit
from bylaw_targets import TARGETS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
LANGUAGE = (DOCS / "language.md").read_text("utf-8")
PAGE_HEADINGS = ["What it reports", "Why", "Example", "Instead", "See also"]
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "adrs-sample/**/*.md")
    for path in ROOT.glob(pattern)
    if ".bylaw" not in path.parts and b"<!-- bylaw:" not in path.read_bytes()[:200]
)

_FENCE = re.compile(r"^(`{3,})([^\n`]*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]\n]*\]\(([^)\s]+)\)")


def prose(page: Path) -> str:
    """Return a page without its fences and code spans."""
    text = _FENCE.sub("", page.read_text("utf-8"))
    return re.sub(r"`+[^`\n]*`+", "", text)


def section(page: str, heading: str) -> str:
    """Return what stands under a heading, up to the next of its level."""
    match = re.search(rf"^(#+) {re.escape(heading)}\n(.*?)(?=^#{{1,3}} |\Z)", page, re.M | re.S)
    assert match, f"no heading {heading!r}"
    return match[2]


# --- diagnostics ---------------------------------------------------------------------------------


@pytest.mark.parametrize("number", list(known()))
def test_each_code_has_a_page_with_the_same_headings(number: str) -> None:
    page = DOCS / "diagnostics" / f"{number}.md"
    text = page.read_text("utf-8")
    assert text.startswith(f"# {number}: {known()[number].slug}\n")
    without_fences = _FENCE.sub("", text)
    assert re.findall(r"^## (.*)$", without_fences, re.M) == PAGE_HEADINGS


def test_no_number_stands_for_two_codes() -> None:
    declared = [
        match
        for path in (ROOT / "compiler", ROOT / "grammar", ROOT / "targets")
        for file in path.rglob("*.py")
        for match in re.findall(
            r'\bCode\(\s*"(BL\d{3})",\s*"([a-z0-9-]+)"', file.read_text("utf-8")
        )
    ]
    slugs: dict[str, set[str]] = {}
    for number, slug in declared:
        slugs.setdefault(number, set()).add(slug)
    assert {number: found for number, found in slugs.items() if len(found) > 1} == {}
    assert slugs.keys() == known().keys()


def test_no_page_is_about_a_code_that_does_not_exist() -> None:
    pages = {path.stem for path in (DOCS / "diagnostics").glob("BL*.md")}
    assert pages == set(known())


def test_lists_and_transcripts_are_what_the_code_says() -> None:
    command = [sys.executable, str(DOCS / "remake.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run `make docs`\n{done.stdout}{done.stderr}"


# --- targets, commands, options, keys ------------------------------------------------------------


@pytest.mark.parametrize("name", list(TARGETS))
def test_each_target_is_documented(name: str) -> None:
    assert f"`{name}`" in (DOCS / "targets.md").read_text("utf-8")
    assert f"`{name}`" in (ROOT / "README.md").read_text("utf-8")


def documented_levels() -> dict[str, dict[str, str]]:
    """Return what the table of targets.md says of each shape, by engine."""
    table = section((DOCS / "targets.md").read_text("utf-8"), "How truly each shape is spoken")
    found = {}
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and cells[1].startswith("`"):
            for shape in re.findall(r"`([a-z-]+)`", cells[1]):
                found[shape] = {"semgrep": cells[3], "import-linter": cells[4]}
    return found


def test_the_table_of_fidelity_has_each_shape() -> None:
    assert documented_levels().keys() == set(shapes())


def test_the_table_of_fidelity_is_true_of_the_sample(sample: Path) -> None:
    bylaw = str(Path(sys.executable).with_name("bylaw"))
    subprocess.run([bylaw, "build", "--quiet"], cwd=sample, check=True)
    written = json.loads((sample / ".bylaw" / "constraints.json").read_text("utf-8"))
    levels = documented_levels()
    for constraint in written["constraints"]:
        for engine, said in levels[constraint["shape"]].items():
            assert constraint["fidelity"][engine]["level"] in said, constraint["id"]


def commands() -> dict[str, click.Command]:
    assert isinstance(main, click.Group)
    context = click.Context(main)
    found = {name: main.get_command(context, name) for name in main.list_commands(context)}
    return {name: command for name, command in found.items() if command}


@pytest.mark.parametrize("name", list(commands()))
def test_each_command_and_each_of_its_options_is_documented(name: str) -> None:
    text = section((DOCS / "cli.md").read_text("utf-8"), f"`bylaw {name}`")
    shared = {parameter.name for parameter in main.params}
    for parameter in commands()[name].params:
        if isinstance(parameter, click.Option) and parameter.name not in shared:
            for option in (*parameter.opts, *parameter.secondary_opts):
                assert f"`{option}" in text, f"{option} of {name}"


def test_options_of_the_command_line_itself_are_documented() -> None:
    text = (DOCS / "cli.md").read_text("utf-8")
    for parameter in main.params:
        for option in parameter.opts:
            assert f"`{option}" in text, option


def test_no_documented_command_is_missing() -> None:
    named = re.findall(r"^## `bylaw (\w+)`$", (DOCS / "cli.md").read_text("utf-8"), re.M)
    assert sorted(named) == sorted(commands())


def test_each_key_of_the_configuration_is_documented() -> None:
    text = (DOCS / "configuration.md").read_text("utf-8")
    keys = re.findall(r"^\| `([a-z-]+)` \|", text.partition("\n## ")[0], re.M)
    assert sorted(keys) == sorted(field.alias or "" for field in Config.model_fields.values())


@pytest.mark.parametrize("table", ["agents", "approvals"])
def test_each_nested_key_of_the_configuration_is_documented(table: str) -> None:
    text = section((DOCS / "configuration.md").read_text("utf-8"), f"`[{table}]`")
    model = type(getattr(Config(), table))
    for field in model.model_fields.values():
        assert f"`{field.alias}`" in text, field.alias


# --- the language --------------------------------------------------------------------------------


def examples(heading: str) -> str:
    """Return the sentences that language.md gives under a heading."""
    fences = _FENCE.findall(section(LANGUAGE, heading))
    return "\n".join(text for _, info, text in fences if info.strip() == "markdown")


def compiled(items: str) -> Unit:
    text = f"# A decision\n\nStatus: Accepted\n\n## Constraints\n\n{items}"
    unit = compile_unit(Source("docs/adr/0001-a-decision.md", text.encode()), Config())
    assert isinstance(unit, Unit)
    errors = [d for d in unit.diagnostics if d.severity is Severity.ERROR]
    assert not errors, errors
    return unit


KINDS = sorted(get_args(ir.Kind))


@pytest.mark.parametrize("kind", KINDS)
def test_each_example_of_a_kind_is_of_that_kind(kind: str) -> None:
    decision = compiled(examples(kind.capitalize())).decision
    constraints = [s for s in decision.statements if isinstance(s, ir.ConstraintNode)]
    assert len(constraints) == len(decision.statements) > 0
    assert {getattr(c, "kind", None) for c in constraints} == {kind}


def test_each_shape_has_an_example() -> None:
    shown = {
        getattr(statement, "shape", None)
        for kind in KINDS
        for statement in compiled(examples(kind.capitalize())).decision.statements
    }
    assert shown == set(shapes())


def shapes() -> Iterator[str]:
    union = get_args(ir.Constraint)[0]
    for node in get_args(union):
        yield from get_args(node.model_fields["shape"].annotation)


def test_the_readme_has_a_row_for_each_kind() -> None:
    rows = re.findall(
        r"^\| ([a-z]+) \|", section((ROOT / "README.md").read_text("utf-8"), "Sentences"), re.M
    )
    assert sorted(rows) == KINDS


def test_the_readme_counts_the_planted_violations() -> None:
    planted = (ROOT / "adrs-sample" / "planted.toml").read_text("utf-8").count("[[planted]]")
    assert f"breaks its own rules {planted} times" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("heading", ["Permissions and waivers", "Examples that are tests"])
def test_other_examples_compile(heading: str) -> None:
    compiled(examples(heading))


# --- links and commands --------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_relative_link_leads_somewhere(page: Path) -> None:
    for link in _LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as forges make them."""
    headings = re.findall(r"^#+ (.*)$", _FENCE.sub("", page.read_text("utf-8")), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


DOCUMENTED = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md"))]


@pytest.mark.parametrize("page", DOCUMENTED, ids=lambda page: page.name)
def test_each_command_that_a_page_tells_to_run_exists(page: Path) -> None:
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    for _, info, text in _FENCE.findall(page.read_text("utf-8")):
        if info.strip() not in {"sh", "console"}:
            continue
        for line in text.splitlines():
            words = line.removeprefix("$ ").split()
            if words[:1] == ["make"]:
                assert words[1] in made, line
            if words[:1] == ["bylaw"] and not words[1].startswith("-"):
                assert words[1] in commands(), line
