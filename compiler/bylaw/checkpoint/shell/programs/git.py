"""What `git` does to the working tree, by its subcommands."""

from bylaw.checkpoint.field import Field
from bylaw.checkpoint.plain import words
from bylaw.checkpoint.shell.programs.files import PROGRAMS as FILES
from bylaw.checkpoint.shell.programs.files import remove_field
from bylaw.checkpoint.shell.programs.options import read_options
from bylaw.checkpoint.shell.programs.reading import read_field
from bylaw.checkpoint.state import FOLDER_KEY

TYPE_CHECKING = False  # `typing` takes longer to import than a command takes to read
if TYPE_CHECKING:
    from bylaw.checkpoint.shell.programs import Command
    from bylaw.checkpoint.shell.shell import Shell

_READING = frozenset(
    words("""
    status log diff show blame annotate grep ls-files ls-tree ls-remote rev-parse rev-list
    describe shortlog cat-file branch tag remote fetch push commit add notes reflog config
    var for-each-ref merge-base name-rev version help count-objects fsck gc prune init
    check-ignore check-attr symbolic-ref update-ref update-index write-tree commit-tree
    show-ref cherry range-diff whatchanged verify-commit verify-tag hash-object diff-tree
    diff-index diff-files bundle archive format-patch request-pull maintenance rerere
    stripspace interpret-trailers
""")
)
_TREE = frozenset(
    words("""
    checkout switch reset stash merge pull rebase cherry-pick revert am clean clone worktree
    submodule bisect sparse-checkout read-tree checkout-index filter-branch lfs subtree
""")
)
_PLACES = ("core.hookspath", "core.worktree", "include.path")
_RUNS = ("alias.", "core.pager", "core.editor", "core.hookspath", "core.fsmonitor", "diff.")


def _git(shell: "Shell", command: "Command") -> None:
    words = list(command.arguments)
    folder: Field | None = None
    while words and words[0].told and words[0].text.startswith("-"):
        first = words.pop(0)
        name, equals, value = first.text.partition("=")
        if name in ("-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path"):
            given = Field(value) if equals else words.pop(0) if words else Field("")
            if name == "-C":
                folder = given
            elif name != "-c" or given.text.lower().startswith(_RUNS) or not given.told:
                shell.opaque(f"with `git {name}` it may do something else")
        elif name == "--version":
            return
    if not words:
        return
    shell.state.open()
    if folder is not None:
        _enter(shell, folder)
    _subcommand(shell, words[0], words[1:], command)
    shell.state.close_subshell()


def _enter(shell: "Shell", folder: Field) -> None:
    path = shell.locate(folder.text) if folder.told and not folder.glob else None
    shell.state.set(FOLDER_KEY, path)


def _subcommand(shell: "Shell", first: Field, rest: list[Field], command: "Command") -> None:
    name = first.text
    shell.note_run([Field("git"), first, *rest])
    if not first.told:
        shell.hide("the subcommand of `git` is not told")
    elif name in _SUBCOMMANDS:
        command.arguments = rest
        _SUBCOMMANDS[name](shell, command)
    elif name in _READING:
        _reading(shell, name, rest)
    elif name in _TREE:
        _any(shell, f"`git {name}` may write any file")
    else:
        shell.opaque(f"`git {name[:40]}` may do anything")


def _rm(shell: "Shell", command: "Command") -> None:
    options = read_options(command.arguments)
    if not options.has("cached", "n", "dry-run"):
        for field in options.operands:
            remove_field(shell, field, options.has("r"))


def _mv(shell: "Shell", command: "Command") -> None:
    skipped = ("-k", "-v", "-n", "--verbose")
    command.arguments = [field for field in command.arguments if field.text not in skipped]
    FILES["mv"](shell, command)


def _reset(shell: "Shell", command: "Command") -> None:
    if read_options(command.arguments).has("hard", "merge", "keep"):
        _any(shell, "`git reset` writes the tree of another commit")


def _turns_off(texts: list[str]) -> bool:
    """Tell whether `git config` sets where git's hooks, or the tree itself, are looked for."""
    if any(text in ("--get", "--get-all", "--list", "-l", "get", "list") for text in texts):
        return False
    places = [at for at, text in enumerate(texts) if text.lower() in _PLACES]
    return any(at + 1 < len(texts) or "unset" in "".join(texts[:at]) for at in places)


