# Copyright Tidemark Ltd
"""Vouchers, and a card for the rest."""

from shop.money import Money
from shop.payments.card import CardPayment


class VoucherPayment:
    """Takes the voucher first."""

    def __init__(self, worth: Money) -> None:
        self.worth = worth

    def charge(self, customer: str, amount: Money) -> str:
        """Take what the voucher does not cover from the card."""
        if amount.amount <= self.worth.amount:
            return "voucher"
        rest = Money(amount.amount - self.worth.amount, amount.currency)
        return CardPayment().charge(customer, rest)
