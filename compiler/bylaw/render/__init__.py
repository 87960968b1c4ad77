"""Diagnostics as people and machines read them: text, JSON, GitHub annotations."""