def _reading(shell: "Shell", name: str, rest: list[Field]) -> None:
    texts = [field.text for field in rest]
    if name == "config" and any(text.lower().startswith(_RUNS) for text in texts):
        shell.opaque("`git config` makes git run something else")
    if name == "config" and _turns_off(texts):
        shell.write(f"{shell.files.root}/.git/config", None, "`git config` sets where hooks lie")
    for field in rest:
        if field.text.startswith(("--output=", "--output-directory=")):
            tree = "directory" in field.text.partition("=")[0]
            _output(shell, Field(field.text.partition("=")[2], field.told), tree)
    if "-o" in texts[:-1] and name in ("archive", "format-patch"):
        _output(shell, rest[texts.index("-o") + 1], name == "format-patch")
    elif name == "format-patch":
        shell.opaque("`git format-patch` writes files")
    if name == "show":
        for field in rest:
            if field.told and ":" in field.text:
                read_field(shell, Field(field.text.partition(":")[2]))


def _output(shell: "Shell", field: Field, tree: bool) -> None:
    for path, extent in shell.paths(field, "writes"):
        shell.write(path, None, "what `git` puts out", "tree" if tree else extent)


def _any(shell: "Shell", why: str) -> None:
    """Note that any file of the working tree may be written or removed."""
    shell.write(shell.files.root, None, why, "tree")


def _written(shell: "Shell", fields: list[Field], why: str) -> None:
    for field in fields:
        if field.told and field.text.startswith(":"):
            _any(shell, why)
            continue
        for path, extent in shell.paths(field, "writes"):
            tree = extent == "file" and shell.state.is_folder(path) is not False
            shell.write(path, None, why, "tree" if tree else extent)


def _restore(shell: "Shell", command: "Command") -> None:
    rest = command.arguments
    options = read_options(rest, "s", ("source", "pathspec-from-file"))
    if options.has("staged", "S") and not options.has("worktree", "W"):
        return
    if options.has("pathspec-from-file") or not options.is_told:
        _any(shell, "`git restore` takes files from another commit")
    _written(shell, options.operands, "`git restore` takes it from another commit")


def _checkout(shell: "Shell", command: "Command") -> None:
    rest = command.arguments
    texts = [field.text for field in rest]
    if "--" in texts and all(field.told for field in rest):
        at = texts.index("--")
        _written(shell, rest[at + 1 :], "`git checkout` takes it from another commit")
        return
    options = read_options(rest, "bB", ("orphan", "track", "conflict", "pathspec-from-file"))
    if options.has("b", "B", "orphan") and len(options.operands) == 0 and options.is_told:
        return
    _any(shell, "`git checkout` writes the tree of another commit")


def _clean(shell: "Shell", command: "Command") -> None:
    rest = command.arguments
    options = read_options(rest, "e", ("exclude",))
    if options.has("n", "dry-run"):
        return
    for field in options.operands or [Field(".")]:
        for path, extent in shell.paths(field, "removes"):
            inside = shell.inside(path)
            # Only what git does not track goes, but the text does not tell what that is.
            shell.write(
                path,
                None,
                "`git clean` removes what git does not track",
                "tree" if extent == "file" else extent,
            )
            del inside


def _stash(shell: "Shell", command: "Command") -> None:
    rest = command.arguments
    first = rest[0].text if rest else "push"
    if first not in ("list", "show", "drop", "clear", "create", "store"):
        _any(shell, "`git stash` puts changes away or brings them back")


def _apply(shell: "Shell", command: "Command") -> None:
    rest = command.arguments
    from bylaw.checkpoint.patches import patch_effects

    options = read_options(
        rest, "pC", ("directory", "exclude", "include", "whitespace", "build-fake-ancestor")
    )
    if options.has("check", "stat", "numstat", "summary", "cached") and not options.has("apply"):
        return
    sources: list[bytes | None] = []
    for field in options.operands:
        if field.text == "-":
            sources.append(command.input)
            continue
        for path, extent in shell.paths(field, "reads"):
            shell.read(path, extent)
            held = shell.state.content(path)
            sources.append(held if isinstance(held, bytes) and extent == "file" else None)
    if not options.operands:
        sources = [command.input]
    strip = options.value("p")
    count = int(strip.text) if strip is not None and strip.text.isdecimal() else 1
    simple = not options.has("R", "reverse", "directory", "3", "3way", "reject", "include")
    for data in sources:
        if data is None:
            _any(shell, "which files the patch changes is not told")
        else:
            patch_effects(shell, data, count, exact=simple)


_SUBCOMMANDS = {
    "rm": _rm,
    "mv": _mv,
    "restore": _restore,
    "apply": _apply,
    "checkout": _checkout,
    "checkout-index": _checkout,
    "clean": _clean,
    "stash": _stash,
    "reset": _reset,
}

PROGRAMS = {"git": _git}
