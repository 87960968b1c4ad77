"""What CI runs: the steps of GitHub, GitLab, Azure, CircleCI and Jenkins, and their words."""

import posixpath
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from bylaw.check.groovy import shell_steps
from bylaw.facts.model import Place
from bylaw.globs import check, matcher
from bylaw.keys import BrokenFileError, Document, read_documents
from bylaw.keys.model import Node, Scalar, Sequence, Table
from bylaw.keys.tables import at, entries, items
from bylaw.unevaluable import UnevaluableError

_MOST_BYTES = 4 << 20
"""No file of CI is larger that a person wrote."""

_MOST_STEPS = 100_000


class Step(NamedTuple):
    """What one step runs, and where it stands.

    With `exact`, line by line from `line` on; else `line` is where the step starts.
    """

    text: str
    line: int
    exact: bool = False

    def place(self, line: int) -> Place:
        """Return the place of one line of its text, counted from 0."""
        number = self.line + line if self.exact else self.line
        return Place(number, 1, number, 1)


class Pipeline(NamedTuple):
    """What one file of CI runs, and the other files of the repository that it takes steps from."""

    steps: tuple[Step, ...]
    includes: tuple[str, ...] = ()


Found = Iterator[Step | str]
"""Steps, and the paths or globs of files that are included."""

# --- which files, and how each is read ---------------------------------------------------------


def pipeline_files(paths: Iterable[str]) -> list[str]:
    """Return the files of CI among paths that need no other to name them."""
    return [path for path in paths if any(test(path) for test in _TESTS)]


def unread_pipelines(paths: Iterable[str]) -> list[str]:
    """Return the files of CI among paths whose system is not read."""
    return [path for path in paths if _UNREAD(path)]


def read_pipeline(path: str, data: bytes) -> Pipeline:
    """Return what a file of CI runs; UnevaluableError where it cannot be read."""
    if len(data) > _MOST_BYTES:
        raise UnevaluableError(f"it is larger than {_MOST_BYTES >> 20} MiB")
    reader = next(
        (reader for test, reader in zip(_TESTS, _READERS, strict=True) if test(path)), _any
    )
    steps: list[Step] = []
    includes: list[str] = []
    for found in reader(path, data):
        if isinstance(found, Step):
            steps.append(found)
        else:
            includes.append(found)
        if len(steps) > _MOST_STEPS:
            raise UnevaluableError(f"it has more than {_MOST_STEPS} steps")
    return Pipeline(tuple(steps), tuple(dict.fromkeys(includes)))


def included(names: Iterable[str], paths: Iterable[str]) -> list[str]:
    """Return the files that names of `includes`, which may be globs, mean."""
    sound = [name for name in names if name and check(name) is None]
    return [path for path in paths if matcher(sound)(path)] if sound else []


# --- YAML --------------------------------------------------------------------------------------


def _documents(path: str, data: bytes) -> tuple[Document, ...]:
    name = path if path.endswith((".yml", ".yaml")) else f"{path}.yml"
    try:
        return read_documents(name, data)
    except BrokenFileError as error:
        raise UnevaluableError(error.reason, error.place) from None


def _step(node: Node, document: Document) -> Iterator[Step]:
    if not isinstance(node, Scalar) or node.span is None:
        return
    start = document.place(node.span)
    line = start.line if start is not None else 1
    # Below a `|`, and the comment that may follow it, the lines stand as they are.
    if document.text.content.startswith("|", node.span[0]):
        yield Step(node.text, line + 1, exact=True)
    else:
        yield Step(node.text, line)


def _steps(node: Node, document: Document) -> Iterator[Step]:
    """Yield the steps of a command, or of a list of them, in which lists may stand."""
    pending = [node]
    seen: set[int] = set()
    while pending:
        now = pending.pop()
        if isinstance(now, Sequence):
            # An alias is its anchor once more.
            if id(now) not in seen:
                seen.add(id(now))
                pending += reversed(now.items)
        else:
            yield from _step(now, document)


def _text(node: Node | None) -> str | None:
    return node.text if isinstance(node, Scalar) else None


def _is_off(node: Node) -> bool:
    """Tell whether a job or a step is switched off for good: `if: false`."""
    condition = _text(at(node, "if")) or ""
    return condition.replace("${{", "").replace("}}", "").strip() == "false"


def _github(path: str, data: bytes) -> Found:
    for document in _documents(path, data):
        jobs = [entry.value for entry in entries(at(document.root, "jobs"))]
        # An action of the repository's own has its steps under `runs`.
        for job in (*jobs, at(document.root, "runs")):
            if job is None or _is_off(job):
                continue
            for step in items(at(job, "steps")):
                if _is_off(step):
                    continue
                command = at(step, "run")
                if command is not None:
                    yield from _step(command, document)
                uses = _text(at(step, "uses")) or ""
                if uses.startswith("./"):
                    yield posixpath.normpath(uses) + "/action.{yml,yaml}"


def _gitlab(path: str, data: bytes) -> Found:
    parts = ("before_script", "script", "after_script")
    for document in _documents(path, data):
        for entry in entries(document.root):
            if entry.key == "include":
                yield from _local_includes(entry.value)
            elif entry.key in parts:
                yield from _steps(entry.value, document)
            else:
                for part in parts:
                    command = at(entry.value, part)
                    if command is not None:
                        yield from _steps(command, document)
                child = at(entry.value, "trigger", "include")
                if child is not None:
                    yield from _local_includes(child)


