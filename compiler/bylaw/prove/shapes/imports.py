"""Programs for `import`: what must not, what may only, and what must be imported."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from posixpath import dirname, relpath

from bylaw import ir
from bylaw.area import Area
from bylaw.globs import matcher
from bylaw.languages import language_of
from bylaw.modules import module_of, paths_of
from bylaw.prove.case import NO_LINES, WHOLE, Draft, bad, good
from bylaw.prove.names import MOST, is_any, module
from bylaw.prove.places import Places
from bylaw.prove.shapes.stage import Stage

_UNLISTED = "unlisted_package"


def imports(stage: Stage) -> Iterator[Draft]:
    """Make programs for an `import` constraint."""
    constraint = stage.a(ir.Import)
    if constraint.reach == "indirect":
        yield from _indirect(stage, constraint)
        return
    if constraint.modal == "must":
        yield from _required(stage, constraint)
        return
    if constraint.modal == "must-only":
        yield from _only(stage, constraint)
        return
    eager = constraint.reach == "module-level"
    for name in _names(stage, constraint):
        forms = FORMS.get(stage.language or "")
        if forms is not None:
            yield from _kept(forms(name, stage, eager), constraint, name)
    yield from _files(stage, constraint)
    for name in _excepted(constraint):
        if stage.language in ("python", *_SCRIPTS):
            yield good(f"imports `{name}`, which is excepted", _plain(name, stage))


_SCRIPTS = ("typescript", "javascript")


def _names(stage: Stage, constraint: ir.Import) -> list[str]:
    """Return concrete modules to import; what they cover the subject may not hold itself."""
    found = []
    excepted = _excepted(constraint)
    for operand in constraint.operands[:MOST]:
        if isinstance(operand, ir.Module):
            name = module(operand.text)
            own = module_of(stage.path, stage.layout) or ""
            if any(name == e or name.startswith(f"{e}.") for e in excepted):
                continue
            if stage.language == "python" and (own == name or own.startswith(f"{name}.")):
                continue
            found.append(name)
    return found


def _excepted(constraint: ir.Import) -> list[str]:
    return [
        module(operand.text)
        for exception in constraint.exceptions
        if isinstance(exception, ir.ExceptOperands)
        for operand in exception.operands
        if isinstance(operand, ir.Module)
    ]


def _kept(drafts: Iterable[Draft], constraint: ir.Import, name: str) -> Iterator[Draft]:
    """Leave out near misses that other operands make hits, and hits that exceptions spare."""
    runtime = any(e.excepts == "type-checking" for e in constraint.exceptions)
    excepts = _excepted(constraint)
    for draft in drafts:
        if draft.title in _TYPES and runtime:
            yield replace(draft, lines=NO_LINES)
        elif (
            draft.title == "imports what lies beside it" and _covers(constraint, draft.text, name)
        ) or (any(e.startswith(name) for e in excepts) and "*" in draft.text):
            continue
        else:
            yield draft


_TYPES = frozenset({"imports it under `TYPE_CHECKING`", "imports a type of it"})


def _covers(constraint: ir.Import, text: str, name: str) -> bool:
    return any(
        is_any(each, constraint.operands) for each in (f"{name}_utils", f"{name}-utils", text)
    )


def _plain(name: str, stage: Stage) -> str:
    if stage.is_script:
        return f'import thing from "{name}";\n'
    if stage.language == "go":
        return f'package example\n\nimport _ "{name}"\n'
    if stage.language == "java":
        return f"import {name}.Thing;\n\nclass Example {{}}\n"
    return f"import {name}\n"


# --- each language -----------------------------------------------------------------------------


def _python(name: str, _stage: Stage, eager: bool) -> Iterator[Draft]:
    if not all(part.isidentifier() for part in name.split(".")):
        return
    parent, _, last = name.rpartition(".")
    yield bad("imports it", f"import {name}\n")
    yield bad("imports it as something else", f"import {name} as other\n")
    yield bad("imports a module of it", f"import {name}.sub\n")
    yield bad("imports it beside another", f"import os, {name}\n")
    yield bad("imports a name of it", f"from {name} import thing\n")
    yield bad("imports a name of it as something else", f"from {name} import thing as other\n")
    yield bad("imports everything of it", f"from {name} import *\n")
    if parent:
        yield bad("imports it from its package", f"from {parent} import {last}\n")
        yield good("imports its package only", f"import {parent}\n")
    late = f"def late():\n    import {name}\n\n    return {name}\n"
    yield (
        good("imports it in a function", late)
        if eager
        else bad("imports it in a function", late, 2)
    )
    yield bad("imports it in a try", f"try:\n    import {name}\nexcept ImportError:\n    pass\n", 2)
    yield bad(
        "imports it under `TYPE_CHECKING`",
        f"from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import {name}\n",
        4,
    )
    dynamic = f'import importlib\n\nthing = importlib.import_module("{name}")\n'
    yield bad("imports it by `importlib`", dynamic, 3)
    yield good("imports what lies beside it", f"import {name}_utils\n")
    yield good("names it in a comment", f"# import {name}\n")
    yield good("names it in a docstring", f'"""Example.\n\nimport {name}\n"""\n')
    yield good("names it in a string", f'text = "import {name}"\n')
    yield good("gives a variable its name", f"{last or name} = 1\n")


def _script(name: str, stage: Stage, eager: bool) -> Iterator[Draft]:
    yield bad("imports it", f'import thing from "{name}";\n')
    yield bad("imports for its effects", f'import "{name}";\n')
    yield bad("imports a name of it", f'import {{ thing as other }} from "{name}";\n')
    yield bad("imports all of it", f'import * as all from "{name}";\n')
    yield bad("imports a path of it", f'import thing from "{name}/sub";\n')
    yield bad("exports a name of it", f'export {{ thing }} from "{name}";\n')
    yield bad("exports all of it", f'export * from "{name}";\n')
    late = f'export function late() {{\n  return require("{name}");\n}}\n'
    yield (
        good("requires it in a function", late)
        if eager
        else bad("requires it in a function", late, 2)
    )
    yield bad("requires it", f'const thing = require("{name}");\n')
    if not eager:
        yield bad(
            "imports it when it is needed",
            f'export async function late() {{\n  return await import("{name}");\n}}\n',
            2,
        )
    if stage.language == "typescript":
        yield bad("imports a type of it", f'import type {{ Thing }} from "{name}";\n')
    yield good("imports what lies beside it", f'import thing from "{name}-utils";\n')
    yield good("names it in a comment", f'// import thing from "{name}";\n')
    yield good("names it in a string", f'const text = "{name}";\n')


def _go(name: str, _stage: Stage, _eager: bool) -> Iterator[Draft]:
    head = "package example\n\n"
    yield bad("imports it", f'{head}import "{name}"\n', 3)
    yield bad("imports it as something else", f'{head}import other "{name}"\n', 3)
    yield bad("imports it in a group", f'{head}import (\n\t"fmt"\n\t"{name}"\n)\n', 5)
    yield bad("imports a package of it", f'{head}import "{name}/sub"\n', 3)
    yield good("imports what lies beside it", f'{head}import "{name}-utils"\n')
    yield good("names it in a comment", f'{head}// import "{name}"\n')
    yield good("names it in a string", f'{head}const text = "{name}"\n')


def _java(name: str, _stage: Stage, _eager: bool) -> Iterator[Draft]:
    if not all(part.isidentifier() for part in name.split(".")):
        return
    tail = "\nclass Example {}\n"
    if name.rpartition(".")[2][:1].isupper():
        yield bad("imports it", f"import {name};\n{tail}")
    else:
        yield bad("imports a class of it", f"import {name}.Thing;\n{tail}")
        yield bad("imports everything of it", f"import {name}.*;\n{tail}")
        yield bad("imports a member of it", f"import static {name}.Thing.member;\n{tail}")
    yield good("imports what lies beside it", f"import {name}x.Thing;\n{tail}")
    yield good("names it in a comment", f"// import {name}.Thing;\n{tail}")
    yield good("names it in a string", f'class Example {{ String text = "{name}.Thing"; }}\n')


FORMS = {
    "python": _python,
    "typescript": _script,
    "javascript": _script,
    "go": _go,
    "java": _java,
}


# --- the other modals --------------------------------------------------------------------------


def _only(stage: Stage, constraint: ir.Import) -> Iterator[Draft]:
    if stage.language not in ("python", *_SCRIPTS):
        return
    yield bad("imports a package that is not listed", _plain(_UNLISTED, stage))
    if stage.language == "python":
        text = f"def late():\n    from {_UNLISTED} import thing\n\n    return thing\n"
        yield bad("imports one in a function", text, 2)
        yield good("imports the standard library", "import os.path\nfrom decimal import Decimal\n")
        yield good("names a package in a comment", f"# import {_UNLISTED}\n")
    else:
        yield good("imports the standard library", 'import { join } from "node:path";\n')
    for operand in (*constraint.operands[:MOST],):
        if isinstance(operand, ir.Module):
            name = module(operand.text)
            yield good(f"imports `{name}`, which is listed", _plain(name, stage))


def _required(stage: Stage, constraint: ir.Import) -> Iterator[Draft]:
    names = [module(o.text) for o in constraint.operands if isinstance(o, ir.Module)]
    if len(names) != len(constraint.operands) or stage.language not in ("python", *_SCRIPTS):
        return
    if stage.is_script:
        texts = [f'import thing{n} from "{name}";\n' for n, name in enumerate(names)]
        empty, aside = (
            "export const x = 1;\n",
            '// import thing from "{name}";\nexport const x = 1;\n',
        )
    else:
        texts = [_from(name) for name in names]
        empty, aside = "x = 1\n", "# import {name}\nx = 1\n"
    whole = "".join(texts) if constraint.quantifier == "all" else texts[0]
    yield Draft("imports nothing", empty, WHOLE)
    yield Draft("names it in a comment only", aside.format(name=names[0]), WHOLE)
    if constraint.quantifier == "all" and len(texts) > 1:
        yield Draft("imports one of them only", texts[0], WHOLE)
    yield good("imports it", whole + empty)


def _from(name: str) -> str:
    parent, _, last = name.rpartition(".")
    return f"from {parent} import {last}\n" if parent else f"import {name}\n"


def _files(stage: Stage, constraint: ir.Import) -> Iterator[Draft]:
    """Import the repository's own files, where the operand is `code in …`."""
    for operand in constraint.operands:
        if not isinstance(operand, ir.FilesOperand):
            continue
        globs = tuple(glob.text for glob in operand.globs)
        path, inside = stage.path, matcher(globs)
        if inside(path):
            continue
        if stage.language not in ("python", *_SCRIPTS):
            continue
        target = Places(Area(globs), taken=set(stage.files)).inside(stage.ending)
        beside = f"{dirname(path)}/neighbour_of_it{stage.ending}"
        if target is None or language_of(target) != stage.language:
            continue
        if stage.is_script:
            yield Draft(
                "imports a file of it",
                _relative(target, path),
                frozenset((1,)),
                path,
                {target: "export const thing = 1;\n"},
            )
            if not inside(beside):
                yield Draft(
                    "imports a file beside itself",
                    _relative(beside, path),
                    NO_LINES,
                    path,
                    {beside: "export const thing = 1;\n"},
                )
        elif stage.language == "python":
            name = module_of(target, stage.layout)
            if name is not None:
                yield Draft(
                    "imports a file of it", f"import {name}\n", frozenset((1,)), None, {target: ""}
                )
        yield good("names it in a comment", f"{'//' if stage.is_script else '#'} import {target}\n")


