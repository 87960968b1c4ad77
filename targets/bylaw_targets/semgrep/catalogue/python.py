"""Python: the patterns that rules are made of.

`$BODY` is what a pattern is about where it is used with a focus. `except ...` stands for any
handlers, which is undocumented and tried.
"""

DYNAMIC_IMPORT = (
    'importlib.import_module("$M", ...)',
    'importlib.import_module(..., name="$M", ...)',
    '__import__("$M", ...)',
    '__import__(..., name="$M", ...)',
)

TYPE_CHECKING = (
    "if TYPE_CHECKING:\n    $BODY",
    "if typing.TYPE_CHECKING:\n    $BODY",
    "if $TYPING.TYPE_CHECKING:\n    $BODY",
    "if not TYPE_CHECKING:\n    ...\nelse:\n    $BODY",
    "if not $TYPING.TYPE_CHECKING:\n    ...\nelse:\n    $BODY",
)

FUNCTIONS = ("def $FUNCTION(...):\n    $BODY", "lambda $...PARAMETERS: $BODY")

TRY = (
    "try:\n    ...\n    $BODY\n    ...\nexcept ...: ...",
    "try:\n    ...\n    $BODY\n    ...\nexcept ...: ...\nelse: ...",
    "try:\n    ...\n    $BODY\n    ...\nexcept ...: ...\nelse: ...\nfinally: ...",
    "try:\n    ...\n    $BODY\n    ...\nfinally: ...",
)

HANDLERS = tuple(
    f"try: ...\nexcept {caught}: ...{rest}"
    for caught in ("$TYPE", "$TYPE as $NAME", "(..., $TYPE, ...)")
    for rest in ("", "\nelse: ...", "\nfinally: ...", "\nelse: ...\nfinally: ...")
)
"""What a handler catches: a pattern without `else` does not match a `try` with it."""

BARE_HANDLER = r"(?m)^[ \t]*\Kexcept\s*:"
"""A bare handler in the text, for a pattern would report its `try`."""

SHADOWED = (
    "def $FUNCTION(..., {name}, ...):\n    $BODY",
    "def $FUNCTION(..., {name}=$VALUE, ...):\n    $BODY",
    "def $FUNCTION(..., {name}: $TYPE, ...):\n    $BODY",
    "def $FUNCTION(..., {name}: $TYPE = $VALUE, ...):\n    $BODY",
    "lambda {name}: $BODY",
)
"""Code in which a parameter hides an imported name."""

REBOUND = (
    "def $FUNCTION(...):\n    ...\n    {name} = $VALUE\n    ...",
    "def $FUNCTION(...):\n    ...\n    from $MODULE import {name}\n    ...",
    "def $FUNCTION(...):\n    ...\n    from $MODULE import $OTHER as {name}\n    ...",
    "def $FUNCTION(...):\n    ...\n    import $MODULE as {name}\n    ...",
    "def $FUNCTION(...):\n    ...\n    for {name} in $VALUES:\n        ...\n    ...",
    "def $FUNCTION(...):\n    ...\n    with $VALUE as {name}:\n        ...\n    ...",
    "def $FUNCTION(...):\n    ...\n    class {name}: ...\n    ...",
    "def $FUNCTION(...):\n    ...\n    def {name}(...): ...\n    ...",
)
"""Functions that give an imported name another meaning."""

STANDARD_LIBRARY = tuple(
    """
    __future__ __main__ _thread abc aifc annotationlib antigravity argparse array ast asynchat
    asyncio asyncore atexit audioop base64 bdb binascii binhex bisect builtins bz2 cProfile calendar
    cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall compression
    concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses
    datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno
    faulthandler fcntl filecmp fileinput fnmatch formatter fractions ftplib functools gc genericpath
    getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib
    imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale
    logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt
    multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode operator optparse os
    ossaudiodev parser pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix
    posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri
    random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve
    shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile
    sre_constants sre_parse ssl stat statistics string stringprep struct subprocess sunau symbol
    symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios textwrap this
    threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle
    turtledemo types typing unicodedata unittest urllib uu uuid venv warnings wave weakref
    webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo
    """.split()  # noqa: SIM905 - two hundred names read better as running text
)
"""Top-level modules of every Python from 3.8 to 3.14, so that no build depends on its own."""

BUILTINS = frozenset(
    """
    ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError
    BrokenPipeError BufferError BytesWarning ChildProcessError ConnectionAbortedError
    ConnectionError ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError
    EncodingWarning EnvironmentError Exception ExceptionGroup FileExistsError FileNotFoundError
    FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning
    IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt
    LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError NotImplementedError
    OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError
    RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration
    StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError TypeError
    UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError
    UnicodeWarning UserWarning ValueError Warning ZeroDivisionError abs aiter all anext any ascii
    bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr dict dir
    divmod enumerate eval exec exit filter float format frozenset getattr globals hasattr hash help
    hex id input int isinstance issubclass iter len list locals map max memoryview min next object
    oct open ord pow print property quit range repr reversed round set setattr slice sorted
    staticmethod str sum super tuple type vars zip
    """.split()  # noqa: SIM905 - as above
)

