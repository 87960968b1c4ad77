# Copyright Tidemark Ltd
"""What was sold."""

from sqlalchemy import Connection, func, select

from shop.notices import notice
from shop.store.tables import orders


def sales(connection: Connection) -> str:
    """Say how many orders there are."""
    count = connection.scalar(select(func.count()).select_from(orders))
    return notice("all", f"{count} orders")