def _local_includes(node: Node) -> Iterator[str]:
    for item in items(node) or (node,):
        name = _text(item) or _text(at(item, "local"))
        if name is not None and "://" not in name:
            yield name.lstrip("/")


def _azure(path: str, data: bytes) -> Found:
    keys = frozenset({"script", "bash", "pwsh", "powershell", "inlineScript"})
    for document in _documents(path, data):
        pending: list[Node] = [document.root]
        seen: set[int] = set()
        while pending:
            node = pending.pop()
            if isinstance(node, Scalar) or id(node) in seen:
                continue
            seen.add(id(node))
            pending += reversed(items(node))
            for entry in entries(node):
                if entry.key in keys:
                    yield from _steps(entry.value, document)
                elif entry.key == "template" and (name := _text(entry.value)):
                    yield _beside(path, name)
                else:
                    pending.append(entry.value)


def _beside(path: str, name: str) -> str:
    """Return the path of a template: from the folder of its user or, with a `/`, from the root."""
    if name.startswith("/"):
        return name.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), name))


def _circle(path: str, data: bytes) -> Found:
    for document in _documents(path, data):
        orbs = [entry.value for entry in entries(at(document.root, "orbs"))]
        # An orb that is written here has jobs and commands of its own.
        for holder in (document.root, *orbs):
            for part in ("jobs", "commands"):
                for entry in entries(at(holder, part)):
                    yield from _circle_steps(at(entry.value, "steps"), document)


def _circle_steps(node: Node | None, document: Document) -> Iterator[Step]:
    pending = [node]
    seen: set[int] = set()
    while pending:
        now = pending.pop()
        if now is None or id(now) in seen:
            continue
        seen.add(id(now))
        for item in items(now):
            run = at(item, "run")
            command = at(run, "command") if isinstance(run, Table) else run
            if command is not None:
                yield from _step(command, document)
            # Under `when` and `unless` stand steps of their own.
            pending += [at(item, "when", "steps"), at(item, "unless", "steps")]


def _jenkins(path: str, data: bytes) -> Found:
    del path
    for text, line in shell_steps(data.decode("utf-8", "replace")):
        yield Step(text, line, exact=True)


def _any(path: str, data: bytes) -> Found:
    """Read a file that another has included, whatever system that is of."""
    if path.rpartition("/")[2].startswith("action."):
        yield from _github(path, data)
    else:
        yield from _gitlab(path, data)
        yield from _azure(path, data)


_TABLE: tuple[tuple[tuple[str, ...], Callable[[str, bytes], Found]], ...] = (
    ((".github/workflows/*.{yml,yaml}",), _github),
    ((".gitlab-ci.{yml,yaml}",), _gitlab),
    (
        (
            "**/azure-pipelines*.{yml,yaml}",
            "{.azure-pipelines,azure-pipelines,.azuredevops}/**/*.{yml,yaml}",
        ),
        _azure,
    ),
    ((".circleci/*.{yml,yaml}",), _circle),
    (("**/Jenkinsfile", "**/Jenkinsfile.*", "**/*.jenkinsfile"), _jenkins),
)
_NOT_READ = (
    ".travis.yml",
    "bitbucket-pipelines.yml",
    "{.drone,.woodpecker,.cirrus,cloudbuild}.{yml,yaml}",
    "{.woodpecker,.buildkite,.semaphore}/**/*.{yml,yaml}",
    "{.gitea,.forgejo}/workflows/*.{yml,yaml}",
    "{appveyor,.appveyor}.yml",
)
_UNREAD = matcher(_NOT_READ)
CI_GLOBS = (*(glob for globs, _ in _TABLE for glob in globs), *_NOT_READ)
"""Where CI systems look for what they run; what these files include lies elsewhere."""

_TESTS = tuple(matcher(globs) for globs, _ in _TABLE)
_READERS = tuple(reader for _, reader in _TABLE)


# --- words -------------------------------------------------------------------------------------

_OPERATORS = frozenset(";|&()`")
_REDIRECTIONS = frozenset("<>")


class Word(NamedTuple):
    """A word or an operator of a command, and the line of its text (from 0) that it stands on."""

    text: str
    line: int


def words_of(text: str) -> list[Word]:
    """Split a shell's text into words and operators; a line's end is one, a comment is nothing.

    Quotes are left out, so that a command in quotes is a command.
    """
    found: list[Word] = []
    line = 0
    position = 0
    current: list[str] = []
    quote = ""

    def end() -> None:
        if current:
            found.append(Word("".join(current), line))
            current.clear()

    while position < len(text):
        char = text[position]
        position += 1
        if char == "\\" and text.startswith(("\n", "\r\n"), position):
            end()
            position = text.index("\n", position) + 1
            line += 1
        elif char == "\n":
            end()
            found.append(Word("\n", line))
            line += 1
            quote = ""
        elif char == "#" and not current and not quote:
            newline = text.find("\n", position)
            position = len(text) if newline < 0 else newline
        elif char in "'\"":
            quote = "" if quote == char else quote or char
        elif char.isspace():
            end()
        elif char in _OPERATORS or (char in _REDIRECTIONS and not quote):
            end()
            found.append(Word(char, line))
        else:
            current.append(char)
    end()
    return found


def runs(step: Step, command: str) -> Iterator[Place]:
    """Yield the places in a step at which the words of a command stand in sequence."""
    wanted = [word.text for word in words_of(command)]
    words = words_of(step.text)
    texts = [word.text for word in words]
    for index in range(len(texts) - len(wanted) + 1):
        if wanted and texts[index] == wanted[0] and texts[index : index + len(wanted)] == wanted:
            yield step.place(words[index].line)
