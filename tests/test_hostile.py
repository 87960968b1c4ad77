"""Whatever a repository holds, the command line answers with a diagnostic, and soon."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

import pytest

BYLAW = str(Path(sys.executable).with_name("bylaw"))
SECONDS = 2.0
HEAD = "# 1. A decision\n\n## Status\n\nAccepted\n\n"
SECTION = HEAD + "## Constraints\n\n"
RULE = "- [no-orm] Modules in `shop` MUST NOT import `orm`.\n"
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Answer:
    """What a run said, how it ended, and the processor time it took."""

    status: int
    text: str
    seconds: float


def bylaw(folder: Path, *arguments: str) -> Answer:
    """Run the command line, and kill it long after it should have ended."""
    log = folder.parent / "log"
    environment = os.environ | {"BYLAW_CACHE_DIR": str(folder.parent / "cache")}
    with log.open("wb") as file:
        process = subprocess.Popen(
            [BYLAW, *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
        watch = Timer(60, process.kill)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        watch.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
    # The processor's time, because the machine that runs this may have much else to do.
    seconds = usage.ru_utime + usage.ru_stime
    return Answer(process.returncode, log.read_text("utf-8", errors="replace"), seconds)


def repository(tmp_path: Path, record: bytes | str, name: str = "0001-a-decision.md") -> Path:
    """Make a repository that holds one record."""
    folder = tmp_path / "repository"
    (folder / "docs" / "adr").mkdir(parents=True)
    (folder / "bylaw.toml").write_text('adrs = ["docs/adr"]\n', "utf-8")
    data = record.encode("utf-8", "surrogatepass") if isinstance(record, str) else record
    (folder / "docs" / "adr" / name).write_bytes(data)
    return folder


def hostile() -> Iterator[tuple[str, bytes | str]]:
    """Yield records that try to break, stall or fool the compiler, each with a name."""
    yield "one megabyte in one sentence", SECTION + "- [a] Code MUST NOT use " + "x" * MEGABYTE
    spans = " or ".join(["`a.b`"] * 100_000)
    yield "a hundred thousand operands", f"{SECTION}- [a-1] Code MUST NOT use {spans}.\n"
    yield "a megabyte of backticks", SECTION + "- " + "`" * MEGABYTE
    yield "backticks that never close", SECTION + "- " + " ".join("`" * n for n in range(1, 1300))
    yield "a megabyte of brackets", SECTION + "- " + "[" * MEGABYTE
    yield "brackets and parentheses", SECTION + "- " + "[a](" * 250_000
    yield "a megabyte of asterisks", SECTION + "- " + "*" * MEGABYTE
    yield "asterisks and letters", SECTION + "- " + "*a " * 300_000
    yield "underscores and letters", SECTION + "- " + "_a" * 400_000
    yield "images in images", SECTION + "- " + "![" * 400_000
    yield "angle brackets", SECTION + "- " + "<" * MEGABYTE
    yield "HTML that never ends", SECTION + "- " + "<a " * 300_000
    yield "comments that never end", SECTION + "- " + "<!-- " * 200_000
    yield "ampersands", SECTION + "- " + "&a" * 400_000
    yield "deep quotations", SECTION + ">" * 100_000 + " a\n"
    yield "deep lists", SECTION + "".join(" " * n + "- a\n" for n in range(0, 1200, 2))
    yield "a hundred thousand headings", HEAD + "# a\n" * 100_000
    yield "a hundred thousand sections", HEAD + ("## Constraints\n\n- [a-b] x\n\n" * 20_000)
    yield "one id a thousand times", SECTION + RULE * 1_000
    yield "a table with a million cells", HEAD + "|a" * 1_000 + "|\n" + "|-" * 1_000 + "|\n"
    braces = ",".join(f"a{n}" for n in range(50_000))
    yield "a glob with many braces", f"{SECTION}- [a-b] Files in `{{{braces}}}` MUST NOT exist.\n"
    product = "{a,b,c,d}" * 16
    yield "a glob with a product", f"{SECTION}- [a-b] Files in `{product}` MUST NOT exist.\n"
    stars = "/".join(["**", "*a*"] * 40)
    yield "a glob with many stars", f"{SECTION}- [a-b] Files in `{stars}` MUST NOT exist.\n"
    regex = "(a{1000}){1000}"
    yield "a regex that explodes", f"{SECTION}- [a-b] Files in `a/**` MUST NOT match `/{regex}/`.\n"
    backtrack = "(a+)+$"
    yield "a regex that backtracks", f"{SECTION}- [a-b] Branch names MUST match `/{backtrack}/`.\n"
    deep = "(" * 50_000 + ")" * 50_000
    yield "a deep regex", f"{SECTION}- [a-b] Files in `a/**` MUST NOT match `/{deep}/`.\n"
    yield (
        "an enormous number",
        f"{SECTION}- [a-b] Agents MUST change at most {'9' * 100_000} files.\n",
    )
    yield "an impossible date", f"{SECTION}- [a-b] Code MUST NOT call `a` from 2026-02-31.\n"
    yield "bytes that are not UTF-8", SECTION.encode() + b"- [a-b] Code MUST NOT call `\xff\xfe`.\n"
    yield "UTF-16", (SECTION + RULE).encode("utf-16")
    yield "a lone surrogate", SECTION + "- [a-b] Code MUST NOT call `\ud800`.\n"
    yield "NUL bytes", SECTION + RULE.replace("shop", "sh\0op")
    yield "invisible characters", SECTION + RULE.replace("MUST", "MU\u200bST")
    yield "characters that turn the text", SECTION + RULE.replace("orm", "\u202emro\u202c")
    yield "tags nobody sees", SECTION + RULE.replace("orm", "orm" + "\U000e0041" * 50)
    yield "letters that look alike", SECTION + RULE.replace("[no-orm]", "[n\u043e-orm]")
    bomb = "a: &a [x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 20)}]\n" for n in range(20)
    )
    yield "a YAML bomb", f"---\nstatus: accepted\n{bomb}---\n\n{SECTION}{RULE}"
    yield "deep YAML", "---\nstatus: " + "[" * 100_000 + "\n---\n\n" + SECTION + RULE
    yield "YAML that loops", "---\nstatus: &a [*a]\n---\n\n" + SECTION + RULE
    yield (
        "YAML that makes objects",
        "---\nstatus: !!python/object/apply:os.getcwd []\n---\n" + SECTION,
    )
    yield "YAML with a long number", "---\nstatus: " + "9" * 100_000 + "\n---\n\n" + SECTION + RULE
    yield (
        "YAML with a strange date",
        "---\nstatus: accepted\ndate: 2026-13-45\n---\n\n" + SECTION + RULE,
    )
    yield "front matter that never ends", "---\n" + "a: b\n" * 100_000
    yield "one long word as a title", "# " + "x" * MEGABYTE + "\n\n" + SECTION + RULE
    yield "only line ends", "\r" * MEGABYTE
    yield "nothing", ""


@pytest.mark.parametrize(
    ("name", "record"),
    list(hostile()),
    ids=lambda value: value if isinstance(value, str) and len(value) < 50 else "",
)
def test_a_hostile_record_gets_an_answer(name: str, record: bytes | str, tmp_path: Path) -> None:
    answer = bylaw(repository(tmp_path, record), "build")
    assert "Traceback" not in answer.text, answer.text[-2000:]
    assert answer.status in {0, 1}, answer.text[-2000:]
    assert answer.status == 0 or "BL" in answer.text
    assert answer.seconds < SECONDS, f"{name}: {answer.seconds:.1f} s"


INVALID = ["bytes that are not UTF-8", "invisible characters", "characters that turn the text"]


@pytest.mark.parametrize("name", INVALID)
def test_what_a_reader_cannot_see_is_an_error(name: str, tmp_path: Path) -> None:
    folder = repository(tmp_path, dict(hostile())[name])
    assert bylaw(folder, "build").status == 1
    assert not (folder / ".bylaw" / "semgrep.yml").exists()


def test_a_folder_that_links_to_itself_is_not_entered(tmp_path: Path) -> None:
    folder = repository(tmp_path, SECTION + RULE)
    (folder / "docs" / "adr" / "loop").symlink_to(folder / "docs")
    (folder / "self").symlink_to("self")
    (folder / "out").symlink_to("/")
    answer = bylaw(folder, "build")
    assert "Traceback" not in answer.text
    assert answer.seconds < SECONDS
    assert "loop" not in (folder / ".bylaw" / "manifest.json").read_text("utf-8")


@pytest.mark.parametrize("glob", ["../secrets/**", "/etc/passwd", "a/../../b", "~/x", "a\\b"])
def test_a_glob_cannot_leave_the_repository(glob: str, tmp_path: Path) -> None:
    folder = repository(tmp_path, f"{SECTION}- [a-b] Files in `{glob}` MUST NOT exist.\n")
    answer = bylaw(folder, "build")
    assert "Traceback" not in answer.text
    if not glob.startswith("~"):
        assert answer.status == 1, answer.text


CONFIGURATIONS = {
    "outside": 'output = "../elsewhere"\n',
    "absolute": 'output = "/elsewhere"\n',
    "root": 'output = "."\n',
    "git": 'output = ".git/hooks"\n',
    "records outside": 'adrs = ["../.."]\n',
    "deep": "a = " + "[" * 50_000 + "\n",
    "no TOML": "\x00\x01\x02",
    "wrong types": 'adrs = {a = 1}\nstrict = "yes"\nmax-file-bytes = -1\n',
}


@pytest.mark.parametrize("text", CONFIGURATIONS.values(), ids=CONFIGURATIONS.keys())
def test_a_hostile_configuration_is_a_usage_error(text: str, tmp_path: Path) -> None:
    folder = repository(tmp_path, SECTION + RULE)
    (folder / "bylaw.toml").write_text(text, "utf-8")
    answer = bylaw(folder, "build")
    assert "Traceback" not in answer.text
    assert answer.status == 2, answer.text
    assert answer.seconds < SECONDS
    assert [p.name for p in tmp_path.iterdir() if p.name not in {"cache", "log"}] == ["repository"]


def _a_folder_named_as_a_record(folder: Path) -> None:
    (folder / "docs" / "adr" / "0002-folder.md").mkdir()


def _a_name_that_is_not_utf8(folder: Path) -> None:
    (folder / "docs" / "adr").joinpath(os.fsdecode(b"0002-\xff.md")).write_text(SECTION + RULE)


def _a_name_with_line_ends(folder: Path) -> None:
    (folder / "docs" / "adr" / "0002-a\nb.md").write_text(SECTION + RULE, "utf-8")


def _a_pipe_named_as_a_record(folder: Path) -> None:
    os.mkfifo(folder / "docs" / "adr" / "0002-pipe.md")


def _a_link_to_nowhere(folder: Path) -> None:
    (folder / "docs" / "adr" / "0002-link.md").symlink_to("nowhere.md")


ENTRIES = [
    _a_folder_named_as_a_record,
    _a_name_that_is_not_utf8,
    _a_name_with_line_ends,
    _a_pipe_named_as_a_record,
    _a_link_to_nowhere,
]


@pytest.mark.parametrize("add", ENTRIES, ids=lambda add: add.__name__.strip("_"))
def test_a_strange_entry_does_not_stop_the_build(
    add: Callable[[Path], None], tmp_path: Path
) -> None:
    folder = repository(tmp_path, SECTION + RULE)
    add(folder)
    answer = bylaw(folder, "build")
    assert "Traceback" not in answer.text, answer.text
    assert answer.status in {0, 1}, answer.text
    assert answer.seconds < SECONDS
