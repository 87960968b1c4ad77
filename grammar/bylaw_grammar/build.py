"""`python -m bylaw_grammar.build`: make the prebuilt tables from the grammar."""

from pathlib import Path

from bylaw_grammar.tables import pack

FOLDER = Path(__file__).parent


def main() -> None:
    """Write `constraint.tables` beside `constraint.lark`."""
    grammar = (FOLDER / "constraint.lark").read_text(encoding="utf-8")
    (FOLDER / "constraint.tables").write_bytes(pack(grammar))


if __name__ == "__main__":
    main()
