"""The names that a language itself gives to every file, without an import.

A fixed table, because the list of the Python that happens to run would give one repository
different verdicts on different machines.
"""

_PYTHON = """
ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError
BrokenPipeError BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError
ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError Ellipsis EncodingWarning
EnvironmentError Exception ExceptionGroup FileExistsError FileNotFoundError FloatingPointError
FutureWarning GeneratorExit IOError ImportError ImportWarning IndentationError IndexError
InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError
ModuleNotFoundError NameError NotADirectoryError NotImplemented NotImplementedError OSError
OverflowError PendingDeprecationWarning PermissionError ProcessLookupError PythonFinalizationError
RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration
StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError TypeError
UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError
UnicodeWarning UserWarning ValueError Warning ZeroDivisionError __build_class__ __import__ abs aiter
all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex
copyright credits delattr dict dir divmod enumerate eval exec exit filter float format frozenset
getattr globals hasattr hash help hex id input int isinstance issubclass iter len license list
locals map max memoryview min next object oct open ord pow print property quit range repr reversed
round set setattr slice sorted staticmethod str sum super tuple type vars zip
"""

_SCRIPT = """
AbortController Array ArrayBuffer BigInt Blob Boolean Buffer Date Error EvalError EventSource
FormData Function Headers Infinity Intl JSON Map Math NaN Number Object Promise Proxy RangeError
ReferenceError Reflect RegExp Request Response Set String Symbol SyntaxError TypeError URIError URL
URLSearchParams WeakMap WeakRef WeakSet WebAssembly WebSocket Worker XMLHttpRequest alert atob btoa
clearInterval clearTimeout confirm console decodeURI decodeURIComponent document encodeURI
encodeURIComponent escape eval fetch global globalThis history isFinite isNaN localStorage location
navigator parseFloat parseInt process prompt queueMicrotask requestAnimationFrame self
sessionStorage setImmediate setInterval setTimeout structuredClone unescape window
"""

PYTHON = frozenset(_PYTHON.split())
"""The builtins of CPython 3.9 to 3.14 that have a meaning in a module."""

SCRIPT = frozenset(_SCRIPT.split())
"""The usual globals of JavaScript, in browsers and in Node."""
