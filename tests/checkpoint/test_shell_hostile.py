"""Text that nobody sane has written is read in time, and without a fault of ours."""

import gc
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bylaw.checkpoint.effects import Opaque, Run
from bylaw.checkpoint.files import MemoryFiles
from bylaw.checkpoint.shell.parse import parse
from bylaw.checkpoint.shell.walk import Walker

FILES = MemoryFiles({"a.txt": b"one\n", "src/a.py": b"x\n"})
PIECES = [
    "echo",
    "rm",
    "cat",
    "cd",
    "git",
    "npm",
    "find",
    "xargs",
    "sed",
    "bash",
    "eval",
    "tee",
    "mv",
    "cp",
    ">",
    ">>",
    "<",
    "<<",
    "<<<",
    "|",
    "||",
    "&&",
    "&",
    ";",
    ";;",
    "(",
    ")",
    "{",
    "}",
    "$(",
    ")",
    "${",
    "}",
    "$((",
    "))",
    "`",
    "'",
    '"',
    "\\",
    "\n",
    "$X",
    "$@",
    "a.txt",
    "src/*.py",
    "-c",
    "-i",
    "-exec",
    "--",
    "=",
    "X=",
    "X=1",
    "if",
    "then",
    "else",
    "elif",
    "fi",
    "for",
    "in",
    "do",
    "done",
    "while",
    "case",
    "esac",
    "[[",
    "]]",
    "((",
    "))",
    "function",
    "f()",
    "!",
    "time",
    "EOF",
    "<<EOF",
    "<<'EOF'",
    "<<-E",
    "#",
    "~",
    "*",
    "?",
    "[",
    "]",
    "{a,b}",
    "{1..3}",
    "$'",
    '$"',
    "2>&1",
    "&>",
    "\t",
    "\x00",
    "é",
    "�",
    "\x01",
    "\x02",
    "\x03",
    "set",
    "shift",
    "read",
    "export",
    "trap",
    "exec",
    "patch",
]


def walk(text: str) -> list[object]:
    shell = Walker(FILES, FILES.root)
    shell.run(text)
    if not shell.stopped:
        assert not shell.state.journals
        assert len(shell.sinks) == 1
    return list(shell.effects)


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from((" ", "")))
def test_any_row_of_pieces_is_read(pieces: list[str], between: str) -> None:
    walk(between.join(pieces))


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=80))
def test_any_text_is_read(data: bytes) -> None:
    walk(data.decode("latin-1"))


BIG = 1 << 20


@pytest.mark.parametrize(
    "text",
    [
        "a" * BIG,
        "a " * (BIG // 2),
        "a;" * (BIG // 2),
        "a|" * (BIG // 2),
        "a&&" * (BIG // 3),
        "(" * BIG,
        "{ " * (BIG // 2),
        ")" * BIG,
        "'" * BIG,
        '"' * BIG,
        "`" * BIG,
        "\\" * BIG,
        "$(" * (BIG // 2),
        "${" * (BIG // 2),
        "$((" * (BIG // 3),
        '"$(' * (BIG // 3),
        "<(" * (BIG // 2),
        "if " * (BIG // 3),
        "if a; then " * (BIG // 11),
        "while a; do " * (BIG // 12),
        "for i in a; do " * (BIG // 15),
        "case a in b) " * (BIG // 13),
        "f() " * (BIG // 4),
        "f() { " * (BIG // 6),
        "<<E " * (BIG // 4),
        "<<E\n" * (BIG // 4),
        "cat <<E\n" + "x\n" * (BIG // 2),
        "cat <<E\n" + "$(" * (BIG // 2),
        "> a " * (BIG // 4),
        "echo {" + "a," * (BIG // 2) + "}",
        "echo " + "{" * BIG,
        "echo " + "{a,b}" * 20,
        "echo {1..999999999}",
        "a=" * (BIG // 2),
        "X=1;" * (BIG // 4),
        "a=(" * (BIG // 3),
        "#" * BIG,
        "\n" * BIG,
        "[[ " * (BIG // 3),
        "((" * (BIG // 2),
        "~" * BIG,
        "*" * BIG,
        "echo " + "$X" * (BIG // 2),
        "echo " + "'a'\"b\"" * (BIG // 6),
        "eval " * (BIG // 5),
        "sudo " * (BIG // 5),
        "env " * 200 + "rm a",
        "bash -c " * (BIG // 8),
        "xargs " * 500 + "rm",
        "echo $" + "'\\x41" * (BIG // 5),
        "sed -i '" + "s/a/b/;" * (BIG // 7) + "' a.txt",
        "rm " + "a.txt " * (BIG // 6),
        "rm " + "../" * (BIG // 3),
        "cd src; cd ..;" * 2000,
        "X=a; X=$X$X;" * 60,
        (
            "for a in 1 2 3 4; do for b in 1 2 3 4; do for c in 1 2 3 4; do for d in 1 2 3 4; do "
            "for e in 1 2 3 4; do for f in 1 2 3 4; do rm a; done; done; done; done; done; done"
        ),
        "f() { f; f; }; f",
        "f() { g; g; }; g() { h; h; }; h() { f; f; }; f",
        "echo " + "\ud800" * 1000,
        "git apply <<'E'\n" + "@@ -1 +1 @@\n" * 50000 + "E\n",
        "printf '" + "%s" * 10000 + "' a",
        "find . " + "-exec rm {} ; " * 5000,
    ],
    ids=lambda text: text[:24].encode("unicode_escape").decode(),
)
def test_a_megabyte_of_anything_is_read_in_time(text: str) -> None:
    began = time.process_time()
    walk(text)
    assert time.process_time() - began < 8


@pytest.mark.parametrize("unit", ["a;", "(a);", "echo 'x' \"y\" $z > w\n", "if a; then b; fi\n"])
def test_reading_takes_time_in_proportion_to_the_text(unit: str) -> None:
    def seconds(count: int) -> float:
        best = 9.0
        # What other tests have left to be collected is no part of it.
        gc.collect()
        gc.disable()
        try:
            for _ in range(3):
                began = time.process_time()
                parse(unit * count)
                best = min(best, time.process_time() - began)
        finally:
            gc.enable()
        return best

    assert seconds(8000) < 8 * 4 * max(seconds(1000), 0.001)


def test_what_is_nested_too_deeply_is_said_to_be_hidden() -> None:
    for text in ("$(" * 60 + ")" * 60, "(" * 99 + "rm a" + ")" * 99, "eval " * 40 + "rm a"):
        assert any(isinstance(e, Opaque) and e.sort == "hidden" for e in walk(text)), text[:20]


def test_a_text_that_is_too_long_is_said_to_be_hidden_and_its_start_is_read() -> None:
    found = walk("git push;" + "a;" * 100_000)
    assert Run(("git", "push")) in found
    assert any(isinstance(e, Opaque) and e.sort == "hidden" for e in found)
