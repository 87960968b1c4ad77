# Copyright Tidemark Ltd
"""The catalogue over HTTP."""

import orjson

from shop.domain.catalogue import Product
from shop.web.routing import authorized, route


@route("/catalogue")
@authorized
def catalogue(products: list[Product]) -> bytes:
    """Answer with all products."""
    return orjson.dumps([product.sku for product in products])
