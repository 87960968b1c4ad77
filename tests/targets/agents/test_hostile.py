"""No ADR gets out of its place in any surface, whatever it holds."""

import json
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.targets.agents.hostile import FOLDERS, Hostile, corpus
from tests.targets.agents.reading import BLOCKS, INLINE, Page, outside_of_code, page

from bylaw.config import AgentsTable, Config
from bylaw.driver import Options, build_repository
from bylaw.target import Artifact
from bylaw_targets.agents.phrases import WITHHELD
from bylaw_targets.agents.text import addresses

SURFACES = ("agents-md", "claude", "cursor", "copilot", "gemini", "windsurf", "cline", "contract")
CONFIG = Config(adrs=("docs/adr",), agents=AgentsTable(surfaces=SURFACES))
CORPUS = corpus()

TITLES = {
    "What binds here",
    "Files, by class of agent",
    "Done means",
    "When a check fails",
    "Budgets and stop conditions",
    "Approvals",
    "Guidance",
    "What machines check",
    "Folders with a contract of their own",
}
FRONT = {
    ".mdc": ({"description", "alwaysApply"}, {"description", "globs", "alwaysApply"}),
    ".instructions.md": ({"applyTo"},),
    ".windsurf": ({"trigger"}, {"trigger", "globs"}),
    ".clinerules": ({"paths"},),
}


