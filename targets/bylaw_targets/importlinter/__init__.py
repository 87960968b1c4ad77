"""The target `import-linter`: contracts on which Python module may import which.

`importlinter.toml` holds what a `MUST` says, so that the exit status of `lint-imports` means what
it should; import-linter knows no warnings, so what a `SHOULD` says stands in
`importlinter-should.toml`. Leaving out imports under `TYPE_CHECKING` is a switch of the whole run:
such contracts have files of their own, `importlinter-runtime.toml` and
`importlinter-runtime-should.toml`. A file without contracts would make `lint-imports` fail, so
there is none: run it for each file that is there, from the repository's root, with the source
roots on `PYTHONPATH`.

Every contract is made from the modules of the tree, so that it names no module that does not
exist, matches something, and never has a source that overlaps what it forbids: the first stops
import-linter's whole run, the others pass without a word. No contract is ever exact, because
import-linter does not see `importlib.import_module`, which the language counts.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from json import loads
from typing import Any

from bylaw.diagnostics import Report
from bylaw.ir import ExceptTypeChecking, LayersSubject
from bylaw.scope import ScopedConstraint, ScopedDecision, ScopedProgram, TreeFacts
from bylaw.target import Artifact, Fidelity, Fragment, Trace
from bylaw.visible import shorten, visible
from bylaw_targets.importlinter import toml
from bylaw_targets.importlinter.contract import Contract, Translation
from bylaw_targets.importlinter.graph import Graph, graph_of
from bylaw_targets.importlinter.imports import permitted_edges, translate_import
from bylaw_targets.importlinter.structure import (
    translate_acyclic,
    translate_independent,
    translate_layered,
)

_SHAPES: dict[str, Callable[[Any, set[str], Graph], Translation]] = {
    "import": translate_import,
    "layered": translate_layered,
    "independent": translate_independent,
    "acyclic": translate_acyclic,
}

_FILES = {
    ("error", False): "importlinter.toml",
    ("warning", False): "importlinter-should.toml",
    ("error", True): "importlinter-runtime.toml",
    ("warning", True): "importlinter-runtime-should.toml",
}

_CONTRACT = "[[tool.importlinter.contracts]]"
_DYNAMIC = "imports by `importlib.import_module` are not seen"
_NAME_LENGTH = 200
_LINE_LENGTH = 500

# What Rich, with which import-linter prints, would take for a tag or an emoji.
_TAG = re.compile(r"(\\*)(\[[a-z#/@][^[]*?])|\\(?=\[)")
_EMOJI = re.compile(r":(?=[^\s:]+:)")


class ImportLinter:
    """Contracts for import-linter."""

    name = "import-linter"
    version = 1

    def compile(self, decision: ScopedDecision) -> Fragment:
        """Translate the constraints on imports of one decision."""
        fidelity: dict[str, Fidelity] = {}
        entries: list[tuple[str, tuple[str, ...], int, str]] = []
        dated = False
        for scoped in decision.constraints:
            answer, contracts = _compile(scoped, decision)
            fidelity[scoped.constraint.id] = answer
            if answer.level == "unsupported":
                continue
            node = scoped.constraint
            dated = dated or bool(node.from_ or node.until or scoped.waivers or scoped.permissions)
            if scoped.active:
                entries += contracts
        return Fragment(fidelity, (tuple(entries), int(dated)))

    def assemble(
        self,
        program: ScopedProgram,
        fragments: Sequence[Fragment],
        report: Report,  # noqa: ARG002 - the protocol's
    ) -> Iterable[Artifact]:
        """Join the contracts, one file for each kind of run."""
        files: dict[str, list[tuple[str, tuple[str, ...], int, str]]] = {}
        dated = False
        for fragment in fragments:
            payload: Any = fragment.payload
            entries, waits = payload
            dated = dated or bool(waits)
            for entry in entries:
                files.setdefault(entry[0], []).append(entry)
        change = program.next_change if dated else None
        for path in sorted(files):
            roots = sorted({root for entry in files[path] for root in entry[1]})
            head = _head(path, roots, any(entry[2] for entry in files[path]), program)
            text = "\n".join([head, *(entry[3] for entry in files[path])])
            yield Artifact(path, text.encode(), change.isoformat() if change else None)

    def trace(
        self, program: ScopedProgram, fragments: Sequence[Fragment], artifact: Artifact
    ) -> Iterator[Trace]:
        """Yield the lines of each contract: a table up to the empty line that ends it."""
        owners = {
            name: f"{scoped.decision.id}/{identity}"
            for scoped, fragment in zip(program.decisions, fragments, strict=True)
            for identity, answer in fragment.fidelity.items()
            for name in answer.rules
        }
        lines = artifact.data.decode().split("\n")
        for number, line in enumerate(lines, 1):
            if line == _CONTRACT:
                # The id stands first in its table, below the header.
                owner = owners.get(loads(lines[number].removeprefix("id = ")))
                if owner is not None:
                    yield Trace(owner, number, lines.index("", number))


def _head(path: str, roots: list[str], external: bool, program: ScopedProgram) -> str:
    folders = ":".join(root or "." for root in program.facts.source_roots) or "."
    pairs: list[tuple[str, toml.Value]] = [("root_packages", tuple(roots))]
    if external:
        pairs.append(("include_external_packages", True))
    if "runtime" in path:
        pairs.append(("exclude_type_checking_imports", True))
    return (
        "# Written by bylaw from the decisions that the contracts name. Do not edit.\n"
        "# Run from the repository's root, with this file's path:\n"
        f"#   PYTHONPATH={visible(folders)} lint-imports --config {path}\n\n"
        + toml.table("[tool.importlinter]", pairs)
    )


# --- one constraint ----------------------------------------------------------------------------


def _compile(
    scoped: ScopedConstraint, decision: ScopedDecision
) -> tuple[Fidelity, list[tuple[str, tuple[str, ...], int, str]]]:
    translation = _translate(scoped, decision)
    if translation.refusal is not None:
        return Fidelity("unsupported", translation.refusal), []
    node = scoped.constraint
    runtime = any(isinstance(e, ExceptTypeChecking) for e in node.exceptions)
    path = _FILES[node.severity, runtime]
    graph = graph_of(decision.facts)
    ignored = _ignored(scoped, translation, decision.facts)
    names = _names(scoped.full_id, len(translation.contracts))
    entries = [
        (
            path,
            tuple(sorted(contract.roots & graph.roots)),
            int(contract.external and not _is_inside(contract, graph)),
            _write(name, contract, ignored, scoped),
        )
        for name, contract in zip(names, translation.contracts, strict=True)
    ]
    return _fidelity(translation, tuple(names)), entries


def _fidelity(translation: Translation, names: tuple[str, ...]) -> Fidelity:
    reasons = (*translation.overreports, *translation.misses, _DYNAMIC)
    return Fidelity(
        "approximate",
        "; ".join(dict.fromkeys(reasons)),
        "both" if translation.overreports else "misses",
        names,
    )


def _translate(scoped: ScopedConstraint, decision: ScopedDecision) -> Translation:
    node = scoped.constraint
    translate = _SHAPES.get(node.shape)
    if translate is None:
        return Translation.refused("import-linter judges which module imports which, nothing else")
    if getattr(node.subject, "language", None) not in (None, "python"):
        return Translation.refused("import-linter reads Python only")
    if node.for_new_code:
        return Translation.refused("import-linter compares with no base")
    graph = graph_of(decision.facts)
    if not graph.modules:
        return Translation.refused("the repository has no Python package")
    judged, unseen = graph.area(scoped.area)
    if not judged:
        return Translation.refused("no module of a Python package is in its scope")
    translation = translate(node, set(judged), graph)
    if isinstance(node.subject, LayersSubject) or translation.refusal is not None:
        return translation
    return replace(translation, misses=(*translation.misses, *_unread(scoped, unseen)))


def _unread(scoped: ScopedConstraint, unseen: tuple[str, ...]) -> Iterator[str]:
    """Say which of the code in scope import-linter does not read."""
    others = [language for language in scoped.languages if language != "python"]
    if others:
        yield f"only Python is read, not {', '.join(others)}"
    if unseen:
        more = " and others" if len(unseen) > 3 else ""
        named = ", ".join(f"`{module}`" for module in unseen[:3])
        yield f"{named}{more} stand in no package that it reads"


def _is_inside(contract: Contract, graph: Graph) -> bool:
    return contract.roots <= graph.roots


def _names(full_id: str, count: int) -> list[str]:
    stem = re.sub(r"[^\w.-]+", "-", full_id.replace("/", "."))
    return [stem if index == 0 else f"{stem}.{index + 1}" for index in range(count)]


def _ignored(
    scoped: ScopedConstraint, translation: Translation, facts: TreeFacts
) -> tuple[str, ...]:
    """Return the imports that waivers, permissions and exceptions take out, as expressions."""
    graph = graph_of(facts)
    edges = [*translation.ignored]
    edges += [(e.importer, e.imported) for waiver in scoped.waivers for e in waiver.edges]
    for permission in scoped.permissions:
        edges += permitted_edges(permission, facts, graph)
    return tuple(
        dict.fromkeys(
            f"{importer} -> {imported}"
            for one, other in edges
            for importer in _expressions(one, graph)
            for imported in _expressions(other, graph)
        )
    )


def _expressions(name: str, graph: Graph) -> list[str]:
    """Return import-linter's expressions for a module and all below it.

    It refuses some patterns, so they are spelled out.
    """
    first = name.partition(".")[0]
    if "*" not in name:
        if first not in graph.roots:
            return [first]
        return [name, f"{name}.**"] if graph.below(name) else [name]
    return [e for top in graph.match(name) for e in _expressions(top, graph)]


def _write(
    name: str, contract: Contract, ignored: tuple[str, ...], scoped: ScopedConstraint
) -> str:
    node = scoped.constraint
    # The name's end tells contracts of one constraint apart, of which import-linter prints no id.
    part = name.rpartition(".")[2]
    several = f" ({part})" if part.isdigit() else ""
    title = f"{scoped.full_id}: {shorten(visible(node.sentence), _NAME_LENGTH)}{several}"
    pairs: list[tuple[str, toml.Value]] = [
        ("id", name),
        ("name", escape(visible(title))),
        ("type", contract.type),
        *contract.options,
    ]
    if ignored:
        pairs.append(("ignore_imports", ignored))
        pairs.append(("unmatched_ignore_imports_alerting", "none"))
    pairs.append(("broken_contract_guidance", _guidance(scoped)))
    return toml.table(_CONTRACT, pairs)


def _guidance(scoped: ScopedConstraint) -> str:
    node = scoped.constraint
    lines = []
    if node.alternative is not None:
        lines.append(f"Use {visible(node.alternative.text)} instead.")
    if node.because:
        lines.append(f"Because {visible(node.because)}.".replace("..", "."))
    lines.append(f"Decided in {visible(node.span.path)}:{node.span.line}")
    # A reason of a megabyte helps nobody, and escaping takes longer than its length.
    return "\n".join(escape(shorten(text, _LINE_LENGTH)) for text in lines)


def escape(text: str) -> str:
    """Return text that Rich prints as it is, though it may look like its markup."""
    return _EMOJI.sub(":[none][/none]", _TAG.sub(_shield, text))


def _shield(match: re.Match[str]) -> str:
    if match[2] is None:
        return "\\\\"
    return f"{match[1]}{match[1]}\\{match[2]}"
