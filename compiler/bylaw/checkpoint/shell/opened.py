"""What is open while a shell text is walked."""

TYPE_CHECKING = False  # `typing` takes longer to import than a command takes to read
if TYPE_CHECKING:
    from bylaw.checkpoint.shell.plumbing import Plumbing


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


class Open:
    """A list or compound command that is open."""

    __slots__ = ("input", "is_background", "is_sink", "mode", "plumbing", "saved", "was_unsure")

    def __init__(self) -> None:
        self.mode = ""
        self.is_background = False
        self.was_unsure = False
        self.input: bytes | None = None
        self.plumbing: Plumbing | None = None
        self.is_sink = False
        self.saved: dict[tuple[str, str], tuple[object, int]] = {}
