"""The front end over a thousand real ADRs, where they are at hand."""

import os
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bylaw.adr.locate import adr_files
from bylaw.adr.resolution import resolve
from bylaw.adr.status import MEANINGS
from bylaw.config import Config
from tests.adr.reading import Reading, read
from tests.adr.test_relations import Adr

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Path(os.environ.get("BYLAW_CORPUS") or ROOT.parent / "shared" / "corpus")
SAMPLE = tomllib.loads((Path(__file__).parent / "corpus_sample.toml").read_text("utf-8"))

pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="no folder of real ADRs; BYLAW_CORPUS names one"
)

STATUS_CODES = {"BL060", "BL061", "BL062", "BL063", "BL066"}


@cache
def corpus() -> dict[str, Reading]:
    """Read each file as part of its own repository; the keys start with the repository's name."""
    readings = {}
    for file in sorted(CORPUS.rglob("*")):
        if file.is_file():
            name = file.relative_to(CORPUS).as_posix()
            readings[name] = read(file.read_bytes(), name.partition("/")[2])
    return readings


@cache
def successors() -> dict[str, list[str]]:
    """Return for each decision what its own words name as its successors, resolved."""
    repositories: dict[str, list[Adr]] = {}
    for name, reading in corpus().items():
        if reading.found is not None:
            found = reading.found
            header = Adr(reading.source.path, found.id, found.number, found.title, found.relations)
            repositories.setdefault(name.partition("/")[0], []).append(header)
    targets: dict[str, list[str]] = {}
    for repository, headers in repositories.items():
        for path, relations in resolve(headers).items():
            named = [r.target for r in relations if r.kind == "superseded-by" and not r.partial]
            found_targets = [f"{repository}/{target}" for target in named if target]
            targets[f"{repository}/{path}"] = list(dict.fromkeys(found_targets))
    return targets


def test_each_file_has_one_disposition_and_the_counts_are_those_of_the_survey() -> None:
    counts = Counter(reading.disposition for reading in corpus().values())
    assert sum(counts.values()) == len(corpus())
    formats = Counter(
        Path(name).suffix
        for name, reading in corpus().items()
        if reading.disposition == "other-format"
    )
    assert formats == {".rst": 48, ".adoc": 39}
    assert (counts["log"], counts["unreadable"]) == (2, 0)
    # The survey counted 1,101 ADRs: those compiled here, and those in another format.
    assert abs(counts["decision"] + counts["other-format"] - 1_101) <= 15


def test_a_file_that_is_no_decision_is_named_as_such_or_gets_a_diagnostic() -> None:
    silent = {
        name
        for name, reading in corpus().items()
        if reading.disposition in {"other-format", "log", "unreadable"} and not reading.codes
    }
    assert silent == set()


def test_each_status_has_a_meaning_or_a_diagnostic() -> None:
    for name, reading in corpus().items():
        if reading.found is None:
            continue
        status = reading.found.status
        if status.meaning == "unclear":
            assert STATUS_CODES.intersection(reading.codes), name
        elif status.raw is None:
            assert "BL065" in reading.codes, name
        else:
            words = status.raw.lower().replace("-", " ").replace("&", " ")
            known = {phrase[0] for phrase, meaning in MEANINGS.items() if meaning == status.meaning}
            assert any(word in words for word in known), (name, status.raw)


def test_the_counts_of_the_oddities_are_plausible() -> None:
    codes = Counter(code for reading in corpus().values() for code in set(reading.codes))
    mappings = [
        reading
        for reading in corpus().values()
        if reading.found is not None
        and reading.found.status.place == "front matter"
        and (reading.found.status.raw or "").startswith("{")
    ]
    assert len(mappings) == 8
    assert codes["BL066"] == 1
    assert 1 <= codes["BL061"] <= 2
    assert 15 <= codes["BL063"] + codes["BL064"] <= 30
    assert 5 <= codes["BL070"] <= 28


def test_nearly_all_relations_are_resolved() -> None:
    named = sum(
        len(reading.found.relations) for reading in corpus().values() if reading.found is not None
    )
    assert named > 100
    unresolved = [
        (name, relation.raw)
        for name, reading in corpus().items()
        if reading.found is not None
        for relation in reading.found.relations
        if relation.kind == "superseded-by" and not successors()[name]
    ]
    assert len(unresolved) <= 1


def test_the_conventions_find_every_folder_but_that_of_the_collected_examples() -> None:
    by_repository: dict[str, list[str]] = {}
    for name in corpus():
        repository, _, path = name.partition("/")
        by_repository.setdefault(repository, []).append(path)
    missed = {
        repository
        for repository, paths in by_repository.items()
        if adr_files(paths, Config()) != sorted(paths)
    }
    assert missed == {"joelparkerhenderson__architecture-decision-record"}


@pytest.mark.parametrize("expected", SAMPLE["decision"], ids=lambda entry: entry["path"])
def test_a_decision_is_what_a_reader_says_it_is(expected: dict[str, Any]) -> None:
    metadata = corpus()[expected["path"]].metadata
    assert metadata.title == expected["title"]
    assert metadata.status.meaning == expected["meaning"]
    assert successors()[expected["path"]] == expected.get("successors", [])


@pytest.mark.parametrize("expected", SAMPLE["other"], ids=lambda entry: entry["path"])
def test_another_file_is_what_a_reader_says_it_is(expected: dict[str, Any]) -> None:
    assert corpus()[expected["path"]].disposition == expected["disposition"]


def test_the_sample_is_large_enough_to_mean_something() -> None:
    assert len(SAMPLE["decision"]) >= 60
    assert len({entry["path"] for entry in SAMPLE["decision"]}) == len(SAMPLE["decision"])
