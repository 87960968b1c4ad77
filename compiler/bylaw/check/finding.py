"""What judges find: violations, and what they could not evaluate."""

from typing import NamedTuple, TypeAlias

from bylaw.digest import sha256
from bylaw.facts.model import Place


class Step(NamedTuple):
    """A further place that explains a violation, such as one import of a chain."""

    path: str
    place: Place | None
    message: str


class Fix(NamedTuple):
    """An edit that removes a violation: the text at `place` of its file becomes `text`.

    `imports` are the import lines that the new text needs.
    """

    place: Place
    text: str
    imports: tuple[str, ...] = ()


class Violation(NamedTuple):
    """One violation of one constraint.

    `path` is None where the place is no file of the tree (a branch, a commit, the project).
    `detail` is one lower-case clause that says what is there, the user's text in backticks; it is
    part of the fingerprint, so it holds no line and no layout. What may change while the violation
    stays the same (a count, a version found) is in `note`, a clause of its own. `operand` is the
    text of the constraint's operand that is violated, `found` what was found of it
    (`sqlalchemy.orm` of `sqlalchemy`): permissions go by both. `edge` is the importer and the
    imported module.
    """

    constraint: str
    path: str | None
    detail: str
    place: Place | None = None
    operand: str | None = None
    found: str | None = None
    edge: tuple[str, str] | None = None
    steps: tuple[Step, ...] = ()
    fix: Fix | None = None
    note: str | None = None

    @property
    def fingerprint(self) -> str:
        """A digest of constraint, path and detail: the same wherever the lines have moved."""
        text = "\0".join((self.constraint, self.path or "", self.detail))
        return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    @property
    def sort_key(self) -> tuple[str, str, Place, str]:
        """Order by constraint, then by place."""
        place = self.place or Place(0, 0, 0, 0)
        return self.constraint, self.path or "", place, self.detail


class NotEvaluated(NamedTuple):
    """Why a constraint, or (with `path`) a constraint on one file, has no verdict.

    `reason` is one lower-case clause. It never hides a violation that was found elsewhere.
    """

    constraint: str
    reason: str
    path: str | None = None
    place: Place | None = None
    help: str | None = None


Finding: TypeAlias = Violation | NotEvaluated
