# Copyright Tidemark Ltd
"""Short texts with a link."""

from shop.web.links import order_page


def notice(number: str, text: str) -> str:
    """Join a text and the address of what it is about."""
    return f"{text}: {order_page(number)}"
