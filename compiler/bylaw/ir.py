"""The intermediate representation: what the decisions of a repository say, with every place.

Nodes are frozen and closed. A constraint is a discriminated union on `shape`: one class for each
predicate of the language; `kind` is the coarser family that users see. Operand lists are kept as
written (`MUST NOT import a or b` is one node with two operands): `quantifier` says how they join.
"""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from bylaw.diagnostics import Span


class Node(BaseModel):
    """The base of every node: immutable, and no field that the class does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


# --- words -------------------------------------------------------------------------------------

Modal: TypeAlias = Literal["must", "must-not", "must-only", "only-may", "may"]
"""`may` occurs in permissions only."""

Quantifier: TypeAlias = Literal["any", "all"]
"""How an operand list joins: `any` is a union (after NOT: none of these), `all` every one."""

Language: TypeAlias = Literal[
    "python", "typescript", "javascript", "go", "java", "kotlin", "rust", "csharp", "ruby", "php"
]

Kind: TypeAlias = Literal[
    "import",
    "depend",
    "use",
    "have",
    "name",
    "file",
    "text",
    "key",
    "pair",
    "run",
    "approve",
    "agent",
]

Strength: TypeAlias = Literal["error", "warning"]
"""`MUST` is an error, `SHOULD` a warning."""


# --- operands ----------------------------------------------------------------------------------


class Operand(Node):
    """A code span as the author wrote it, and where."""

    text: str
    span: Span


class Glob(Operand):
    """Repository files: a glob of the language, checked by `bylaw.globs`."""

    sort: Literal["glob"] = "glob"


class Module(Operand):
    """A dotted module (or, as an import operand, a JavaScript package), with `*` and `**`."""

    sort: Literal["module"] = "module"


class FilesOperand(Node):
    """``code in `G` `` as an import operand: the repository's own files."""

    sort: Literal["files"] = "files"
    globs: tuple[Glob, ...]
    span: Span


class Name(Operand):
    """A name to match: a glob, a style such as `snake_case`, or a regular expression.

    For a regex, `text` is the expression without its slashes.
    """

    sort: Literal["name"] = "name"
    form: Literal["glob", "style", "regex"]


class Argument(Node):
    """An argument in a pattern or after `pass`: `name`, `name=value` or a bare value."""

    name: str | None
    value: str | None
    span: Span


class Pattern(Operand):
    """A dotted name in code, without a leading `@` and trailing `()`.

    `any_receiver` is the `.name` form. `text` is the span as written, `name` the bare name.
    """

    sort: Literal["pattern"] = "pattern"
    name: str
    any_receiver: bool = False
    arguments: tuple[Argument, ...] = ()


class Requirement(Operand):
    """A package and the versions it may have: `django>=4.2,<6`; `specifier` is empty for all."""

    sort: Literal["requirement"] = "requirement"
    name: str
    specifier: str = ""


class Key(Operand):
    """A path into a configuration file; `segments` are unquoted, `[]` is a segment of its own."""

    sort: Literal["key"] = "key"
    segments: tuple[str, ...]


class LiteralText(Operand):
    """Text taken character by character."""

    sort: Literal["literal"] = "literal"


class Regex(Operand):
    """An RE2 expression without its slashes."""

    sort: Literal["regex"] = "regex"


class Template(Operand):
    """A glob with captures: `<n>` and `<**p>`."""

    sort: Literal["template"] = "template"
    captures: tuple[str, ...]


ImportOperand: TypeAlias = Annotated[Module | FilesOperand, Field(discriminator="sort")]
TextOperand: TypeAlias = Annotated[LiteralText | Regex, Field(discriminator="sort")]
ExceptOperand: TypeAlias = Annotated[
    Module | FilesOperand | Requirement | Pattern, Field(discriminator="sort")
]


# --- subjects ----------------------------------------------------------------------------------


class Subject(Node):
    """What a constraint is about; the scope stands here and nowhere else."""

    span: Span


class ModulesSubject(Subject):
    """``Modules in `M` ``."""

    noun: Literal["modules"] = "modules"
    modules: tuple[Module, ...]
    language: Language | None = None


