# Copyright Tidemark Ltd
"""Cards, through the gateway."""

import httpx

from shop.config import settings
from shop.money import Money


class CardPayment:
    """Charges a card."""

    def charge(self, customer: str, amount: Money) -> str:
        """Take the amount from the customer's card."""
        body = {"customer": customer, "amount": str(amount.amount)}
        answer = httpx.post(f"{settings().gateway_url}/charges", json=body, timeout=10)
        return str(answer.json()["id"])

    def status(self, reference: str) -> str:
        """Ask what became of a charge."""
        answer = httpx.get(f"{settings().gateway_url}/charges/{reference}")
        return str(answer.json()["status"])
