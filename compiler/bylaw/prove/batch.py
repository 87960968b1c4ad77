"""Cases laid out in few trees, so that an engine runs few times."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bylaw.prove.case import Case

MOST_TREES = 6
"""An engine's runs; made programs that would need more are not asked of it, examples are."""


@dataclass
class Batch:
    """One synthetic tree: the files of cases that do not get in each other's way."""

    files: dict[str, bytes] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)
    _folders: set[str] = field(default_factory=set)

    def take(self, case: Case) -> bool:
        """Lay a case out here, or return False where another one stands in its place."""
        for path, data in case.files.items():
            if self.files.get(path, data) != data or path in self._folders:
                return False
            if any(above in self.files for above in _above(path)):
                return False
        if any(path in self.files for path in case.absent) or case.path in self._subjects:
            return False
        self.files |= case.files
        self.cases.append(case)
        for path in case.files:
            self._folders.update(_above(path))
        self._subjects.add(case.path)
        return True

    _subjects: set[str] = field(default_factory=set)

    def write(self, root: Path) -> None:
        """Lay the tree out below a folder."""
        for path, data in self.files.items():
            place = root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)


def _above(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:number]) for number in range(1, len(parts))]


def lay_out(cases: Sequence[Case]) -> list[Batch]:
    """Return trees that hold each case once; examples come first, and all of them come."""
    batches: list[Batch] = []
    for case in sorted(cases, key=lambda each: each.source != "example"):
        if any(batch.take(case) for batch in batches):
            continue
        if case.source == "example" or len(batches) < MOST_TREES:
            batches.append(Batch())
            batches[-1].take(case)
    return batches
