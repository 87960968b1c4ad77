"""One word of a command, as far as the text tells it."""

from bylaw.checkpoint.plain import Plain


class Field(Plain):
    """One word that a program gets.

    `told` is False where part of it is not known: `text` is then how it is written. `many` tells
    that it may be any number of words, `glob` that it is a pattern of paths.
    """

    __slots__ = ("glob", "many", "text", "told")

    def __init__(
        self, text: str, told: bool = True, glob: bool = False, many: bool = False
    ) -> None:
        self.text = text
        self.told = told
        self.glob = glob
        self.many = many