class CodeSubject(Subject):
    """``Code in `G` ``; no globs mean the whole repository."""

    noun: Literal["code"] = "code"
    globs: tuple[Glob, ...] = ()
    language: Language | None = None


class EntitiesSubject(Subject):
    """``Each class in `G` matching `N` ``, or the plural."""

    noun: Literal["entities"] = "entities"
    entity: Literal["class", "function", "method", "test", "module"]
    globs: tuple[Glob, ...] = ()
    language: Language | None = None
    matching: tuple[Name, ...] = ()
    inheriting: tuple[Pattern, ...] = ()
    decorated: tuple[Pattern, ...] = ()


class FilesSubject(Subject):
    """``Files in `G` ``, ``Files matching `G` `` or, with `single`, ``File `p` ``."""

    noun: Literal["files"] = "files"
    globs: tuple[Glob, ...] = ()
    single: bool = False


class DirectoriesSubject(Subject):
    """``Directories in `G` ``, ``Each directory in `G` `` or, with `single`, ``Directory `p` ``."""

    noun: Literal["directories"] = "directories"
    globs: tuple[Glob, ...] = ()
    single: bool = False


class ProjectSubject(Subject):
    """`The project`, `The Python project`: every manifest (of that registry) in the tree."""

    noun: Literal["project"] = "project"
    language: Language | None = None


class ManifestsSubject(Subject):
    """A bare list of manifests."""

    noun: Literal["manifests"] = "manifests"
    globs: tuple[Glob, ...]


class DependenciesSubject(Subject):
    """``Dependencies in `G` ``."""

    noun: Literal["dependencies"] = "dependencies"
    globs: tuple[Glob, ...] = ()


class Layer(Node):
    """One layer: a module, or siblings that may (`free`) or must not know each other."""

    modules: tuple[Module, ...]
    free: bool = False
    span: Span


class LayersSubject(Subject):
    """A bare list of modules, top first where the predicate is `be layered`."""

    noun: Literal["layers"] = "layers"
    layers: tuple[Layer, ...]


class ImportsSubject(Subject):
    """``Each import of `M` in `G` ``."""

    noun: Literal["imports"] = "imports"
    modules: tuple[Module, ...]
    globs: tuple[Glob, ...] = ()
    language: Language | None = None


class CallsSubject(Subject):
    """``Each call to `P` in `G` ``."""

    noun: Literal["calls"] = "calls"
    patterns: tuple[Pattern, ...]
    globs: tuple[Glob, ...] = ()
    language: Language | None = None


class KeysSubject(Subject):
    """``Key `K` in `G` ``, which must be there, or, with `each`, ``Each key `K` in `G` ``."""

    noun: Literal["keys"] = "keys"
    keys: tuple[Key, ...]
    globs: tuple[Glob, ...]
    each: bool = False


class TemplatesSubject(Subject):
    """``For each `T` `` and ``When `G` changes``."""

    noun: Literal["templates"] = "templates"
    templates: tuple[Template, ...]


class ChangesSubject(Subject):
    """``Changes to `G` ``."""

    noun: Literal["changes"] = "changes"
    globs: tuple[Glob, ...] = ()


class CommandSubject(Subject):
    """``Command `C` ``."""

    noun: Literal["command"] = "command"
    commands: tuple[LiteralText, ...]


class AgentsSubject(Subject):
    """``Agents of class `A` in `G` ``; no classes mean every agent."""

    noun: Literal["agents"] = "agents"
    classes: tuple[LiteralText, ...] = ()
    globs: tuple[Glob, ...] = ()


class PlainSubject(Subject):
    """A subject without files: branch names, commit messages, CI."""

    noun: Literal["branches", "commits", "ci"]


