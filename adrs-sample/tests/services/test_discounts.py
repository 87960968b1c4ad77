"""Discounts."""

from shop.services.discounts import discount


def test_discount_is_there() -> None:
    assert callable(discount)
