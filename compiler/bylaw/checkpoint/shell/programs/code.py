"""Interpreters of other languages, and what they are asked to run."""

from bylaw.checkpoint.field import Field
from bylaw.checkpoint.plain import words
from bylaw.checkpoint.shell.programs import Command, act
from bylaw.checkpoint.shell.programs.options import read_options
from bylaw.checkpoint.shell.programs.reading import read_field

TYPE_CHECKING = False  # `typing` takes longer to import than a command takes to read
if TYPE_CHECKING:
    from bylaw.checkpoint.shell.shell import Shell

_INLINE = {"python": "c", "pypy": "c", "node": "ep", "ruby": "e", "php": "rBRE", "lua": "e"}
_VALUED = {"python": "cmWX", "pypy": "cmWX", "node": "epr", "ruby": "eIrEC", "php": "rBREcdfFz"}
_MODULES = frozenset(
    words("""
    pip black isort ruff mypy flake8 pylint pytest build venv autopep8 yapf autoflake
    pyupgrade uv poetry pdm pipenv pre_commit
""")
)
_VERSION = ("V", "v", "version", "h", "help")


def _interpreter(shell: "Shell", command: Command) -> None:
    name = {"python2": "python", "python3": "python", "nodejs": "node"}.get(
        command.name, command.name
    )
    valued = _VALUED.get(name, "e")
    options = read_options(
        command.arguments, valued, ("eval", "print", "require", "import"), stop_at_operand=True
    )
    letters = _INLINE.get(name, "e")
    module = options.value("m") if name in ("python", "pypy") else None
    if module is not None:
        _module(shell, command, module)
    elif any(options.has(letter) for letter in letters) or options.has("eval", "print"):
        shell.opaque(f"what code `{command.name}` runs is not read", code=True)
    elif options.operands and options.operands[0].text != "-":
        script = options.operands[0]
        read_field(shell, script)
        path = shell.locate(script.text) if script.told else None
        if path is not None and shell.state.noted(path) is not None:
            shell.opaque(f"what code `{command.name}` runs is not read", code=True)
        else:
            shell.opaque(f"the script `{script.text[:80]}` may write files")
    elif not options.has(*_VERSION):
        shell.opaque(f"what code `{command.name}` runs is not read", code=True)


def _module(shell: "Shell", command: Command, module: Field) -> None:
    """Note `python -m name`, which is the program of that name."""
    texts = [field.text for field in command.arguments]
    at = texts.index("-m") + 2 if "-m" in texts else len(texts)
    name = module.text
    if not module.told:
        shell.hide("the module that runs is not told")
    elif name in _MODULES:
        rest = command.arguments[at:]
        shell.note_run([Field(name.replace("_", "-")), *rest])
        act(shell, Command(name.replace("_", "-"), rest, command.input, is_standard=True))
    else:
        shell.opaque(f"`{name[:80]}` may write files")


PROGRAMS = dict.fromkeys(
    words("""
    python python2 python3 pypy node nodejs deno tsx ts-node ruby php lua osascript bpython
    ipython
"""),
    _interpreter,
)
