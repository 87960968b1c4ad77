"""Versions and ranges of them, as each registry of packages reads them."""

from bylaw.versions.ranges import Range, Registry, declared, meets, wanted, within

__all__ = ["Range", "Registry", "declared", "meets", "wanted", "within"]
