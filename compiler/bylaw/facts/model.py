"""What one file of code says, whatever the language: a pure function of its bytes.

Names in facts are resolved as far as the file alone allows:

- `requests.get` is absolute: bound by an import, or free (a builtin, or a global of JavaScript);
- `..db.connect` is relative to the file's package, as in Python's `from ..db import connect`;
- in TypeScript, JavaScript and Go the module stands as it is written in the import, and what is
  taken from it after a `#` (the first but one at the very start): `axios#get`, `./db#connect`,
  `node:fs#promises.readFile`, `net/http#Get`. A namespace (`import * as`, `require()`, `import()`)
  leaves no mark: its `get` is `axios#get`, and itself it is `axios`; through a default import it
  is `axios#default.get`. Globals of JavaScript stand as written (`process.env`, `fetch`, and also
  `globalThis.fetch`, `window.fetch`). Only one ident of a Go import's path can be told to be its
  package (`exec` of `os/exec`, `yaml` of `gopkg.in/yaml.v3` and of `github.com/x/go-yaml/v2`);
- in Java what an import binds is written out (`java.util.List.of`), also through static imports,
  but for `java.lang.` before its classes, which is left out, for it may always be
  (`java.lang.System.exit` is `System.exit`). A free class may be of the same package or come
  through a wildcard import, so it stands as written (`Foo.bar`);
- `:send` is bound at the top level of this very module, other than by an import;
- None is what cannot be known: a local variable, a parameter, the result of an expression.

Everything is made of tuples, strings and numbers, so that facts can be kept.
"""

from typing import Final, Literal, NamedTuple, TypeAlias


class Place(NamedTuple):
    """A half-open range; lines and columns count from 1, columns are Unicode code points."""

    line: int
    column: int
    end_line: int
    end_column: int


class Where:
    """In what an import or a use stands: bits, plain numbers because an enum is slow to keep."""

    NOWHERE: Final = 0
    FUNCTION: Final = 1
    """In the body of a function or method, at any depth: it does not run with the module."""
    TYPE_CHECKING: Final = 2
    """Under `if TYPE_CHECKING:`, or a type-only import of TypeScript."""


class Import(NamedTuple):
    """One name that is imported.

    `name` is what the language counts: `a.b` for `import a.b` and for `from a import b`, `a` for
    `from a import *`; relative ones as the module's docstring says; in TypeScript and JavaScript
    the specifier (`react`, `./db`), in Go the path (`net/http`), in Java what is written, without
    `.*` and `static`. `module` is the part that names a module (`a` in `from a import b`; the
    package, or the class of a static import, in Java). `wrappers` are what it stands in, outermost
    first: `try`, and the resolved names of `with` and of calls that it is in an argument of (`?.x`
    where only the end of a call's name is known), each once. `bound` is the local name.

    `wildcard` are `from a import *`, in TypeScript and JavaScript `import * as ns` (`export * from`
    is a `re-export`), in Go a dot import; `dynamic` are `require()`, `import()`, `import_module()`
    and `Class.forName()` of a literal; `qualified` is a class of Java that is written out in code
    (`java.util.Date date`), `import("m").T` in a type of TypeScript.
    """

    name: str
    module: str
    form: Literal["import", "from", "wildcard", "dynamic", "re-export", "qualified"]
    place: Place
    where: int = Where.NOWHERE
    wrappers: tuple[str, ...] = ()
    bound: str | None = None
    member: str | None = None
    """In TypeScript and JavaScript, what is taken: `get`, `default`, `*` for all of the module,
    None for nothing but its effects. `import d, {a, b} from "m"` are three imports of one name at
    one place (that of the statement): who counts statements takes each name and place once."""


class Argument(NamedTuple):
    """A keyword argument, or a property of an object literal that is an argument.

    `value` is the literal's text in a normal form (`True`, `5`, `'x'`; strings in single quotes
    as Python's repr writes them, booleans and null as the language writes them), None where it is
    no literal.
    """

    name: str
    value: str | None = None


Role: TypeAlias = Literal["call", "read", "write", "decorator", "base", "annotation", "catch"]