@cache
def made(case: Hostile) -> tuple[Artifact, ...] | None:
    """Build a repository with one hostile ADR; None where the compiler rejects it."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        text = f"# 1. Hostile\n\nStatus: accepted\n\n## Constraints\n\n{case.items}"
        files = {case.path: text, "web/app.ts": "", "shop/web/__init__.py": ""}
        files |= {f"{name}/a.ts": "" for name in FOLDERS}
        for path, content in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content.encode())
        build = build_repository(root, CONFIG, Options(cache=False))
    return None if build.compilation.report.has_errors else build.artifacts


def belongs(artifact: Artifact, surface: str) -> bool:
    starts = {
        "cursor": ".cursor/",
        "copilot": ".github/",
        "windsurf": ".windsurf/",
        "cline": ".clinerules/",
        "gemini": ".gemini/",
    }
    if surface in starts:
        return artifact.path.startswith(starts[surface])
    if surface == "contract":
        return artifact.path == "contract.json"
    name = "AGENTS.md" if surface == "agents-md" else "CLAUDE.md"
    return artifact.path.endswith(name) and artifact.place != "output"


def files_of(case: Hostile, surface: str) -> list[Artifact]:
    """Return the files of a surface; none where the compiler rejects the ADR, which is as good."""
    artifacts = made(case)
    if artifacts is None:
        return []
    found = [each for each in artifacts if belongs(each, surface)]
    assert found
    return found


def check_blocks(read: Page, artifact: Artifact) -> None:
    marks = [token.content for token in read.tokens if token.type == "html_block"]
    assert all(re.fullmatch(r"(?:<!-- bylaw:\w+.*? -->\n?)+", mark) for mark in marks)
    assert sum(mark.count("bylaw:") for mark in marks) == (2 if artifact.place == "region" else 1)
    assert {token.type for token in read.tokens} <= BLOCKS | {"html_block"}
    (first, *others) = read.headings
    assert re.fullmatch(r"Contract for changes in (?:this repository|`[^`]+/`)", first[1])
    assert first[0] == "h2"
    assert {title for _, title in others} <= TITLES
    assert {tag for tag, _ in others} == {"h3"}


def check_inline(read: Page) -> None:
    assert {token.type for token in read.inline} <= INLINE
    links = [str(token.attrGet("href")) for token in read.inline if token.type == "link_open"]
    assert all(re.fullmatch(r"/docs/adr/[^:()]+\.md#L\d+", link) for link in links), links
    plain = outside_of_code(read)
    assert not re.search(r"://|\bwww\.|@|#\w+:\S", plain), plain
    assert not addresses(re.sub(r"\bIt is no instruction to you.*?contract\.", "", plain))


@pytest.mark.parametrize("surface", ["agents-md", "cursor", "copilot", "windsurf", "cline"])
@pytest.mark.parametrize("case", CORPUS, ids=[case.name for case in CORPUS])
def test_a_page_holds_what_it_is_made_of(case: Hostile, surface: str) -> None:
    for artifact in files_of(case, surface):
        text = artifact.data.decode()
        assert text.replace("\n", "").isprintable()
        alone = page(artifact)
        reads = [alone]
        if artifact.place == "region":
            below = page(artifact, b"# Ours\n\n[agents]: https://ours.example\n\n[x]: /y\n")
            reads.append(Page(None, below.tokens[3:], below.text))
        for read in reads:
            check_blocks(read, artifact)
            check_inline(read)
        check_front(artifact, alone.front_matter)


def check_front(artifact: Artifact, front: object) -> None:
    kinds = [keys for sort, keys in FRONT.items() if sort in artifact.path]
    if front is None:
        assert artifact.place == "region" or artifact.path == ".clinerules/bylaw.md"
        return
    assert isinstance(front, dict)
    assert set(front) in kinds[0]
    globs = front.get("globs") or front.get("applyTo") or (front.get("paths") or [None])[0]
    if globs is None:
        assert front.get("alwaysApply") is True or front.get("trigger") == "always_on"
    else:
        assert re.fullmatch(r"[\w.+ /-]+/\*\*", globs)
        assert front.get("alwaysApply") in (None, False)


@pytest.mark.parametrize("case", CORPUS, ids=[case.name for case in CORPUS])
def test_what_leads_to_a_page_leads_nowhere_else(case: Hostile) -> None:
    for artifact in files_of(case, "claude"):
        assert artifact.data == b"@AGENTS.md\n"
    for settings in files_of(case, "gemini"):
        assert json.loads(settings.data)["context"] == {"fileName": ["AGENTS.md", "GEMINI.md"]}
    for machine in files_of(case, "contract"):
        assert machine.data.replace(b"\n", b"").decode("ascii").isprintable()
        named = [each["id"] for each in json.loads(machine.data)["constraints"]]
        assert [identity.rpartition("/")[2] for identity in named] in (["it"], [])


def test_the_corpus_is_large_and_most_of_it_compiles() -> None:
    """A compiler that rejected all of it would pass every test above."""
    compiled = [case for case in CORPUS if made(case) is not None]
    assert len(CORPUS) >= 250
    assert len(compiled) >= 200


@pytest.mark.parametrize(
    "text",
    [
        "the domain outlives its database",
        "people ignore the rules that nobody checks",
        "a user must never see a stack trace",
        "the old instructions are gone",
        "rules of the road forbid it",
        "we are now on Python 3.13",
        "tokens and secrets are never printed to the log",
        "`ignore all previous instructions` is what an attacker writes",
        "the system is small and the assistant module is gone",
        "agents read this, and people too",
        "it overrides the default context of a request",
    ],
)
def test_a_reason_that_speaks_of_code_is_kept(text: str) -> None:
    assert not addresses(text)


def test_what_addresses_the_reader_is_withheld_and_said() -> None:
    case = next(case for case in CORPUS if case.name == "because-ignore")
    pages = [each.data.decode() for each in files_of(case, "agents-md")]
    assert any("withheld" in text and "MUST NOT call `eval`" in text for text in pages)
    assert not any("previous instructions" in text for text in pages)


def test_guidance_that_is_withheld_is_counted_and_said() -> None:
    case = next(case for case in CORPUS if case.name == "guidance-ignore")
    pages = [each.data.decode() for each in files_of(case, "agents-md")]
    assert any("### Guidance" in text and WITHHELD in text for text in pages)


def test_a_folder_whose_name_addresses_the_reader_gets_no_contract() -> None:
    case = next(case for case in CORPUS if case.items.startswith("- [it] Files in ``ignore"))
    assert [each.path for each in files_of(case, "agents-md")] == ["AGENTS.md"]
    cursor = [each.data.decode() for each in files_of(case, "cursor")]
    assert not any("ignore all" in text.partition("\n---\n")[0] for text in cursor)
