"""Which constraints are judged when: before a tool runs, after it, or not at any tool call.

The keys are those of `bylaw.check.judges.JUDGES`. Before the tool, whatever its call shows by
itself is judged. What only a further call could mend, such as the second of two files that must
agree, waits until the agent stops: else neither file could ever be written.
"""

BEFORE = frozenset(
    {
        "import",
        "import-required",
        "import-indirect",
        "layered",
        "independent",
        "acyclic",
        "import-style",
        "wrapped",
        "depend",
        "pinned",
        "call",
        "use",
        "catch",
        "pass",
        "decorated",
        "inherit",
        "define",
        "docstring",
        "annotated",
        "named-entities",
        "named-files",
        "exist",
        "live",
        "size",
        "contain",
        "match",
        "start",
        "key-be",
        "key-match",
        "key-contain",
        "key-exist",
        "key-bound",
        "ci-run",
        "agent-change",
        "agent-limit",
        "agent-run",
        "agent-read",
        "agent-autonomy",
    }
)
"""Judged on what a tool call is about to do, and again afterwards."""

AFTER = frozenset({"semgrep", "hold", "identical", "key-equal", "exist-with", "change-with"})
"""Judged when a command has run and when the agent stops: they need an engine, or several files."""

ELSEWHERE = frozenset({"command-pass", "name-match", "approve"})
"""Judged on commits, pull requests and in CI: a command's outcome, names, what people say."""

ON_THE_TREE = frozenset({"import-indirect", "layered", "independent", "acyclic"})
"""Of those before the tool, the ones that one file alone does not decide: its imports do."""

ON_MANIFESTS = frozenset({"depend", "pinned"})

ON_NAMES = frozenset({"named-files", "exist", "live"})
"""Those which a file's content has no part in."""

OF_AGENTS = frozenset({"agent-change", "agent-limit", "agent-run", "agent-read", "agent-autonomy"})