AnySubject: TypeAlias = Annotated[
    ModulesSubject
    | CodeSubject
    | EntitiesSubject
    | FilesSubject
    | DirectoriesSubject
    | ProjectSubject
    | ManifestsSubject
    | DependenciesSubject
    | LayersSubject
    | ImportsSubject
    | CallsSubject
    | KeysSubject
    | TemplatesSubject
    | ChangesSubject
    | CommandSubject
    | AgentsSubject
    | PlainSubject,
    Field(discriminator="noun"),
]


# --- tails -------------------------------------------------------------------------------------


class ExceptPlaces(Node):
    """``except in `G` ``: files, or modules after `Modules in`."""

    excepts: Literal["places"] = "places"
    globs: tuple[Glob, ...] = ()
    modules: tuple[Module, ...] = ()
    span: Span


class ExceptTests(Node):
    """`except in tests`."""

    excepts: Literal["tests"] = "tests"
    span: Span


class ExceptGroups(Node):
    """``except in extra `x` `` and ``except in group `x` ``."""

    excepts: Literal["extra", "group"]
    names: tuple[LiteralText, ...]
    span: Span


class ExceptOperands(Node):
    """``except `x` `` after `import`, `depend`, `call`, `use`, `catch` and `inherit from`."""

    excepts: Literal["operands"] = "operands"
    operands: tuple[ExceptOperand, ...]
    span: Span


class ExceptTypeChecking(Node):
    """``except under `TYPE_CHECKING` ``."""

    excepts: Literal["type-checking"] = "type-checking"
    span: Span


Exception_: TypeAlias = Annotated[
    ExceptPlaces | ExceptTests | ExceptGroups | ExceptOperands | ExceptTypeChecking,
    Field(discriminator="excepts"),
]


class Alternative(Node):
    """`; use … instead`: `text` as a reader sees it, `code` the code span where there is one."""

    text: str
    code: str | None = None
    span: Span


class LeadIn(Node):
    """A paragraph that scopes each item of the list after it."""

    globs: tuple[Glob, ...] = ()
    excepts: tuple[Glob, ...] = ()
    span: Span


class Example(Node):
    """A fence under a statement that it violates or complies with."""

    verdict: Literal["violates", "complies"]
    path: str
    language: str
    line: int | None = None
    text: str
    span: Span


# --- statements --------------------------------------------------------------------------------


class StatementNode(Node):
    """One list item of a binding section.

    `sentence` is the item's first sentence as a reader sees it, white space normalised and code
    spans in backticks; `prose` is the rationale after it and the paragraphs nested under it.
    """

    sentence: str
    span: Span
    prose: str | None = None


class ConstraintNode(StatementNode):
    """What every constraint has, whatever its shape.

    `id` is unique in its decision; where the author gave none, `named` is false and the id is
    derived from the sentence. `from_` and `until` are inclusive days, UTC.
    """

    statement: Literal["constraint"] = "constraint"
    id: str
    id_span: Span | None = None
    named: bool = True
    severity: Strength
    modal: Modal
    modal_span: Span
    subject: AnySubject
    exceptions: tuple[Exception_, ...] = ()
    for_new_code: bool = False
    from_: date | None = None
    until: date | None = None
    alternative: Alternative | None = None
    because: str | None = None
    lead_in: LeadIn | None = None
    examples: tuple[Example, ...] = ()


class Import(ConstraintNode):
    """`import X`."""

    kind: Literal["import"] = "import"
    shape: Literal["import"] = "import"
    operands: tuple[ImportOperand, ...]
    quantifier: Quantifier = "any"
    reach: Literal["direct", "indirect", "module-level"] = "direct"


class Layered(ConstraintNode):
    """`be layered within M`."""

    kind: Literal["import"] = "import"
    shape: Literal["layered"] = "layered"
    within: tuple[Module, ...] = ()


class Independent(ConstraintNode):
    """`be independent`."""

    kind: Literal["import"] = "import"
    shape: Literal["independent"] = "independent"


class Acyclic(ConstraintNode):
    """`form import cycles`."""

    kind: Literal["import"] = "import"
    shape: Literal["acyclic"] = "acyclic"


