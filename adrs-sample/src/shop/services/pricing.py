# Copyright Tidemark Ltd
"""What an order costs."""

import random
from decimal import Decimal

from shop.defaults import CURRENCY
from shop.domain.order import Order
from shop.money import Money
from shop.services.discounts import discount


def total(order: Order) -> Money:
    """Add up the lines, less the discount."""
    amount = Money(Decimal(0), CURRENCY)
    for line in order.lines:
        amount = amount.plus(line.product.price.times(Decimal(line.quantity)))
    return amount.times(1 - discount(order))


def voucher_code(seed: int) -> str:
    """Draw a voucher's code, the same for the same seed."""
    return f"{random.Random(seed).randrange(10**8):08}"


def lucky_dip(names: list[str]) -> str:
    """Pick the customer who pays nothing today."""
    return random.Random().choice(names)
