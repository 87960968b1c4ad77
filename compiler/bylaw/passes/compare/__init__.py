"""What two constraints have to do with each other: where both bind, and what both say there."""