class ImportStyle(ConstraintNode):
    """`use relative imports`, `use wildcard imports`, `use default exports`."""

    kind: Literal["import"] = "import"
    shape: Literal["import-style"] = "import-style"
    styles: tuple[Literal["relative", "wildcard", "default-export"], ...]


class Wrapped(ConstraintNode):
    """`be wrapped in P`."""

    kind: Literal["import"] = "import"
    shape: Literal["wrapped"] = "wrapped"
    wrappers: tuple[Pattern, ...]
    quantifier: Quantifier = "any"


class Depend(ConstraintNode):
    """`depend on D in extra X`."""

    kind: Literal["depend"] = "depend"
    shape: Literal["depend"] = "depend"
    requirements: tuple[Requirement, ...]
    quantifier: Quantifier = "any"
    where: Literal["anywhere", "extra", "group", "production"] = "anywhere"
    names: tuple[LiteralText, ...] = ()


class Pinned(ConstraintNode):
    """`be pinned`."""

    kind: Literal["depend"] = "depend"
    shape: Literal["pinned"] = "pinned"


class Refer(ConstraintNode):
    """`call P`, `use P` and `catch P`."""

    kind: Literal["use"] = "use"
    shape: Literal["call", "use", "catch"]
    patterns: tuple[Pattern, ...]
    quantifier: Quantifier = "any"


class Pass(ConstraintNode):
    """`pass A`; no arguments mean `pass an argument`."""

    kind: Literal["use"] = "use"
    shape: Literal["pass"] = "pass"
    arguments: tuple[Argument, ...] = ()
    quantifier: Quantifier = "any"


class MatchPattern(ConstraintNode):
    """`match:` and a Semgrep pattern in a fence."""

    kind: Literal["use"] = "use"
    shape: Literal["semgrep"] = "semgrep"
    pattern: str
    pattern_span: Span


class Decorated(ConstraintNode):
    """`be decorated with P`."""

    kind: Literal["have"] = "have"
    shape: Literal["decorated"] = "decorated"
    patterns: tuple[Pattern, ...]
    quantifier: Quantifier = "any"


class Inherit(ConstraintNode):
    """`inherit from P`."""

    kind: Literal["have"] = "have"
    shape: Literal["inherit"] = "inherit"
    patterns: tuple[Pattern, ...]
    quantifier: Quantifier = "any"


class Define(ConstraintNode):
    """`define N`."""

    kind: Literal["have"] = "have"
    shape: Literal["define"] = "define"
    names: tuple[Name, ...]
    quantifier: Quantifier = "any"


class Documented(ConstraintNode):
    """`have a docstring`, `be annotated`."""

    kind: Literal["have"] = "have"
    shape: Literal["docstring", "annotated"]


class Named(ConstraintNode):
    """`be named N`."""

    kind: Literal["name"] = "name"
    shape: Literal["named"] = "named"
    names: tuple[Name, ...]
    quantifier: Quantifier = "any"


class NameMatch(ConstraintNode):
    """`match R` of branch names and commit messages."""

    kind: Literal["name"] = "name"
    shape: Literal["name-match"] = "name-match"
    regexes: tuple[Regex, ...]
    quantifier: Quantifier = "any"


class Exist(ConstraintNode):
    """`exist` of files and directories."""

    kind: Literal["file"] = "file"
    shape: Literal["exist"] = "exist"


class Live(ConstraintNode):
    """`live in G`."""

    kind: Literal["file"] = "file"
    shape: Literal["live"] = "live"
    globs: tuple[Glob, ...]


class HoldEntry(ConstraintNode):
    """`contain N` of directories: relative paths that are there."""

    kind: Literal["file"] = "file"
    shape: Literal["hold"] = "hold"
    entries: tuple[Glob, ...]
    quantifier: Quantifier = "any"


class Size(ConstraintNode):
    """`have at most N lines`."""

    kind: Literal["file"] = "file"
    shape: Literal["size"] = "size"
    bound: Literal["at-most", "at-least"]
    count: int
    unit: Literal["lines", "words"]


