# Copyright Tidemark Ltd
"""Who buys."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Customer:
    number: str
    name: str
    country: str
