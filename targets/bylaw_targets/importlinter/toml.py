"""Writing the little TOML that import-linter reads."""

import json
from collections.abc import Iterable

Value = str | bool | tuple[str, ...]


def quote(text: str) -> str:
    """Return a basic string; JSON's escapes are TOML's, but for DELETE and lone surrogates."""
    whole = text.encode("utf-8", errors="replace").decode()
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007F")


def line(key: str, value: Value) -> str:
    """Return `key = value`; a list of several stands one to a line."""
    if isinstance(value, bool):
        return f"{key} = {'true' if value else 'false'}"
    if isinstance(value, str):
        return f"{key} = {quote(value)}"
    if len(value) <= 1:
        return f"{key} = [{', '.join(map(quote, value))}]"
    return "\n".join([f"{key} = [", *(f"  {quote(item)}," for item in value), "]"])


def table(header: str, pairs: Iterable[tuple[str, Value]]) -> str:
    """Return a table with its header and a final line feed."""
    return "\n".join([header, *(line(key, value) for key, value in pairs)]) + "\n"
