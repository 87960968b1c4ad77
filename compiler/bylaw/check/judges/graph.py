"""The judges of the import graph: chains, layers, independence and cycles."""

from bylaw.check.judges.chains import INDIRECT
from bylaw.check.judges.circles import ACYCLIC
from bylaw.check.judges.layers import INDEPENDENT, LAYERED

__all__ = ["ACYCLIC", "INDEPENDENT", "INDIRECT", "LAYERED"]
