"""Names of packages and of groups, as their registries compare them."""

import re
from functools import lru_cache

from bylaw.versions import Registry

_SEPARATORS = re.compile(r"[-_.]+")


@lru_cache(maxsize=65536)
def package(name: str) -> str:
    """Return the one spelling of a Python package's, an extra's or a group's name (PEP 503)."""
    return _SEPARATORS.sub("-", name).lower()


@lru_cache(maxsize=65536)
def normal(name: str, registry: Registry) -> str:
    """Return the one spelling of a package's name that its registry knows."""
    match registry:
        case "pypi":
            return package(name)
        case "crates":
            return name.replace("_", "-").lower()
        case "nuget":
            return name.lower()
    return name


def same_package(wanted: str, name: str, registry: Registry) -> bool:
    """Tell whether a sentence's name is a declared package's.

    A name without a group means the artifact of any group, where names have one.
    """
    if registry == "maven" and ":" not in wanted:
        return name.rpartition(":")[2] == wanted
    return normal(wanted, registry) == normal(name, registry)
