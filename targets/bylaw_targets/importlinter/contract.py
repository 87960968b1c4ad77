"""Contracts of import-linter, and what a constraint becomes."""

from dataclasses import dataclass, field

from bylaw_targets.importlinter.toml import Value


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract: its type, its options in the order written, and the packages it needs."""

    type: str
    options: tuple[tuple[str, Value], ...]
    roots: frozenset[str]
    external: bool = False
    """Whether it names what is not the repository's, so that the graph must hold that too."""


@dataclass(frozen=True, slots=True)
class Translation:
    """The contracts of a constraint, and how they differ from it; or why there are none."""

    contracts: tuple[Contract, ...] = ()
    misses: tuple[str, ...] = ()
    overreports: tuple[str, ...] = ()
    refusal: str | None = None
    ignored: tuple[tuple[str, str], ...] = field(default=())
    """Imports that are not judged, as names of what imports and what is imported."""

    @classmethod
    def refused(cls, reason: str) -> "Translation":
        """Return a translation to nothing."""
        return cls(refusal=reason)


def roots_of(*names: tuple[str, ...]) -> frozenset[str]:
    """Return the first segments of module names."""
    return frozenset(name.partition(".")[0] for some in names for name in some)


def forbidden(
    sources: tuple[str, ...], targets: tuple[str, ...], *, as_packages: bool, indirect: bool
) -> Contract:
    """Return a contract against imports of `targets` by `sources`."""
    options: list[tuple[str, Value]] = [
        ("source_modules", sources),
        ("forbidden_modules", targets),
        ("allow_indirect_imports", not indirect),
    ]
    if not as_packages:
        options.append(("as_packages", False))
    return Contract("forbidden", tuple(options), roots_of(sources, targets), external=True)


def protected(
    modules: tuple[str, ...], importers: tuple[str, ...], roots: frozenset[str]
) -> tuple[Contract, ...]:
    """Return a contract against imports of `modules` by all but `importers`, in all packages."""
    options: tuple[tuple[str, Value], ...] = (
        ("protected_modules", modules),
        ("allowed_importers", importers),
    )
    return (Contract("protected", options, roots),)
