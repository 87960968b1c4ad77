# Copyright Tidemark Ltd
"""Amounts of money, exact to the cent."""

from decimal import ROUND_HALF_EVEN, Decimal

from attrs import frozen
from babel.numbers import format_currency

CENT = Decimal("0.01")


@frozen
class Money:
    """An amount in one currency."""

    amount: Decimal
    currency: str

    def plus(self, other: "Money") -> "Money":
        """Add an amount of the same currency."""
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.amount + other.amount, self.currency)

    def times(self, factor: Decimal) -> "Money":
        """Multiply, rounded to the cent."""
        return Money((self.amount * factor).quantize(CENT, ROUND_HALF_EVEN), self.currency)

    def __str__(self) -> str:
        return format_currency(self.amount, self.currency, locale="en_IE")
