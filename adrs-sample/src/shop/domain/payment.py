# Copyright Tidemark Ltd
"""What every way of paying promises."""

from __future__ import annotations

from typing import Protocol

from shop.money import Money


class Payment(Protocol):
    """A way of paying."""

    def charge(self, customer: str, amount: Money) -> str:
        """Take the amount and return the provider's reference."""
