"""The hosts whose hooks are spoken: each reads a call from bytes, and writes the answer."""
