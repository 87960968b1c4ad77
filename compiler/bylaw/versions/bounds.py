"""Whether a value that is a version, a range of versions or a number keeps a bound."""

from decimal import Decimal
from typing import Literal

from packaging.version import InvalidVersion, Version

from bylaw.versions import npm, pep440, semver
from bylaw.versions.ranges import Range, within
from bylaw.versions.semver import Bound, BoundedRange

Verdict = Literal["kept", "passed", "none"]
"""`none` is what is no version, no range and no number."""


def keeps(text: str, bound: str, *, at_least: bool) -> Verdict:
    """Compare the versions that a text admits with a bound: all of them keep it, or not.

    A text is a version or a range by PEP 440, else one by SemVer; of a range the lowest, or
    highest, version that it admits counts, and an open end keeps no bound.
    """
    sign = ">=" if at_least else "<="
    for read, limit in ((_python, _python_limit), (_semantic, _semantic_limit)):
        inner = read(text)
        outer = limit(sign, bound)
        if inner is not None and outer is not None:
            return "kept" if within(inner, outer) else "passed"
    return "none"


def number_keeps(value: Decimal, bound: Decimal, *, at_least: bool) -> bool:
    """Compare two numbers."""
    return value >= bound if at_least else value <= bound


def _python(text: str) -> Range | None:
    bare = text.strip()
    if not bare or bare == "*":
        return None if not bare else pep440.parse("")
    if bare[0].isdigit() or bare[:1] in "vV":
        try:
            return pep440.parse(f"=={Version(bare)}")
        except InvalidVersion:
            # `1.2 || 1.3` is a range, `1.2.3.4-x` is nothing.
            pass
    if "||" in bare and "^" not in bare and "~" not in bare:
        return None
    converted = pep440.from_poetry(bare) if bare[0] in "^~" else bare
    return pep440.parse(converted)


def _python_limit(sign: str, bound: str) -> Range | None:
    # A local version belongs to the version that it is built from.
    return pep440.parse(f"{sign}{bound}")


def _semantic(text: str) -> Range | None:
    return npm.parse(text.strip()) if text.strip() else None


def _semantic_limit(sign: str, bound: str) -> Range | None:
    version = semver.parse(bound)
    return None if version is None else BoundedRange(((Bound(sign, version),),))
