"""Tax as the old shop worked it out."""


def tax(cents: int) -> int:
    """Return the tax on an amount, and say so."""
    print("legacy tax on", cents)
    return round(cents * 0.23)