class Text(ConstraintNode):
    """`contain T`, `match R` and `start with T` of files."""

    kind: Literal["text"] = "text"
    shape: Literal["contain", "match", "start"]
    texts: tuple[TextOperand, ...]
    quantifier: Quantifier = "any"


class Identical(ConstraintNode):
    """`be identical to p`."""

    kind: Literal["text"] = "text"
    shape: Literal["identical"] = "identical"
    path: Glob


class KeyValue(ConstraintNode):
    """`be V`, `match R`, `contain V` and `exist` of keys; `exist` has no values."""

    kind: Literal["key"] = "key"
    shape: Literal["key-be", "key-match", "key-contain", "key-exist"]
    values: tuple[TextOperand, ...] = ()
    quantifier: Quantifier = "any"


class KeyBound(ConstraintNode):
    """`be at least V`, `be at most V`."""

    kind: Literal["key"] = "key"
    shape: Literal["key-bound"] = "key-bound"
    bound: Literal["at-most", "at-least"]
    value: LiteralText


class KeyEqual(ConstraintNode):
    """``equal key `K` in `p` ``."""

    kind: Literal["key"] = "key"
    shape: Literal["key-equal"] = "key-equal"
    key: Key
    path: Glob


class Pair(ConstraintNode):
    """``When `G` changes, `G` MUST change`` and ``For each `T`, `T` MUST exist``."""

    kind: Literal["pair"] = "pair"
    shape: Literal["change-with", "exist-with"]
    counterparts: tuple[Template, ...]
    quantifier: Quantifier = "any"


class CiRun(ConstraintNode):
    """``CI MUST run `C` ``."""

    kind: Literal["run"] = "run"
    shape: Literal["ci-run"] = "ci-run"
    commands: tuple[LiteralText, ...]
    quantifier: Quantifier = "any"


class CommandPass(ConstraintNode):
    """``Command `C` MUST pass``."""

    kind: Literal["run"] = "run"
    shape: Literal["command-pass"] = "command-pass"


class Approve(ConstraintNode):
    """``be approved by `A` or `B` ``, ``be approved by N of `A` ``."""

    kind: Literal["approve"] = "approve"
    shape: Literal["approve"] = "approve"
    approvers: tuple[LiteralText, ...]
    quantifier: Quantifier = "any"
    count: int = 1


class AgentChange(ConstraintNode):
    """``change `G` `` of agents."""

    kind: Literal["agent"] = "agent"
    shape: Literal["agent-change"] = "agent-change"
    globs: tuple[Glob, ...]


class AgentLimit(ConstraintNode):
    """`change at most N files`, `spend at most N tokens`, `stop after N failed attempts`."""

    kind: Literal["agent"] = "agent"
    shape: Literal["agent-limit"] = "agent-limit"
    count: int
    unit: Literal["files", "lines", "tokens", "minutes", "USD", "failed attempts"]


class AgentRun(ConstraintNode):
    """``run `C` before finishing``, ``run `C` when a check fails``."""

    kind: Literal["agent"] = "agent"
    shape: Literal["agent-run"] = "agent-run"
    commands: tuple[LiteralText, ...]
    quantifier: Quantifier = "any"
    when: Literal["always", "before-finishing", "check-fails"] = "always"


class AgentRead(ConstraintNode):
    """``read `F` before changing `G` ``."""

    kind: Literal["agent"] = "agent"
    shape: Literal["agent-read"] = "agent-read"
    files: tuple[Glob, ...]
    quantifier: Quantifier = "all"
    globs: tuple[Glob, ...]


class AgentAutonomy(ConstraintNode):
    """``work at autonomy `L` ``."""

    kind: Literal["agent"] = "agent"
    shape: Literal["agent-autonomy"] = "agent-autonomy"
    level: Literal["assisted", "supervised", "autonomous", "ase"]


