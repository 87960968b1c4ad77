"""The contract of one folder: what binds there, who may change it, and when a change is done."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bylaw.globs import overlap
from bylaw_targets.agents.clause import Advice, Clause
from bylaw_targets.agents.folders import ROOT, binds_in, heads, home

EVERY = ""
"""The class that no sentence names: every agent."""

HERE, WORK, AROUND, EVERYWHERE = range(4)
"""How far away something is; what is about the work as a whole is nearer than other folders."""


@dataclass(frozen=True)
class Contract:
    """What holds for work in one folder, each part sorted by what matters most.

    `binding` are constraints on files and code. `lanes` say which agents may change what. `chores`
    are commands, files to read first, names of branches and their like. `limits` are budgets,
    `levels` autonomy. `elsewhere` are the folders below that have a contract of their own.
    `classes` are those that any sentence names.
    """

    folder: str
    classes: tuple[str, ...]
    binding: tuple[Clause, ...]
    lanes: tuple[Clause, ...]
    chores: tuple[Clause, ...]
    recovery: tuple[Clause, ...]
    limits: tuple[Clause, ...]
    levels: tuple[Clause, ...]
    approvals: tuple[Clause, ...]
    advice: tuple[Advice, ...]
    elsewhere: tuple[str, ...]
    languages: frozenset[str] = frozenset()

    @cached_property
    def all(self) -> tuple[Clause, ...]:
        """Every constraint in it."""
        return (
            *self.binding,
            *self.lanes,
            *self.chores,
            *self.recovery,
            *self.limits,
            *self.levels,
            *self.approvals,
        )


def distance(clause: Clause, folder: str, languages: frozenset[str]) -> int:
    """Return how far from a folder a constraint's scope begins; what is far yields first.

    Code in languages of which the folder has none is farther away than all else.
    """
    where = clause.starts
    far = EVERYWHERE
    if folder and any(head.startswith(folder) for head in where):
        far = HERE
    elif any(head and folder.startswith(head) for head in where):
        far = AROUND
    foreign = bool(folder and clause.languages) and not languages & {*clause.languages}
    return far + (EVERYWHERE + 1) * foreign


def contract_of(
    folder: str,
    clauses: Iterable[Clause],
    guidance: Iterable[Advice],
    chosen: Collection[str],
    languages: frozenset[str] = frozenset(),
) -> Contract:
    """Return the contract of a folder, one of those `chosen` or the root."""
    some = sorted(
        (each for each in clauses if _is_for(each, folder, chosen)),
        key=lambda c: (not c.is_must, distance(c, folder, languages), c.id, c.line),
    )
    classes = tuple(sorted({name for each in some for name in each.classes}))

    def of(*shapes: str, when: Collection[str] | None = None) -> tuple[Clause, ...]:
        return tuple(
            each for each in some if each.shape in shapes and (when is None or each.when in when)
        )

    named = frozenset(("branches", "commits"))
    chores = of("command-pass", "ci-run", "agent-read")
    chores += of("agent-run", when=("always", "before-finishing"))
    chores += tuple(each for each in some if each.noun in named)
    return Contract(
        folder=folder,
        classes=classes,
        binding=tuple(each for each in some if _is_of_files(each) and each.noun not in named),
        lanes=of("agent-change"),
        chores=chores,
        recovery=of("agent-run", when=("check-fails",)),
        limits=of("agent-limit"),
        levels=of("agent-autonomy"),
        approvals=of("approve"),
        advice=tuple(each for each in guidance if _advises(each, folder, chosen)),
        elsewhere=tuple(
            each for each in sorted(chosen) if each.startswith(folder) and each != folder
        ),
        languages=languages,
    )


_ABOUT_WORK = frozenset(("agent", "approve", "run"))


def _is_of_files(clause: Clause) -> bool:
    return clause.kind not in _ABOUT_WORK


def _is_for(clause: Clause, folder: str, chosen: Collection[str]) -> bool:
    """Tell whether a folder's contract has to say a constraint.

    The root's says what no other contract does, and whatever binds everywhere or is about the work
    as a whole. Every other one says all that binds in its folder, so that it stands by itself.
    """
    if clause.shape in ("agent-change", "agent-read") and clause.modal != "must-only":
        if folder and not _meets(clause.globs, folder):
            return False
        return folder == ROOT or binds_in(clause.area, folder)
    if folder:
        return binds_in(clause.area, folder)
    if not _is_of_files(clause):
        return True
    return any(home(head, chosen) == ROOT for head in clause.starts)


def _meets(globs: Sequence[str], folder: str) -> bool:
    return any(
        head.startswith(folder) or folder.startswith(head) for head in heads(tuple(globs))
    ) and (overlap(globs, (f"{folder}**",)) is not None)


def lies_outside(part: "Part", folder: str) -> bool:
    """Tell whether nothing in a folder is among what a sentence speaks of."""
    return bool(folder) and not part.clause.include and not _meets(part.globs, folder)


def _advises(advice: Advice, folder: str, chosen: Collection[str]) -> bool:
    if folder:
        return not advice.globs or _meets(advice.globs, folder)
    return any(home(head, chosen) == ROOT for head in heads(advice.globs))


# --- classes -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """What sentences give to a class, or take from it: globs, the sentence, and its scope."""

    globs: tuple[str, ...]
    clause: Clause


@dataclass(frozen=True)
class Standing:
    """What agents of one class may change.

    `only` has one entry for each sentence that limits them: a change has to keep all of them.
    `never` are forbidden, `owned` theirs alone; `shared` need the approval of people.
    """

    name: str
    only: tuple[Part, ...]
    never: tuple[Part, ...]
    owned: tuple[Part, ...]
    shared: tuple[Part, ...]


def standings(contract: Contract) -> Iterator[Standing]:
    """Yield what each class may change, that of every agent first."""
    for name in (EVERY, *contract.classes):
        yield standing(contract, name)


def standing(contract: Contract, name: str) -> Standing:
    """Return what agents of a class may change; EVERY stands for agents of no class."""
    only: list[Part] = []
    never: list[Part] = []
    owned: list[Part] = []
    for clause in contract.lanes:
        named = not clause.classes or name in clause.classes
        part = Part(clause.globs, clause)
        if clause.modal == "only-may":
            (owned if name and name in clause.classes else never).append(part)
        elif named:
            (only if clause.modal == "must-only" else never).append(part)
    return Standing(
        name,
        tuple(only),
        tuple(never),
        tuple(owned),
        tuple(
            Part(clause.include, clause)
            for clause in contract.approvals
            if _may_touch(clause, only, never)
        ),
    )


def _may_touch(clause: Clause, only: Iterable[Part], never: Iterable[Part]) -> bool:
    """Tell whether a class may change something that needs an approval."""
    globs = clause.include or ("**",)
    if any(overlap(globs, part.globs) is None for part in only if part.clause.is_must):
        return False
    taken = {glob for part in never if part.clause.is_must for glob in part.globs}
    return not set(globs) <= taken
