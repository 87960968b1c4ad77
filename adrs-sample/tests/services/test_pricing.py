"""Pricing."""

from shop.services.pricing import voucher_code


def test_a_seed_gives_the_same_code() -> None:
    assert voucher_code(1) == voucher_code(1)
