"""Patterns by language: data that people can read beside the Semgrep documentation."""
