"""Starting git: on one repository, in one locale, and never a program that its settings name."""

import os
import subprocess
from collections.abc import Iterable
from functools import lru_cache

# Settings that name a program, or change what git answers.
_SETTINGS = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "log.showSignature=false",
    "diff.autoRefreshIndex=true",
    "i18n.logOutputEncoding=UTF-8",
)

# What a hook is told of the repository that it runs in.
_REPOSITORY = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_PREFIX",
)


Settings = Iterable[tuple[str, str]]


def run_git(
    root: bytes | str, *arguments: str, settings: Settings = ()
) -> subprocess.CompletedProcess[bytes] | None:
    """Run git on the repository that holds `root`; None where it cannot be started."""
    try:
        return subprocess.run(
            command(root, *arguments),
            capture_output=True,
            stdin=subprocess.DEVNULL,
            env=environment(root, settings),
            check=False,
        )
    except OSError:
        return None


def command(root: bytes | str, *arguments: str) -> list[str]:
    """Return the words that start git in `root`."""
    options = [word for setting in _SETTINGS for word in ("-c", setting)]
    return ["git", "-C", os.fsdecode(root), *options, *arguments]


def environment(root: bytes | str, settings: Settings = ()) -> dict[str, str]:
    """Return the environment that git is started with; `settings` are further ones of git's.

    In a hook, git says where the repository and the index of the commit in the making are. That
    is honoured where `root` lies in the hook's own working tree, and dropped anywhere else.
    Nothing is fetched, should objects be missing, and objects are what their names say.
    """
    known = dict(os.environ)
    given = {name: known.pop(name) for name in _REPOSITORY if name in known}
    if given:
        known |= _of_the_hook(os.path.realpath(os.fsdecode(root)), given)
    given_count = known.get("GIT_CONFIG_COUNT", "")
    count = int(given_count) if given_count.isdecimal() else 0
    for name, value in settings:
        known |= {f"GIT_CONFIG_KEY_{count}": name, f"GIT_CONFIG_VALUE_{count}": value}
        count += 1
        known["GIT_CONFIG_COUNT"] = str(count)
    return known | {
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_LITERAL_PATHSPECS": "1",
        "LC_ALL": "C",
    }


def _of_the_hook(root: str, given: dict[str, str]) -> dict[str, str]:
    """Return what a hook was told, with absolute paths; nothing where it is of another tree."""
    here = os.path.realpath(os.getcwd())
    # A hook starts at the top of its working tree, unless git says that this is elsewhere.
    top = os.path.realpath(os.path.join(here, given.get("GIT_WORK_TREE", "")))
    folder = root
    while folder != top:
        # Neither a folder elsewhere nor a repository within the tree is what the hook speaks of.
        if os.path.dirname(folder) == folder or os.path.lexists(os.path.join(folder, ".git")):
            return {}
        folder = os.path.dirname(folder)
    found = {
        name: os.path.join(here, value)
        for name, value in given.items()
        if name not in ("GIT_PREFIX", "GIT_ALTERNATE_OBJECT_DIRECTORIES")
    }
    if "GIT_ALTERNATE_OBJECT_DIRECTORIES" in given:
        name = "GIT_ALTERNATE_OBJECT_DIRECTORIES"
        found[name] = os.pathsep.join(os.path.join(here, p) for p in given[name].split(os.pathsep))
    if "GIT_DIR" in found:
        # With the one and not the other, git takes the folder it is started in for the top.
        found.setdefault("GIT_WORK_TREE", top)
    return found


@lru_cache(maxsize=64)
def without_filters(root: str) -> tuple[tuple[str, str], ...]:
    """Return settings that switch every configured clean and smudge filter off."""
    done = run_git(root, "config", "--name-only", "-z", "--get-regexp", r"^filter\.")
    if done is None:
        return ()
    names = {
        key.rpartition(b".")[0].decode("utf-8", "surrogateescape")
        for key in done.stdout.split(b"\0")
        if key
    }
    off = (("clean", ""), ("smudge", ""), ("process", ""), ("required", "false"))
    return tuple((f"{name}.{part}", value) for name in sorted(names) for part, value in off)


def ignored(root: bytes | str, paths: Iterable[str]) -> frozenset[str]:
    """Return the paths, relative to `root`, that git ignores; none where git cannot be asked.

    What is tracked is not ignored, whatever the patterns say.
    """
    found = _check_ignore(root, paths).split(b"\0")
    return frozenset(os.fsdecode(path.removeprefix(b"./")) for path in found if path)


def ignored_by(root: bytes | str, path: str) -> tuple[str, bytes] | None:
    """Return the file, relative to `root`, and the pattern in it for which git ignores a path."""
    fields = _check_ignore(root, (path,), "--verbose").split(b"\0")
    return (os.fsdecode(fields[0]), fields[2]) if len(fields) >= 4 else None


def _check_ignore(root: bytes | str, paths: Iterable[str], *options: str) -> bytes:
    # Behind `./`, no path is taken for one of git's magic words.
    asked = b"\0".join(b"./" + os.fsencode(path) for path in paths)
    if not asked:
        return b""
    try:
        done = subprocess.run(
            command(root, "check-ignore", "--stdin", "-z", *options),
            capture_output=True,
            input=asked + b"\0",
            # The command knows nothing of the word that makes paths literal.
            env=environment(root) | {"GIT_LITERAL_PATHSPECS": "0"},
            check=False,
        )
    except OSError:
        return b""
    return done.stdout
