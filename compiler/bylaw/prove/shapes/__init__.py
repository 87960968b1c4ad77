"""What programs are made for which shape: one table."""

from collections.abc import Mapping

from bylaw.prove.shapes import changes, entities, files, graph, imports, keys, manifests, uses
from bylaw.prove.shapes.stage import Generator, Stage

__all__ = ["CODE", "OTHERS", "Generator", "Stage"]

CODE: Mapping[str, Generator] = {
    "import": imports.imports,
    "import-required": imports.imports,
    "import-indirect": imports.imports,
    "layered": graph.layered,
    "independent": graph.independent,
    "acyclic": graph.acyclic,
    "import-style": uses.styles,
    "wrapped": uses.wrapped,
    "call": uses.refers,
    "use": uses.refers,
    "catch": uses.catches,
    "pass": uses.passes,
    "decorated": entities.decorated,
    "inherit": entities.inherits,
    "define": entities.defines,
    "docstring": entities.documented,
    "annotated": entities.annotated,
    "named-entities": entities.named,
}
"""By sort (see `bylaw.check.judges`), what makes programs in each language of the scope."""

OTHERS: Mapping[str, Generator] = {
    "depend": manifests.depends,
    "pinned": manifests.pinned,
    "named-files": files.named,
    "name-match": changes.matched,
    "exist": files.exists,
    "live": files.lives,
    "hold": files.holds,
    "size": files.sizes,
    "contain": files.texts,
    "match": files.texts,
    "start": files.texts,
    "identical": files.identical,
    "key-be": keys.keys,
    "key-match": keys.keys,
    "key-contain": keys.keys,
    "key-exist": keys.keys,
    "key-bound": keys.keys,
    "key-equal": keys.equal,
    "change-with": changes.paired,
    "exist-with": changes.paired,
    "ci-run": changes.ci_runs,
    "approve": changes.approved,
    "agent-change": changes.agent_changes,
    "agent-limit": changes.agent_limits,
}
"""By sort, what makes files and situations, whatever language they are in.

Of a nested Semgrep pattern, a command and what only a record of tool calls shows, there are only
the examples that an author gives.
"""
