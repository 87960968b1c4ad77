"""What one ADR becomes, and what it would break, as rows of a terminal.

`rows` lays out lines, `source` the ADR, `artifacts` what it becomes, `effect` its impact; `page`
joins them. Nothing here prints: `bylaw.cli` does, with rich.
"""
