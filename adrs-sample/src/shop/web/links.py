"""Addresses of pages."""

BASE = "https://tidemark.example"


def order_page(number: str) -> str:
    """Return the address of an order's page."""
    return f"{BASE}/orders/{number}"
