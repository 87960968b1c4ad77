"""What the command line of `bylaw hook` asks for."""

import os

LEVELS = ("assisted", "supervised", "autonomous", "ase")
"""The levels of autonomy, as sentences name them."""


class Asked:
    """What the command line asks for."""

    __slots__ = ("agent", "autonomy", "host", "root")

    def __init__(self) -> None:
        self.host = ""
        self.root: str | None = None
        self.agent: str | None = os.environ.get("BYLAW_AGENT") or None
        self.autonomy: str | None = os.environ.get("BYLAW_AUTONOMY") or None
