"""The pages of the checker's codes show what really happens, in a real git repository."""

import re
import shlex
import shutil

import pytest

from bylaw.codes import documented, page
from tests.check.shop import Shop

_FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def pages() -> list[str]:
    return [number for number in documented() if "BL510" <= number <= "BL539"]


@pytest.mark.parametrize("number", pages())
def test_the_example_of_a_page_is_what_happens(number: str, empty: Shop) -> None:
    fences = _FENCE.findall(page(number) or "")
    empty.write({path: text for _, path, text in fences if path})
    (console,) = (text for sort, _, text in fences if sort == "console")
    shown = replay(empty, console)
    assert f"[{number}]" in shown
    assert shown == console


def replay(shop: Shop, console: str) -> str:
    """Run the commands of a transcript; return it with what they print, but for git's."""
    shown = ""
    for line in re.findall(r"^\$ (.*)$", console, re.MULTILINE):
        name, *words = shlex.split(line)
        shown += f"$ {line}\n"
        if name == "git":
            shop.git(*words)
        elif name == "rm":
            shutil.rmtree(shop.root / words[-1])
        elif name == "sed":
            script, path = words[-2:]
            before, after = script.split("/")[1:3]
            text = (shop.root / path).read_text("utf-8")
            (shop.root / path).write_text(text.replace(before, after.replace("\\n", "\n")), "utf-8")
        else:
            done = shop.run(*words)
            shown += (done.out + done.err).rstrip() + "\n" if done.out + done.err else ""
    return shown
