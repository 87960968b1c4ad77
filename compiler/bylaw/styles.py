"""The styles of names: `snake_case` and its kin, as regular expressions."""

from collections.abc import Mapping

STYLES: Mapping[str, str] = {
    "snake_case": "[a-z0-9]+(?:_+[a-z0-9]+)*",
    "PascalCase": "[A-Z][A-Za-z0-9]*",
    "camelCase": "[a-z][A-Za-z0-9]*",
    "kebab-case": "[a-z0-9]+(?:-[a-z0-9]+)*",
    "UPPER_CASE": "[A-Z0-9]+(?:_+[A-Z0-9]+)*",
}
"""What each style's stem looks like, without leading and trailing underscores."""


def stem_of(name: str) -> str:
    """Return what a style judges: what stands before the first dot, without underscores around.

    Every style allows a name without a stem: `_`, `.gitignore`.
    """
    return name.partition(".")[0].strip("_")
