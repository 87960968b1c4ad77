"""The codes of calls that cannot be read; a host names them by number, as importing costs time."""

from bylaw.diagnostics import Code, Severity

UNREADABLE_CALL = Code("BL550", "unreadable-call", Severity.ERROR)
UNKNOWN_EVENT = Code("BL551", "unknown-event", Severity.ERROR)
MALFORMED_ACTION = Code("BL552", "malformed-action", Severity.ERROR)
