"""Options and operands of a program's words."""

from bylaw.checkpoint.field import Field


class Options:
    """A program's words, told apart; `is_told` is False where some may be options or several."""

    __slots__ = ("flags", "is_told", "operands")

    def __init__(self) -> None:
        self.flags: dict[str, list[Field | None]] = {}
        self.operands: list[Field] = []
        self.is_told = True

    def has(self, *names: str) -> bool:
        """Tell whether one of the options is given."""
        return any(name in self.flags for name in names)

    def value(self, *names: str) -> "Field | None":
        """Return the last value of one of the options."""
        found = None
        for name in names:
            for value in self.flags.get(name, ()):
                found = value if value is not None else found
        return found

    def add(self, name: str, value: "Field | None" = None) -> None:
        """Note an option."""
        self.flags.setdefault(name, []).append(value)


def read_options(
    arguments: "list[Field]",
    valued: str = "",
    long_valued: "frozenset[str] | tuple[str, ...]" = (),
    *,
    stop_at_operand: bool = False,
    single_dash: bool = False,
) -> Options:
    """Tell options from operands.

    `valued` are the letters that take a value, `long_valued` the words. With `single_dash` an
    option of several letters has one dash, too (`find -name`, `go -o`).
    """
    found = Options()
    waiting = list(reversed(arguments))
    while waiting:
        field = waiting.pop()
        text = field.text
        if field.many:
            found.is_told = False
        if not field.told and not text.startswith("-"):
            found.operands.append(field)
        elif text == "--":
            found.operands += reversed(waiting)
            break
        elif text.startswith("--") or (single_dash and text.startswith("-") and len(text) > 2):
            _long(found, field, long_valued, waiting)
        elif text.startswith("-") and len(text) > 1:
            _short(found, field, valued, waiting)
        else:
            found.operands.append(field)
        if stop_at_operand and found.operands:
            found.operands += reversed(waiting)
            break
    return found


def _long(
    found: Options,
    field: Field,
    valued: "frozenset[str] | tuple[str, ...]",
    waiting: "list[Field]",
) -> None:
    name, equals, value = field.text.lstrip("-").partition("=")
    if equals:
        found.add(name, Field(value, field.told, field.glob))
    elif name in valued and waiting:
        found.add(name, waiting.pop())
    else:
        found.add(name)


def _short(found: Options, field: Field, valued: str, waiting: "list[Field]") -> None:
    text = field.text
    for index in range(1, len(text)):
        letter = text[index]
        if letter in valued:
            rest = text[index + 1 :]
            if rest:
                found.add(letter, Field(rest, field.told, field.glob))
            else:
                found.add(letter, waiting.pop() if waiting else None)
            return
        found.add(letter)
