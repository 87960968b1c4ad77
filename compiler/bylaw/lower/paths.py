"""Which code spans can only be paths, where a module or a path may stand."""

_ENDINGS = """
adoc avsc bat bicep c cc cfg cjs cpp cs csproj css csv cts env ex exs fs go gql gradle graphql h hbs
hcl hpp htm html ini ipynb java js json json5 jsonc jsx kt kts less lock lua md mdx mjs mk mts php
pl prisma properties proto ps1 py pyi pyx r rb rs rst sass scala scss sh sql svelte svg swift tf
tfvars toml ts tsx txt vb vue xml yaml yml
"""
ENDINGS = frozenset(_ENDINGS.split())
"""File endings by which a code span without a `/` is known for a file."""


def looks_like_path(text: str) -> bool:
    """Whether a code span without further words means files: it has a `/` or a file ending."""
    return "/" in text or ("." in text and text.rpartition(".")[2].lower() in ENDINGS)


def path_to_import(text: str) -> bool:
    """Whether an import operand can only be a path; a JavaScript package may have a `/` too."""
    if text.startswith((".", "/")) or text.endswith("/"):
        return True
    if "/" not in text or text.startswith("@"):
        return False
    ending = text.rpartition(".")[2].lower()
    return "*" in text or ending in ENDINGS - {"js", "cjs", "mjs", "ts", "css", "json", "svg"}
