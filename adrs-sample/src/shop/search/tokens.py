# Copyright Tidemark Ltd
"""Words of a text."""


def words(text: str) -> list[str]:
    """Split a text into words, in lower case."""
    # TODO: umlauts
    return text.lower().split()