def _relative(target: str, path: str) -> str:
    found = relpath(target, dirname(path)).rpartition(".")[0]
    return f'import {{ thing }} from "{found if found.startswith(".") else f"./{found}"}";\n'


def _indirect(stage: Stage, constraint: ir.Import) -> Iterator[Draft]:
    """Import through a module of the repository's own, which itself may."""
    if stage.language != "python":
        return
    through = next(
        (path for why, path in stage.places.outside(".py") if why == "outside its scope"), None
    )
    name = next(iter(_names(stage, constraint)), None)
    if name is None or constraint.modal == "must-only":
        return
    yield bad("imports it", f"import {name}\n")
    yield bad("imports a name of it", f"from {name} import thing\n")
    yield good("names it in a comment", f"# import {name}\n")
    own, _ = paths_of((name,), stage.layout)
    step = module_of(through, stage.layout) if through is not None else None
    if through is None or step is None or matcher(own)(through):
        return
    top = step.partition(".")[0]
    if top not in stage.layout.packages and top not in stage.layout.modules:
        return
    yield Draft(
        "imports it through another module",
        f"import {step}\n",
        frozenset((1,)),
        None,
        {through: f"import {name}\n"},
    )
    yield Draft(
        "imports a module that does not", f"import {step}\n", NO_LINES, None, {through: "x = 1\n"}
    )