Constraint: TypeAlias = Annotated[
    Import
    | Layered
    | Independent
    | Acyclic
    | ImportStyle
    | Wrapped
    | Depend
    | Pinned
    | Refer
    | Pass
    | MatchPattern
    | Decorated
    | Inherit
    | Define
    | Documented
    | Named
    | NameMatch
    | Exist
    | Live
    | HoldEntry
    | Size
    | Text
    | Identical
    | KeyValue
    | KeyBound
    | KeyEqual
    | Pair
    | CiRun
    | CommandPass
    | Approve
    | AgentChange
    | AgentLimit
    | AgentRun
    | AgentRead
    | AgentAutonomy,
    Field(discriminator="shape"),
]


class Reference(Node):
    """`[id]` or `[decision/id]`: the constraint that a waiver or a permission names."""

    text: str
    decision: str | None = None
    id: str
    span: Span


class Permission(StatementNode):
    """A decision that takes places and operands out of one constraint.

    `grant` is parsed as a constraint with the modal `may`: its subject and operands are what is
    permitted.
    """

    statement: Literal["permission"] = "permission"
    id: str
    id_span: Span | None = None
    named: bool = True
    despite: Reference
    grant: Constraint


class Edge(Node):
    """An import edge in a waiver: `importer -> imported`."""

    importer: str
    imported: str
    span: Span


class Waiver(StatementNode):
    """A debt: violations of one constraint hidden at these places up to and including a day."""

    statement: Literal["waiver"] = "waiver"
    waives: Reference
    globs: tuple[Glob, ...] = ()
    edges: tuple[Edge, ...] = ()
    until: date
    until_span: Span
    approved_by: tuple[str, ...]
    ticket: str | None = None
    because: str


class Note(StatementNode):
    """`Note: …`: commentary."""

    statement: Literal["note"] = "note"


class Guidance(StatementNode):
    """`Guidance: …`: goes to the agent contracts, and no machine checks it."""

    statement: Literal["guidance"] = "guidance"
    id: str | None = None
    text: str
    lead_in: LeadIn | None = None


class Rejected(StatementNode):
    """An item that is no statement of the language; `codes` are the errors it got."""

    statement: Literal["rejected"] = "rejected"
    codes: tuple[str, ...]


Statement: TypeAlias = Annotated[
    Constraint | Permission | Waiver | Note | Guidance | Rejected, Field(discriminator="statement")
]


# --- decisions ---------------------------------------------------------------------------------

Meaning: TypeAlias = Literal["in-force", "proposed", "retired", "none", "unclear"]
"""What a status means: `none` where there is none, `unclear` where a reader is needed."""


class Status(Node):
    """The status as written (`raw`), what it means, and in which form it stood."""

    raw: str | None = None
    meaning: Meaning
    place: str | None = None
    span: Span | None = None


class Relation(Node):
    """A link from one decision to another, as written and, once resolved, as a path.

    `partial` is true for "supersedes ADR-0043 style storage section" and its like.
    """

    kind: Literal["supersedes", "superseded-by", "amends", "amended-by", "depends-on", "relates-to"]
    raw: str
    target: str | None = None
    partial: bool = False
    span: Span


class Person(Node):
    """Somebody named in the metadata, and in which role (`deciders`, `author` …)."""

    role: str
    name: str


class DatedEvent(Node):
    """A date in the metadata, and what happened on it (`date`, `accepted`, `last-modified` …)."""

    event: str
    day: date
    span: Span


class Decision(Node):
    """One ADR: its metadata, and the statements of its binding sections in the order read.

    `path` is the identity; `id` the path's stem (or the folder's name); `number` for display.
    `digest` is the SHA-256 of the file's bytes.
    """

    path: str
    id: str
    number: int | None = None
    title: str
    title_span: Span | None = None
    status: Status
    dates: tuple[DatedEvent, ...] = ()
    people: tuple[Person, ...] = ()
    relations: tuple[Relation, ...] = ()
    statements: tuple[Statement, ...] = ()
    digest: str

    @property
    def constraints(self) -> "tuple[Constraint, ...]":
        """The constraints among the statements."""
        return tuple(s for s in self.statements if isinstance(s, ConstraintNode))


Disposition: TypeAlias = Literal[
    "decision", "template", "index", "log", "other-format", "unreadable"
]
"""What a file in an ADR folder is: every file has exactly one."""
