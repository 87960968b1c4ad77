"""The judges: one table, from a constraint's shape to what judges it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from bylaw.check.judges.base import FileJudge, Judge, TreeJudge, Words

if TYPE_CHECKING:
    from bylaw.ir import Constraint

__all__ = ["FileJudge", "Judge", "TreeJudge", "Words", "judge_of", "sort_of"]

# By sort, the module in this package and the name of its judge. Modules are imported when the
# first constraint of their sort comes: some need an engine, a parser or git.
JUDGES: Mapping[str, tuple[str, str]] = {
    "import": ("imports", "IMPORT"),
    "import-required": ("imports", "IMPORT_REQUIRED"),
    "import-indirect": ("graph", "INDIRECT"),
    "layered": ("graph", "LAYERED"),
    "independent": ("graph", "INDEPENDENT"),
    "acyclic": ("graph", "ACYCLIC"),
    "import-style": ("imports", "STYLE"),
    "wrapped": ("calls", "WRAPPED"),
    "depend": ("dependencies", "DEPEND"),
    "pinned": ("dependencies", "PINNED"),
    "call": ("uses", "CALL"),
    "use": ("uses", "USE"),
    "catch": ("uses", "CATCH"),
    "pass": ("calls", "PASS"),
    "semgrep": ("semgrep", "SEMGREP"),
    "decorated": ("entities", "DECORATED"),
    "inherit": ("entities", "INHERIT"),
    "define": ("entities", "DEFINE"),
    "docstring": ("entities", "DOCSTRING"),
    "annotated": ("entities", "ANNOTATED"),
    "named-entities": ("entities", "NAMED"),
    "named-files": ("files", "NAMED"),
    "name-match": ("names", "NAME_MATCH"),
    "exist": ("files", "EXIST"),
    "live": ("files", "LIVE"),
    "hold": ("files", "HOLD"),
    "size": ("texts", "SIZE"),
    "contain": ("texts", "CONTAIN"),
    "match": ("texts", "MATCH"),
    "start": ("texts", "START"),
    "identical": ("texts", "IDENTICAL"),
    "key-be": ("keys", "BE"),
    "key-match": ("keys", "MATCH"),
    "key-contain": ("keys", "CONTAIN"),
    "key-exist": ("keys", "EXIST"),
    "key-bound": ("keys", "BOUND"),
    "key-equal": ("keys", "EQUAL"),
    "change-with": ("pairs", "CHANGE_WITH"),
    "exist-with": ("pairs", "EXIST_WITH"),
    "ci-run": ("runs", "CI_RUN"),
    "command-pass": ("runs", "COMMAND_PASS"),
    "approve": ("approvals", "APPROVE"),
    "agent-change": ("agents", "CHANGE"),
    "agent-limit": ("agents", "LIMIT"),
    "agent-run": ("records", "RUN"),
    "agent-read": ("records", "READ"),
    "agent-autonomy": ("records", "AUTONOMY"),
}


def sort_of(constraint: Constraint) -> str:
    """Return the entry of the table that a constraint is judged by: its shape, or finer."""
    if constraint.shape == "import":
        if constraint.reach == "indirect":
            return "import-indirect"
        return "import-required" if constraint.modal == "must" else "import"
    if constraint.shape == "named":
        return "named-entities" if constraint.subject.noun == "entities" else "named-files"
    return constraint.shape


def judge_of(constraint: Constraint) -> Judge:
    """Return what judges a constraint."""
    module, name = JUDGES[sort_of(constraint)]
    judge: Judge = getattr(import_module(f"bylaw.check.judges.{module}"), name)
    if isinstance(judge, FileJudge) and getattr(constraint.subject, "inheriting", None):
        # What a class inherits from stands in other files, too.
        across_files: Callable[[FileJudge], TreeJudge] = import_module(
            "bylaw.check.judges.entities"
        ).across_files
        return across_files(judge)
    return judge
