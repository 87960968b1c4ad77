# Copyright Tidemark Ltd
"""An index in memory."""

from .tokens import words


class Index:
    """Texts by the words in them."""

    def __init__(self) -> None:
        self.entries: dict[str, set[str]] = {}

    def add(self, sku: str, text: str) -> None:
        """Make a product's text findable."""
        for word in words(text):
            self.entries.setdefault(word, set()).add(sku)
