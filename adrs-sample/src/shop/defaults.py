# Copyright Tidemark Ltd
"""Values that no deployment changes."""

CURRENCY = "EUR"
PAGE_SIZE = 50
RETRIES = 5
