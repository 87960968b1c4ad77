"""Diagnostics and verdicts as people and machines read them: text, JSON, annotations, logs."""
