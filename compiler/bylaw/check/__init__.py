"""The checker: scoped constraints and a tree, or a change of it, to verdicts."""
