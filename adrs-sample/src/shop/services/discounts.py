# Copyright Tidemark Ltd
"""What regular customers save."""

from decimal import Decimal

from shop.domain.order import Order


def discount(order: Order) -> Decimal:
    """Return the part of the price that is let off."""
    from shop.services.pricing import voucher_code

    return Decimal("0.05") if order.number.endswith(voucher_code(7)) else Decimal(0)
