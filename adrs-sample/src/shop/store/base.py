# Copyright Tidemark Ltd
"""What all repositories share."""

from sqlalchemy import Connection, TextClause


class Repository:
    """Rows of one table."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def scalar(self, query: TextClause) -> int:
        """Run a query that answers with one number."""
        return int(self.connection.scalar(query) or 0)
