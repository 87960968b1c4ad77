"""Constraints as plain values, and as objects again that need none of the nodes' classes.

A tool call must be answered sooner than pydantic is imported. Judges tell nodes apart by their
tags and read their fields by name, so an object with these fields is all that they need.
"""

TYPE_CHECKING = False  # `typing` takes longer to import than a constraint takes to thaw
if TYPE_CHECKING:
    from typing import Any

_OBJECT = 0
"""Marks a tuple that stands for an object: names and values follow."""

_TUPLE = 1


class Thawed:
    """An object with the fields of the node that it was; equal to itself only."""

    def __init__(self, fields: "dict[str, Any]") -> None:
        self.__dict__ = fields

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Every field that a node has."""

    def __repr__(self) -> str:
        return f"Thawed({self.__dict__!r})"


def freeze(value: "Any") -> "Any":
    """Return a node, or a value in one, as tuples, strings, numbers, booleans and None."""
    if value is None or isinstance(value, str | int | float | bytes):
        # An enumeration's members are strings, too, and marshal knows only the plain ones.
        return str(value) if isinstance(value, str) else value
    if isinstance(value, tuple | list):
        return (_TUPLE, *map(freeze, value))
    fields = getattr(type(value), "model_fields", None) or getattr(
        value, "__dataclass_fields__", None
    )
    if fields is not None:
        parts: list[Any] = [_OBJECT]
        for name in fields:
            parts += (name, freeze(getattr(value, name)))
        return tuple(parts)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    raise TypeError(type(value).__name__)


def thaw(value: "Any") -> "Any":
    """Undo `freeze`: objects for nodes; a day stays the text that it was frozen to."""
    if not isinstance(value, tuple):
        return value
    if value[0] == _TUPLE:
        return tuple(map(thaw, value[1:]))
    names = value[1::2]
    return Thawed(dict(zip(names, map(thaw, value[2::2]), strict=True)))
