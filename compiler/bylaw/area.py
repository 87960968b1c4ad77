"""The places that a constraint binds, as globs, and what of the tree they depend on."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    # Globs are asked where no node is needed, and pydantic takes long to import.
    from bylaw.ir import Language


class Area(NamedTuple):
    """A set of files: in any of `include`, in any of `within` if there are some, in no `exclude`.

    All are globs of the language (see `bylaw.globs`). An empty `include` is the whole repository.
    Modules stand here as paths; `Only … MAY` as the complement it means; waived and permitted
    places, exceptions and `except in tests` in `exclude`.
    """

    include: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class TreeFacts(NamedTuple):
    """What of the tree, beyond single files, decides an artifact's bytes.

    `source_roots` are the folders below which Python modules start (`""` is the repository's
    root); `packages` the top-level importable packages found there; `modules` every module; `tops`
    the paths of the top-level packages (folders) and modules (files) below the source roots;
    `sources` the `.py` files as dotted names, with `__init__` as the last where it is a package's.
    `configured` says that the configuration names the source roots. `endings` are those of the
    files in a known language, with their dot; `output` is the folder that builds write to.
    """

    source_roots: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    modules: frozenset[str] = frozenset()
    languages: "tuple[Language, ...]" = ()
    tops: tuple[str, ...] = ()
    sources: frozenset[str] = frozenset()
    configured: bool = False
    endings: frozenset[str] = frozenset()
    output: str = ".bylaw"

    def __hash__(self) -> int:
        # A frozen set keeps its hash, so that answers about a large tree can be kept by facts.
        return hash((self.modules, self.source_roots, self.languages))
