"""Decisions as bytes: what the cache keeps and what processes hand each other."""

import io
import pickle
from enum import Enum
from functools import cache
from importlib import import_module
from typing import Any

from bylaw.diagnostics import Span
from bylaw.ir import Decision, Node

_MODULES = {"bylaw.ir", "bylaw.diagnostics"}
_CLASSES = (Node, Span, Enum)
_NAMES = {("datetime", "date"), ("copyreg", "_reconstructor"), ("builtins", "object")}


def pack(decision: Decision) -> bytes:
    """Return a decision as bytes."""
    return pickle.dumps(decision, protocol=5)


class _Unpickler(pickle.Unpickler):
    """Reads decisions and nothing else: a cache that was tampered with cannot run code."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _NAMES or (module in _MODULES and _is_part(module, name)):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a decision")


@cache
def _is_part(module: str, name: str) -> bool:
    # A dotted name has no entry here; it would lead through what the module imports to anything.
    found = vars(import_module(module)).get(name)
    return isinstance(found, type) and issubclass(found, _CLASSES)


def unpack(data: bytes) -> Decision:
    """Undo `pack`; raises UnpicklingError for anything that is no decision."""
    decision = _Unpickler(io.BytesIO(data)).load()
    if not isinstance(decision, Decision):
        raise pickle.UnpicklingError("not a decision")
    return decision
