# Copyright Tidemark Ltd
"""A line for each thing that somebody may ask about later."""

import logging

_log = logging.getLogger("shop.audit")


def record(event: str, subject: str) -> None:
    """Note that `event` happened to `subject`."""
    _log.info("%s %s", event, subject)
