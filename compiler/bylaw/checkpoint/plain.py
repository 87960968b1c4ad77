"""Values that compare by sort and content, and cost nothing to import.

The checkpoint answers within milliseconds, of which dataclasses alone would take a good part.
"""


class Plain:
    """A value whose slots are its content; two are equal if they are of one class and content."""

    __slots__: tuple[str, ...] = ()

    def values(self) -> tuple[object, ...]:
        """Return the values of the slots, in the order in which the class names them."""
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other) or not isinstance(other, Plain):
            return NotImplemented
        return self.values() == other.values()

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self.values()))})"


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, which reads better than a long list of them."""
    return tuple(text.split())
