"""Which constraints can find anything in a file's bytes, told without parsing them.

It says too much rather than too little: `bylaw.check.prefilter` knows more, and takes longer to
import than a single file takes to judge.
"""

TYPE_CHECKING = False  # `typing` takes longer to import than a file takes to sieve
if TYPE_CHECKING:
    from typing import TypeAlias

    Packed: TypeAlias = tuple[tuple[bytes, ...], tuple[str, ...], bool]
    """The words, the plain beginnings of paths that are always judged, and `imported`."""

# In these languages a name can be spelt with escapes.
_ESCAPING = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".java", ".go")
_PYTHON = (".py", ".pyi")
_HEAD_BYTES = 1024


def may_find(words: "Packed | None", path: str, data: bytes) -> bool:
    """Tell whether a constraint with these words may find something in a file."""
    if words is None or is_odd(path, data):
        return True
    any_of, always, imported = words
    if any(word in data for word in any_of) or path.startswith(always):
        return True
    return imported and (b"import_module" in data or b"__import__" in data)


def is_odd(path: str, data: bytes) -> bool:
    """Tell whether the names in a file may be spelt in another way than as bytes."""
    if path.endswith(_PYTHON):
        head = data[:_HEAD_BYTES].replace(b"\r", b"\n").split(b"\n", 2)
        named = b"coding" in b"\n".join(head[:2]) or len(head) < 3 <= len(data) // _HEAD_BYTES
        return named or not data.isascii() or b"\0" in data
    return path.endswith(_ESCAPING) and b"\\" in data
