# Copyright Tidemark Ltd
"""Invoices, paid within a fortnight."""

from shop import audit
from shop.money import Money


class InvoicePayment:
    """Writes an invoice."""

    def charge(self, customer: str, amount: Money) -> str:
        """Write the invoice and return its number."""
        try:
            audit.record("invoiced", f"{customer} {amount}")
        except Exception:
            return "unknown"
        return f"INV-{customer}"
