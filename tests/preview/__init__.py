"""What an architect sees before a decision is accepted."""
