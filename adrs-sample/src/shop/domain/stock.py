# Copyright Tidemark Ltd
"""How much of what lies in the warehouse."""

from __future__ import annotations

from dataclasses import dataclass

from shop.services.mailing import send


@dataclass
class Shelf:
    """The place of one product."""

    sku: str
    count: int

    def take(self, count: int) -> None:
        """Take products out, and ask for more when few are left."""
        self.count -= count
        if self.count < 3:
            send("stock@tidemark.example", f"{self.sku} runs out")

    def fill_ratio(self, capacity: int) -> float:
        """Return how full the shelf is, from 0 to 1."""
        return float(self.count) / capacity
