"""The fixtures of these tests."""

from tests.check.shop import empty, shop

__all__ = ["empty", "shop"]