class Use(NamedTuple):
    """One reference: a name, or the longest chain of attributes that starts at one place.

    `name` is the resolved chain, or None where its start cannot be known; `chain` the chain as
    written (`("os", "environ", "get")`). The chain's prefixes are uses of their own and not listed
    again: `os.environ.get` is a use of `os.environ`, too. A call or subscript ends a use; what is
    taken from its result is another one, whose chain goes on after `()` or `[]` and whose name is
    None: `f(x).g` are the uses `("f",)`, a call, and `("f", "()", "g")`. A chain that starts with
    no name (`"a".join`, `(a or b).c`) starts with an empty string, and so does the rest of one
    that is too long. The place of a use ends with its chain.
    In TypeScript and JavaScript `new P()`, `@P()` and a template that is tagged with `P` are calls
    (in Java, `new P()`), and `<P/>` is a read.
    `shadowed` is true where the first name is bound in the file, other than by an import.
    In Python a name that several imports may bind (in the branches of a `try`, say) is several
    uses at one place, one for each, and so are calls, decorators and bases; a local variable that
    is read by itself is left out, for no sentence can mean it.
    `entity` is the index of the innermost definition that it stands in, -1 at the top level.
    """

    name: str | None
    chain: tuple[str, ...]
    role: Role
    place: Place
    entity: int = -1
    shadowed: bool = False
    where: int = Where.NOWHERE
    call: int = -1
    """Its index in `calls`, where the whole chain is what is called."""


class Call(NamedTuple):
    """The arguments of one call, whose callee is `uses[use]`.

    `positional` counts arguments without a name, `spread` says that `**rest`, or a spread in an
    object literal that is an argument, stands among them; `star` the same of `*args` and `...args`.
    `place` is the whole call. `wrappers` as in `Import`.
    """

    use: int
    place: Place
    positional: int = 0
    arguments: tuple[Argument, ...] = ()
    spread: bool = False
    star: bool = False
    wrappers: tuple[str, ...] = ()


class Catch(NamedTuple):
    """One handler: the resolved names that it catches; a bare one catches `BaseException`.

    In JavaScript and TypeScript a handler names nothing; there it has no names.
    """

    names: tuple[str | None, ...]
    place: Place
    entity: int = -1


class Decorator(NamedTuple):
    """A decorator (annotation, in Java): its name as in `Use`, and its arguments."""

    name: str | None
    chain: tuple[str, ...]
    place: Place
    positional: tuple[str | None, ...] = ()
    """The values of positional arguments, as in `Argument.value`."""
    arguments: tuple[Argument, ...] = ()


class Base(NamedTuple):
    """A base class or an implemented interface, without its type arguments."""

    name: str | None
    chain: tuple[str, ...]
    place: Place


class Definition(NamedTuple):
    """A class, function or method; `place` is that of its name, `body` all of it.

    Functions stand outside a class body, methods directly in one; lambdas are neither, also where
    a variable or a field holds them. In TypeScript and JavaScript methods of an object are
    functions, a class expression counts where it has a name or a variable gives it one, and
    `export default class {}` is a class whose `name` is empty. Interfaces and enumerations define
    nothing, nor do constructors of Java; structs of Go are classes. `parent`
    is the index of the definition it stands in, -1 at the top level. `members` are a class's
    attributes and methods. `unannotated` are the parameters without annotation (not `self` and
    `cls`), and `return`. `documented` says whether a docstring (a leading doc comment, in
    JavaScript, TypeScript, Java and Go) is there.
    """

    kind: Literal["class", "function", "method"]
    name: str
    place: Place
    body: Place
    parent: int = -1
    decorators: tuple[Decorator, ...] = ()
    bases: tuple[Base, ...] = ()
    members: tuple[str, ...] = ()
    documented: bool = False
    unannotated: tuple[str, ...] = ()


class Fault(NamedTuple):
    """Where the text is not of its language, as far as this reader knows the language."""

    place: Place
    reason: str


class FileFacts:
    """All facts of one file; each tuple in the order of the text.

    `names` are what the module defines at its top level (exports, in JavaScript and TypeScript).
    `default_exports` are the places of default exports. `faults` are where the text could not be
    read: what is found elsewhere is true, but that nothing else is there cannot be said.
    """

    def __init__(  # noqa: PLR0917 - one of each sort
        self,
        imports: tuple[Import, ...] = (),
        uses: tuple[Use, ...] = (),
        calls: tuple[Call, ...] = (),
        catches: tuple[Catch, ...] = (),
        definitions: tuple[Definition, ...] = (),
        names: tuple[str, ...] = (),
        documented: bool = False,
        default_exports: tuple[Place, ...] = (),
        faults: tuple[Fault, ...] = (),
    ) -> None:
        self.imports = imports
        self.uses = uses
        self.calls = calls
        self.catches = catches
        self.definitions = definitions
        self.names = names
        self.documented = documented
        self.default_exports = default_exports
        self.faults = faults

    def parts(self) -> tuple[object, ...]:
        """Return all parts, in the order in which they are given."""
        return tuple(getattr(self, name) for name in PARTS)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FileFacts) and self.parts() == other.parts()

    def __hash__(self) -> int:
        return hash(self.parts())

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={getattr(self, name)!r}" for name in PARTS)
        return f"FileFacts({said})"


PARTS = (
    "imports",
    "uses",
    "calls",
    "catches",
    "definitions",
    "names",
    "documented",
    "default_exports",
    "faults",
)
