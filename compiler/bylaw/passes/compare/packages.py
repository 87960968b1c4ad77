"""Names of packages as their registries compare them."""

import re
from functools import lru_cache

_SEPARATORS = re.compile(r"[-_.]+")


@lru_cache(maxsize=65536)
def package(name: str) -> str:
    """Return a package's name in the one spelling its registry knows (PEP 503; npm as written)."""
    if name.startswith("@") or "/" in name:
        return name
    return _SEPARATORS.sub("-", name).lower()