NO_CODE = (
    r"(?s)[rbfuRBFU]{0,2}(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?''')"
    r"|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|#[^\n]*"
)
"""Strings and comments in the text."""

KEYWORD = ("(..., NAME=VALUE, ...)",)
SPREAD = ("(..., **$REST)", "(..., **$REST, ...)")

CALLING = "def $NAME(...):\n    ...\n    <... {call} ...>\n    ..."

WITH = (
    "with {name}:\n    ...\n    $BODY\n    ...",
    "with {name} as $TARGET:\n    ...\n    $BODY\n    ...",
    "with ..., {name}, ...:\n    ...\n    $BODY\n    ...",
)

# `$SUITE` tells a definition from another of the same name around it or in it, which Semgrep would
# take for one where several patterns have to agree.
CLASS = "class $NAME(...):\n    $SUITE"
FUNCTION = "def $NAME(...):\n    $SUITE"
METHOD_PLACES = (
    "class $CLASS(...):\n ...\n def $NAME(...):\n  $SUITE\n ...",
    "class $CLASS(...):\n ...\n if $CONDITION:\n  ...\n  def $NAME(...):\n   $SUITE\n  ...\n ...",
    (
        "class $CLASS(...):\n ...\n if $CONDITION:\n  ...\n else:\n  ...\n"
        "  def $NAME(...):\n   $SUITE\n  ...\n ..."
    ),
)
"""Where a function is a method: directly in a class body, or in an `if` there."""

DECORATED_CLASS = ("{decorator}\nclass $NAME(...):\n    $SUITE",)
DECORATED_FUNCTION = ("{decorator}\ndef $NAME(...):\n    $SUITE",)
INHERITING = (
    "class $NAME(..., {base}, ...):\n    $SUITE",
    "class $NAME(..., {base}[...], ...):\n    $SUITE",
)

DOCUMENTED_CLASS = "class $NAME(...):\n    {first}\n    ..."
DOCUMENTED_FUNCTION = "def $NAME(...):\n    {first}\n    ..."
DOCSTRING_TEXT = (
    r"^(?s)\(?\s*(?:[rRuU]?(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|\x27\x27\x27(?:\\.|[^\\])*?\x27\x27\x27"
    r"|\"(?:\\.|[^\"\\])*\"|\x27(?:\\.|[^\x27\\])*\x27)\s*)+\)?$"
)
"""The text of a first statement that is a string, perhaps in several pieces."""
DOCSTRING = '"..."'
NO_DOCSTRINGS = (
    "f'...'",
    "b'...'",
    "$LEFT + $RIGHT",
    "return $VALUE",
    "$TARGET = $VALUE",
    "$TARGET: $TYPE = $VALUE",
)
"""In a file with a `match` statement Semgrep shows only what is between a string's quotes.

There a pattern has to do, and these are what it takes for a string, too.
"""
RETURNS = "def $NAME(...) -> $RETURNS:\n    $SUITE"
PARAMETERS = (
    "def $NAME(..., $PARAMETER, ...):\n    $SUITE",
    "def $NAME(..., $PARAMETER=$DEFAULT, ...):\n    $SUITE",
    "def $NAME(..., *$PARAMETER, ...):\n    $SUITE",
    "def $NAME(..., **$PARAMETER, ...):\n    $SUITE",
)
TYPED_PARAMETERS = (
    "def $NAME(..., $PARAMETER: $TYPE, ...):\n    $SUITE",
    "def $NAME(..., $PARAMETER: $TYPE = $DEFAULT, ...):\n    $SUITE",
    "def $NAME(..., *$PARAMETER: $TYPE, ...):\n    $SUITE",
    "def $NAME(..., **$PARAMETER: $TYPE, ...):\n    $SUITE",
)

MEMBERS = (
    "class $NAME(...):\n    ...\n    {name} = $VALUE\n    ...",
    "class $NAME(...):\n    ...\n    {name}: $TYPE\n    ...",
    "class $NAME(...):\n    ...\n    {name}: $TYPE = $VALUE\n    ...",
    "class $NAME(...):\n    ...\n    def {name}(...): ...\n    ...",
)
"""Classes that define an attribute or method."""

DEFINED = (
    "{name} = $VALUE",
    "{name}: $TYPE = $VALUE",
    "def {name}(...): ...",
    "class {name}(...): ...",
)
NESTED = (
    "def $FUNCTION(...):\n    ...\n    $BODY\n    ...",
    "class $CLASS(...):\n    ...\n    $BODY\n    ...",
)
