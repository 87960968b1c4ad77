"""The pages of the command line's codes show what really happens."""

import re
import shlex

import pytest
from tests.cli.commands import Run, Write

from bylaw.codes import documented, page

# Their output depends on the machine, or needs what a test should not take away.
_TOLD = {"BL433", "BL437", "BL905", "BL906", "BL909", "BL921", "BL942"}

_FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def pages() -> list[str]:
    return [number for number in documented() if number.startswith(("BL43", "BL9"))]


@pytest.mark.parametrize("number", pages())
def test_a_page_has_its_headings(number: str) -> None:
    headings = re.findall("^## (.*)$", _FENCE.sub("", page(number) or ""), re.MULTILINE)
    assert headings == ["What it reports", "Why", "Example", "Instead", "See also"]


@pytest.mark.parametrize("number", [number for number in pages() if number not in _TOLD])
def test_the_example_of_a_page_is_what_happens(number: str, run: Run, write: Write) -> None:
    fences = _FENCE.findall(page(number) or "")
    write({path: text for _, path, text in fences if path})
    (console,) = (text for sort, _, text in fences if sort == "console")
    shown = ""
    for line in re.findall(r"^\$ bylaw (.*)$", console, re.MULTILINE):
        outcome = run(*shlex.split(line))
        shown += f"$ bylaw {line}\n{(outcome.out + outcome.err).rstrip()}\n"
    assert f"[{number}]" in shown
    assert shown == console
