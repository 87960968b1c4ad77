"""What is raised where the tree under check does not let a question be answered."""

from bylaw.facts.model import Place


class UnevaluableError(Exception):
    """Raised by a judge where no verdict is possible; the engine makes a `NotEvaluated` of it."""

    def __init__(self, reason: str, place: Place | None = None, help: str | None = None) -> None:  # noqa: A002 - as in diagnostics
        super().__init__(reason)
        self.reason = reason
        self.place = place
        self.help = help
