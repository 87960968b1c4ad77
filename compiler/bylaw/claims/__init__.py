"""Claims: what a task says it will touch, held against the constraints and then the diff."""
