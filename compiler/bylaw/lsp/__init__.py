"""The language server: what editors show of an ADR while it is written.

`stream` reads and writes messages, `server` answers them, `documents` are the texts that the client
has open, `repositories` the decisions around them, in a thread of their own. What is shown comes
from `bylaw.editing` and `bylaw.preview`; `shown` puts it into the protocol's words.
"""
