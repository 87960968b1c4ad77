"""Go: the patterns that rules are made of."""

IMPORT = 'import "$M"'
# Semgrep's Go wants a line end after the ellipsis.
INSIDE_IMPORT = 'import "$M"\n...\n'
INSIDE_ALIASED_IMPORT = 'import $ALIAS "$M"\n...\n'

STRUCT = "type $NAME struct { ... }"
FUNCTIONS = ("func $NAME(...) { ... }", "func $NAME(...) $RESULT { ... }")
METHODS = (
    "func ($RECEIVER $TYPE) $NAME(...) { ... }",
    "func ($RECEIVER $TYPE) $NAME(...) $RESULT { ... }",
)
DOT_IMPORT = 'import . "$M"'
