# Copyright Tidemark Ltd
"""Products and where they stand in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from shop.money import Money

__all__ = ["Product", "weight_class"]


@dataclass(frozen=True)
class Product:
    """Something the shop sells."""

    sku: str
    name: str
    price: Money
    grams: int


def weight_class(product: Product) -> str:
    """Name the class that carriers charge by."""
    return "letter" if product.grams <= 500 else "parcel"
