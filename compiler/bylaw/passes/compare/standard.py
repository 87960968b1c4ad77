"""Names that a language's standard library may own: nothing is concluded about their imports."""

import sys

_NODE_MODULES = (
    "assert async_hooks buffer child_process cluster console constants crypto dgram "
    "diagnostics_channel dns domain events fs http http2 https inspector module net os path "
    "perf_hooks process punycode querystring readline repl stream string_decoder timers tls "
    "trace_events tty url util v8 vm wasi worker_threads zlib"
)
_NODE = frozenset(_NODE_MODULES.split(" "))


def may_be_standard(name: str) -> bool:
    """Tell whether a first name may belong to a standard library."""
    return name in sys.stdlib_module_names or name in _NODE or name.startswith("node:")
