# Copyright Tidemark Ltd
"""Orders in the database."""

from shop.domain.order import Order
from shop.store.base import Repository
from shop.store.tables import orders


class OrderRepository(Repository):
    """All orders."""

    def add(self, order: Order) -> None:
        """Keep a new order."""
        self.connection.execute(orders.insert().values(number=order.number))

    def remove(self, number: str) -> None:
        """Forget an order."""
        self.connection.execute(f"delete from orders where number = '{number}'")
