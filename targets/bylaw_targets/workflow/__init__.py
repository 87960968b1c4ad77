"""The target `workflow`: `workflow.yaml`, by which an orchestrator runs agents.

It holds what each level of autonomy means (what a failure of a phase does, which gates have to be
passed, how the level is earned), at which level agents work by class and path, and what the
decisions add: limits, approvals, commands, what to read first. Its JSON Schema is `bylaw schema
workflow`. Levels and gates are what `docs/claims.md` describes; a decision can only make a gate
narrower.
"""

from bylaw_targets.workflow.model import schema
from bylaw_targets.workflow.target import WorkflowTarget

__all__ = ["WorkflowTarget", "schema"]
