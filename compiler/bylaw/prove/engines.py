"""The engines, besides the evaluator, that constraints are proven against: one table."""

from bylaw.prove.engine import Engine
from bylaw.prove.importlinter import ImportLinterEngine
from bylaw.prove.semgrep import SemgrepEngine

ENGINES: tuple[Engine, ...] = (SemgrepEngine(), ImportLinterEngine())
"""In the order of the columns."""
