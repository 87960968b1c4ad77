"""What is open while a shell text is walked."""

TYPE_CHECKING = False  # `typing` takes longer to import than a command takes to read
if TYPE_CHECKING:
    from bylaw.checkpoint.shell.plumbing import Plumbing


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
