# Copyright Tidemark Ltd
"""Orders over HTTP."""

from shop.domain.order import Order
from shop.services.checkout import place_order
from shop.web.routing import authorized, route


@route("/orders/new")
@authorized
def create(order: Order, payment, orders):
    """Place an order."""
    return {"reference": place_order(order, payment, orders)}


@route("/orders/cancel")
def cancel(number: str) -> dict[str, str]:
    """Cancel an order."""
    return {"cancelled": number}
