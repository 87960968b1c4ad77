"""Proving constraints: programs whose verdict is known, held against every engine that speaks."""
