"""The fixtures of these tests."""

import pytest

from tests.check.shop import Shop, empty
from tests.checkpoint.hooking import Agent, settle_down

__all__ = ["empty"]


@pytest.fixture
def shop(empty: Shop) -> Shop:
    """Return a committed shop with a dozen sentences."""
    return settle_down(empty)


@pytest.fixture
def agent(shop: Shop) -> Agent:
    """Return an agent in that shop."""
    return Agent(shop.root)
