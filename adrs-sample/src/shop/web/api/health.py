# Copyright Tidemark Ltd
"""Whether the shop is up."""

try:
    import orjson
except ImportError:
    orjson = None


def health() -> dict[str, bool]:
    """Answer a probe."""
    return {"up": True, "fast": orjson is not None}
