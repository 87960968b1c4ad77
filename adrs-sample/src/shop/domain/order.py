# Copyright Tidemark Ltd
"""An order, from basket to delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel

from shop.domain.catalogue import Product

if TYPE_CHECKING:
    from marshmallow import Schema


class Line(BaseModel):
    """One product and how many of it."""

    product: Product
    quantity: int


class Order(BaseModel):
    """What a customer asked for."""

    number: str
    customer: str
    lines: list[Line]

    def dump(self, schema: Schema) -> object:
        """Write the order by a schema that the caller brings."""
        return schema.dump(self)
