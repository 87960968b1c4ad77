# Copyright Tidemark Ltd
"""From basket to paid order."""

from sqlalchemy import text

from shop import audit
from shop.domain.order import Order
from shop.domain.payment import Payment
from shop.services.pricing import total
from shop.store.orders import OrderRepository


def place_order(order: Order, payment: Payment, orders: OrderRepository) -> str:
    """Charge the customer and keep the order."""
    reference = payment.charge(order.customer, total(order))
    orders.add(order)
    audit.record("placed", order.number)
    return reference


def place_reservation(order: Order, orders: OrderRepository) -> None:
    """Keep an order that is paid on delivery."""
    orders.add(order)


def order_count(orders: OrderRepository) -> int:
    """Count all orders."""
    return orders.scalar(text("select count(*) from orders"))
