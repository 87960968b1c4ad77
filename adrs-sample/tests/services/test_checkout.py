"""Checkout."""

from shop.services.checkout import place_order


def test_place_order_is_there() -> None:
    assert callable(place_order)
