"""The target `agents`: the decisions in force as contracts that coding agents and people read."""

from bylaw_targets.agents.target import Agents
from bylaw_targets.agents.text import code, inert

__all__ = ["Agents", "code", "inert"]
