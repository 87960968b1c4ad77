"""Decisions as bytes: what the cache keeps and what processes hand each other."""

import io
import pickle
from typing import Any

from bylaw.ir import Decision

_MODULES = {"bylaw.ir", "bylaw.diagnostics"}
_NAMES = {("datetime", "date"), ("copyreg", "_reconstructor"), ("builtins", "object")}


def pack(decision: Decision) -> bytes:
    """Return a decision as bytes."""
    return pickle.dumps(decision, protocol=5)


class _Unpickler(pickle.Unpickler):
    """Reads decisions and nothing else: a cache that was tampered with cannot run code."""

    def find_class(self, module: str, name: str) -> Any:
        if module in _MODULES or (module, name) in _NAMES:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a decision")


def unpack(data: bytes) -> Decision:
    """Undo `pack`; raises UnpicklingError for anything that is no decision."""
    decision = _Unpickler(io.BytesIO(data)).load()
    if not isinstance(decision, Decision):
        raise pickle.UnpicklingError("not a decision")
    return decision
