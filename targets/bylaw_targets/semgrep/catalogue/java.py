"""Java: the patterns that rules are made of."""

IMPORT = "import $M;"
DYNAMIC_IMPORT = ('Class.forName("$M", ...)',)

QUALIFIED = r"(?<![\w.$]){names}(?![\w$])(?:\.[\w$]+)*"
"""A qualified name in the text, where Semgrep's patterns see only some positions of a type."""

NO_CODE = (
    r'"""(?s:(?:\\.|[^\\])*?)"""|"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*(?s:.*?)\*/'
    r"|(?m:^[ \t]*(?:package|import)\s[^;]*;)"
)
"""Strings, comments, and what other patterns judge."""

LANG = frozenset({"System", "Runtime", "Thread", "Class", "Math", "String", "Object", "Process"})
"""Classes of `java.lang` that code names with and without their package."""

HANDLER = r"\bcatch\s*\(\s*(?:final\s+|@\w+\s+)*(?:[\w.$]+\s*\|\s*)*{name}\s*(?:\||[\w$]+\s*\))"
"""A handler in the text: Semgrep's patterns see the first type of several only."""

CLASS = "class $NAME { ... }"
ENUM = "enum $NAME { ... }"
INTERFACE = "interface $INTERFACE { ... }"
METHODS = ("$RESULT $NAME(...) { ... }", "$RESULT $NAME(...);")
INHERITING = ("class $NAME extends {base} { ... }", "class $NAME implements {base} { ... }")
DECORATED_METHOD = ("{decorator} $RESULT $NAME(...) { ... }", "{decorator} $RESULT $NAME(...);")
DECORATED_CLASS = ("{decorator} class $NAME { ... }",)

WILDCARD_IMPORT = "import $M.*;"

TRY = (
    "try { ... $BODY; ... } catch ($TYPE $ERROR) { ... }",
    "try { ... $BODY; ... } finally { ... }",
)
