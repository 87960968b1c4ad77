"""What programs are made for: a constraint, the tree that it stands in, a language, a place."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from bylaw.area import TreeFacts
from bylaw.ir import Constraint, Language
from bylaw.prove.case import Draft
from bylaw.prove.places import Places
from bylaw.scope import ScopedConstraint

C = TypeVar("C", bound=Constraint)


@dataclass(frozen=True)
class Stage:
    """One constraint in one language.

    `path` is a file in its area, such as its programs will stand in; `files` are the tree's.
    Where the constraint is not on code, `language` is None and `ending` empty.
    """

    scoped: ScopedConstraint
    layout: TreeFacts
    files: frozenset[str]
    places: Places
    path: str
    language: Language | None = None
    ending: str = ""

    @property
    def constraint(self) -> Constraint:
        """The constraint."""
        return self.scoped.constraint

    @property
    def is_script(self) -> bool:
        """Whether the language is TypeScript or JavaScript."""
        return self.language in ("typescript", "javascript")

    def a(self, sort: type[C]) -> C:
        """Return the constraint as the node that it is."""
        if not isinstance(self.constraint, sort):
            raise TypeError(self.constraint.shape)
        return self.constraint


Generator = Callable[[Stage], Iterable[Draft]]
