"""Orders for tests."""

NUMBERS = ("A1", "A2")
