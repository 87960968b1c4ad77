"""Mailing."""

from shop.services.mailing import send


def test_send_is_there() -> None:
    assert callable(send)
