"""The pages of the codes of claims and of levels show what really happens."""

import re

import pytest

from bylaw.codes import documented, page
from tests.check.shop import Shop, empty
from tests.check.test_run_pages import replay

__all__ = ["empty"]

_FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def pages() -> list[str]:
    return [number for number in documented() if "BL560" <= number <= "BL579" or number == "BL450"]


@pytest.mark.parametrize("number", pages())
def test_the_example_of_a_page_is_what_happens(number: str, empty: Shop) -> None:
    fences = _FENCE.findall(page(number) or "")
    empty.write({path: text for _, path, text in fences if path})
    (console,) = (text for sort, _, text in fences if sort == "console")
    shown = replay(empty, console)
    assert f"[{number}]" in shown
    assert shown == console
