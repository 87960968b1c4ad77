"""Python packages of generated layouts, each with sentences on what may import what in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

PARTS = ("web", "core", "store", "money")
OUTSIDE = ("sqlalchemy", "sqlalchemy.orm", "requests", "json")


@dataclass
class Layout:
    """One package: its files, and sentences by id."""

    root: str
    files: dict[str, str] = field(default_factory=dict)
    sentences: dict[str, str] = field(default_factory=dict)

    @property
    def modules(self) -> list[str]:
        """The names of its modules."""
        names = (path.removesuffix(".py").replace("/", ".") for path in self.files)
        return sorted(name.removesuffix(".__init__") for name in names)


def layouts(seed: int, count: int) -> Iterator[Layout]:
    """Yield layouts; the same for the same seed."""
    random = Random(seed)
    for number in range(count):
        layout = Layout(f"p{number:03}")
        _lay_out(layout, random)
        modules = layout.modules
        for path in layout.files:
            layout.files[path] = _imports(random, layout.root, path, modules)
        for index, sentence in enumerate(_sentences(random, layout.root)):
            layout.sentences[f"{layout.root}-{index}"] = sentence
        yield layout


def _lay_out(layout: Layout, random: Random) -> None:
    root = layout.root
    layout.files[f"{root}/__init__.py"] = ""
    layout.files[f"{root}/util.py"] = ""
    for part in PARTS:
        if part != "web" and random.random() < 0.25:
            layout.files[f"{root}/{part}.py"] = ""
            continue
        layout.files[f"{root}/{part}/__init__.py"] = ""
        names = random.sample(("model", "view", "tool"), random.choice((1, 2)))
        for name in ("model", "view") if part == "web" else names:
            layout.files[f"{root}/{part}/{name}.py"] = ""
        if part == "web" or random.random() < 0.3:
            layout.files[f"{root}/{part}/deep/__init__.py"] = ""
            layout.files[f"{root}/{part}/deep/model.py"] = ""


def _imports(random: Random, root: str, path: str, modules: list[str]) -> str:
    """Return a module that imports a few others."""
    package = path.split("/")[:-1]
    lines: list[str] = []
    for _ in range(random.choice((0, 0, 0, 1, 1, 2))):
        target = random.choice(modules) if random.random() < 0.8 else random.choice(OUTSIDE)
        lines += _placed(random, _import(random, root, package, target))
    return "".join(f"{line}\n" for line in lines)


def _import(random: Random, root: str, package: list[str], target: str) -> str:
    parent, _, last = target.rpartition(".")
    form = random.randrange(5)
    if form == 0 or not parent:
        return f"import {target}" + random.choice(("", " as other"))
    if form == 1:
        return f"from {parent} import {last}" + random.choice(("", " as other"))
    if form == 2:
        return f"from {target} import something"
    if form == 3 and target.startswith(root + "."):
        names = target.split(".")
        shared = 0
        while shared < min(len(package), len(names) - 1) and package[shared] == names[shared]:
            shared += 1
        dots = "." * (len(package) - shared + 1)
        below = ".".join(names[shared:-1])
        return f"from {dots}{below} import {names[-1]}"
    return f"from {target} import *"


def _placed(random: Random, line: str) -> list[str]:
    form = random.randrange(8)
    if form == 0 and "*" not in line:
        return ["def late():", f"    {line}"]
    if form == 1:
        return ["try:", f"    {line}", "except ImportError:", "    pass"]
    if form == 2:
        return ["from typing import TYPE_CHECKING", "if TYPE_CHECKING:", f"    {line}"]
    if form == 3:
        return [f"# {line}", f'TEXT = "{line}"', line]
    return [line]


def _sentences(random: Random, root: str) -> Iterator[str]:
    one, two, three, four = random.sample([f"{root}.{part}" for part in PARTS], 4)
    tails = ("", "", ", except under `TYPE_CHECKING`")
    yield f"Modules in `{one}` MUST NOT import `{two}`{random.choice(tails)}."
    yield f"Modules in `{one}` MUST NOT import `{two}` or `{three}` directly or indirectly."
    yield f"Modules in `{root}` MUST NOT import `{four}`."
    yield f"Modules in `{two}` MUST NOT import `sqlalchemy`{random.choice(tails)}."
    yield f"Only modules in `{three}` MAY import `{four}`, except in `{root}/util.py`."
    yield f"`{one}`, `{two}` and `{three}` MUST be layered{random.choice(tails)}."
    yield f"`{one} | {two}`, `{three}` and `{four}` MUST be layered."
    yield f"`{one}`, `{two} : {three}` and `{four}` MUST be layered."
    yield f"`{one}`, `{two}` and `{three}` MUST be independent{random.choice(tails)}."
    yield f"`deep`, `model` and `view` MUST be layered within `{root}.*`."
    yield f"Modules in `{one}` MUST NOT form import cycles."
    yield f"Modules in `{root}` MUST NOT form import cycles."
