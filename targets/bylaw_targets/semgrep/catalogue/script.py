"""TypeScript and JavaScript: the patterns that rules are made of.

Semgrep drops the source of `export type {X} from "m"`, and does not tell `import type` from
`import`; those are read as text.
"""

IMPORT = (
    'import "$M"',
    'import {$NAME} from "$M"',
    'import $NAME from "$M"',
    'import * as $NAME from "$M"',
    'export {$NAME} from "$M"',
    'export * from "$M"',
)

CALLED_IMPORT = (
    'require("$M")',
    "require(`$M`)",
    'import("$M")',
    "import(`$M`)",
)

EXPORT_TYPE = (
    r"""(?m)^[ \t]*export\s+type\s*(?:\{{[^}}]*\}}|\*(?:\s+as\s+[\w$]+)?)\s*from\s*"""
    r"""(?:"{names}"|'{names}')"""
)
"""`names` is the regular expression of a module specifier."""

TYPE_ONLY = (
    r"(?m)^[ \t]*(?:import|export)\s+type\s+(?!from\b)[^;'\"]*\bfrom\b[^\n]*"
    r"|^[ \t]*(?:import|export)\s*\{(?:\s*type\s+[\w$]+(?:\s+as\s+[\w$]+)?\s*,?)+\s*\}\s*"
    r"from\b[^\n]*"
)

FUNCTIONS = (
    "function $FUNCTION(...) { ... }",
    "function (...) { ... }",
    "(...) => { ... }",
    "(...) => $BODY",
)

DEFAULT_EXPORT = "export default $VALUE"
DEFAULT_NAMESPACE = r"(?m)^[ \t]*export\s*\*\s*as\s+default\b"
NAMESPACE_IMPORT = 'import * as $NAME from "$M"'
ASSIGNED_IMPORT = r"import\s+[\w$]+\s*=\s*require\b[^\n]*"
"""What Semgrep takes for a namespace import though it is none."""

TRY = (
    "try {\n  ...\n  $BODY\n  ...\n} catch ($ERROR) { ... }",
    "try {\n  ...\n  $BODY\n  ...\n} catch { ... }",
    "try {\n  ...\n  $BODY\n  ...\n} finally { ... }",
)

BUILTIN_MODULES = tuple(
    """
    assert async_hooks buffer child_process cluster console constants crypto dgram
    diagnostics_channel dns domain events fs http http2 https inspector module net os path
    perf_hooks process punycode querystring readline repl sea sqlite stream string_decoder sys test
    timers tls trace_events tty url util v8 vm wasi worker_threads zlib
    """.split()  # noqa: SIM905 - reads better as running text
)
"""Modules of Node.js, with or without `node:`."""

GLOBAL_OBJECTS = ("globalThis.", "window.", "self.", "global.")

BINDINGS = (
    'import $MODULE from "$M"\n...',
    'import * as $MODULE from "$M"\n...',
    '$MODULE = require("$M")\n...',
)
"""How a module gets a name: `$MODULE` is that name."""

MEMBER_BINDING = 'import {{{name} as $MEMBER}} from "$M"\n...'
"""How a member of a module gets a name of its own."""

KEYWORD = ("(..., {..., NAME: VALUE, ...}, ...)",)
SHORTHAND = "(..., {..., NAME, ...}, ...)"
SPREAD = ("(..., {..., ...$REST, ...}, ...)", "(..., ...$REST)", "`...`")

CLASSES = (
    "class $NAME { ... }",
    "class $NAME extends $BASE { ... }",
    "abstract class $NAME { ... }",
)
FUNCTION = "function $NAME(...) { ... }"
METHOD_PLACE = "class $CLASS { ... $NAME(...) { ... } ... }"
INHERITING = (
    "class $NAME extends {base} { ... }",
    "class $NAME implements {base} { ... }",
    "abstract class $NAME extends {base} { ... }",
    "class $NAME extends $BASE implements {base} { ... }",
)
DECORATED_METHOD = ("{decorator} $NAME(...) { ... }",)
DECORATED_CLASS = ("{decorator} class $NAME { ... }",)
