"""What a node means: without places in the file, reasons, and the order of lists."""

from typing import Any

from bylaw.ir import Node

_NO_MEANING = {
    "span",
    "sentence",
    "prose",
    "id",
    "id_span",
    "named",
    "modal_span",
    "pattern_span",
    "alternative",
    "because",
    "examples",
    "severity",
    "for_new_code",
    "from_",
    "until",
}
"""Fields that say nothing about what is violated, or that are compared on their own."""

_ORDERED = {"layers"}
"""Lists whose order means something."""


def normal(value: Any, field: str = "") -> Any:
    """Return what a node means as nested tuples: without places, lists sorted."""
    if isinstance(value, Node):
        return tuple(
            (name, normal(getattr(value, name), name))
            for name in type(value).model_fields
            if name not in _NO_MEANING
        )
    if isinstance(value, tuple):
        items = [normal(item) for item in value]
        return tuple(items) if field in _ORDERED else tuple(sorted(items, key=repr))
    return value
