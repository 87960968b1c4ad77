"""A constraint's sentence as it reads away from its ADR."""

from bylaw.ir import ConstraintNode, Glob, MatchPattern


def in_full(constraint: ConstraintNode, *, pattern: bool = True) -> str:
    """Return the sentence with the lead-in that scopes it and the pattern of its fence.

    A caller that writes the fence itself leaves the `pattern` out.
    """
    text = constraint.sentence
    lead_in = constraint.lead_in
    if lead_in is not None:
        parts = [f"in {_union(lead_in.globs)}"] if lead_in.globs else []
        parts += [f"except in {_union(lead_in.excepts)}"] if lead_in.excepts else []
        words = ", ".join(parts)
        text = f"{words[:1].upper()}{words[1:]}: {text}"
    if pattern and isinstance(constraint, MatchPattern):
        text = f"{text} `{' '.join(constraint.pattern.split())}`"
    return text


def _union(globs: tuple[Glob, ...]) -> str:
    return " or ".join(f"`{glob.text}`" for glob in globs)
