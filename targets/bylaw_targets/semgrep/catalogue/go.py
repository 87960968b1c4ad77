"""Go: the patterns that rules are made of."""

IMPORT = 'import "$M"'
INSIDE_IMPORT = 'import "$M"\n...'
INSIDE_ALIASED_IMPORT = 'import $ALIAS "$M"\n...'

STRUCT = "type $NAME struct { ... }"
FUNCTIONS = ("func $NAME(...) { ... }", "func $NAME(...) $RESULT { ... }")
METHODS = (
    "func ($RECEIVER $TYPE) $NAME(...) { ... }",
    "func ($RECEIVER $TYPE) $NAME(...) $RESULT { ... }",
)
