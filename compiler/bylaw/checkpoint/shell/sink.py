"""What a part of a shell text puts out."""


class Sink:
    """What a part of the text puts out, as far as it is told; `is_used` where there was any."""

    __slots__ = ("depth", "is_used", "parts", "told")

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.parts: list[bytes] = []
        self.told = True
        self.is_used = False

    def content(self) -> "bytes | None":
        """Return all of it, None where a part is not told."""
        return b"".join(self.parts) if self.told else None
