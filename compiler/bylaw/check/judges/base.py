"""What a judge is: from one constraint and the evidence to what it finds."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from bylaw.area import TreeFacts
from bylaw.check.evidence import Evidence, FileView
from bylaw.check.finding import Finding
from bylaw.scoped import ScopedConstraint


class Words(NamedTuple):
    """What a file must hold for a constraint to find anything in it.

    At least one of `any_of` stands in its bytes, or the file lies in `always`; nothing else needs
    to be parsed. With `whole`, a word that is part of a longer name does not count. Where any file
    can hold a violation, there are no `Words` (None).

    Of a Python file, whose names have few spellings, more is known: one of `beside`, where there
    are some, stands in it as well, and `confirm` is found. With `imported`, only names that are
    imported count, so that a name put together for `import_module` counts as any word.
    """

    any_of: frozenset[bytes]
    always: tuple[str, ...] = ()
    whole: bool = False
    beside: frozenset[bytes] = frozenset()
    confirm: re.Pattern[bytes] | None = None
    imported: bool = False


def no_words(scoped: ScopedConstraint, layout: TreeFacts) -> Words | None:  # noqa: ARG001 - a judge's
    """Say that every file of the area must be looked at."""
    return None


def none_absent(scoped: ScopedConstraint, evidence: Evidence) -> Iterable[Finding]:  # noqa: ARG001 - a judge's
    """Say that no violation is the lack of a file."""
    return ()


class FileJudge(NamedTuple):
    """Judges each file of a constraint's area by itself: a pure function of it and the layout.

    `judge` yields violations, and `NotEvaluated` where something in the file cannot be judged; it
    may raise UnevaluableError. It says nothing of exceptions by place, waivers or baselines.
    `absent` yields the violations that are files which have to be there and are not; it is asked
    once, looks at the list of files only, and its places are no files of the tree.
    """

    judge: Callable[[ScopedConstraint, FileView], Iterable[Finding]]
    words: Callable[[ScopedConstraint, TreeFacts], Words | None] = no_words
    absent: Callable[[ScopedConstraint, Evidence], Iterable[Finding]] = none_absent


class TreeJudge(NamedTuple):
    """Judges a constraint on the tree, or the change, as a whole.

    It judges in the constraint's own area (`bylaw.check.areas.judged_area`): the exceptions by
    place are left out, the waived and permitted places are not. `prepare` is called once with all
    constraints of a run that it will judge, where that is cheaper than one by one.
    """

    judge: Callable[[ScopedConstraint, Evidence], Iterable[Finding]]
    prepare: Callable[[Sequence[ScopedConstraint], Evidence], None] | None = None


Judge = FileJudge | TreeJudge
