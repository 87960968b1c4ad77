# Copyright Tidemark Ltd
"""Products in the database."""

from sqlalchemy import Connection, select

from shop.store.tables import products


class ProductRepository:
    """All products."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def skus(self) -> list[str]:
        """List the stock keeping units."""
        return list(self.connection.scalars(select(products.c.sku)))
