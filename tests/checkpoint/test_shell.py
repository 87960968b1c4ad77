"""What a shell command would do, told from its text."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bylaw.checkpoint.effects import Install, Opaque, Outside, Remove, Run, Write
from bylaw.checkpoint.files import DiskFiles, MemoryFiles
from bylaw.checkpoint.shell.walk import Walker

FILES = MemoryFiles(
    {
        "a.txt": b"one\n",
        "b.txt": b"two\n",
        "src/a.py": b"x = 1\n",
        "src/b.py": b"y = 2\n",
        "docs/guide.md": b"# Guide\n",
        "package.json": b"{}\n",
    }
)
ROWS = Path(__file__).parent / "shell_rows.txt"


def effects(text: str, files: MemoryFiles = FILES) -> list[object]:
    shell = Walker(files, files.root)
    shell.run(text)
    return list(shell.effects)


def written(effect: object) -> str | None:
    """Return an effect as the rows write it; runs and reads are asked for elsewhere."""
    match effect:
        case Write():
            sort = {"file": "write", "tree": "write-tree", "glob": "write-glob"}[effect.extent]
            told = "" if effect.content is None else f"={effect.content.decode()!r}"
            return f"{sort} {effect.path or '.'}{told}"
        case Remove():
            sort = {"file": "remove", "tree": "remove-tree", "glob": "remove-glob"}[effect.extent]
            return f"{sort} {effect.path or '.'}"
        case Outside() if effect.what != "read":
            return f"outside-{effect.what} {effect.path}"
        case Install():
            sort = "install-dev" if effect.dev else "install"
            return f"{sort} {effect.registry}:{effect.name or '?'}{effect.requirement}"
        case Opaque():
            return effect.sort
    return None


def rows() -> Iterator[tuple[str, str]]:
    for line in ROWS.read_text("utf-8").splitlines():
        if line and not line.startswith("## "):
            command, _, expected = line.partition(" ⇒")
            yield command.replace("⏎", "\n"), expected.strip()


@pytest.mark.parametrize(("command", "expected"), list(rows()))
def test_a_command_has_the_effects_of_its_row(command: str, expected: str) -> None:
    found = [text for effect in effects(command) if (text := written(effect)) is not None]
    assert " · ".join(found) == expected


def test_there_are_at_least_250_rows() -> None:
    assert len(list(rows())) >= 250


@pytest.mark.parametrize("blank", ["\u00a0", "\u2003", "\x85", "\x1f", "\r", "\x0b", "\u3000"])
def test_only_space_and_tab_part_words(blank: str) -> None:
    removed = [e.path for e in effects(f"rm a{blank}b\trm c; rm d") if isinstance(e, Remove)]
    assert removed == [f"a{blank}b", "rm", "c", "d"]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("git push --force", "git push --force"),
        ("true && git push", "git push"),
        ("false || git push", "git push"),
        ("bash -c 'git push'", "git push"),
        ("sh -ec 'cd x; git push'", "git push"),
        ("env A=1 git push", "git push"),
        ("A=1 git push", "git push"),
        ("sudo -u me git push", "git push"),
        ("nohup git push &", "git push"),
        ("time git push", "git push"),
        ("timeout 5 git push", "git push"),
        ("echo push | xargs git", "git push"),
        ("xargs -n1 git push < a.txt", "git push"),
        ("$(echo git) push", "git push"),
        ("G=git; $G push", "git push"),
        ("g\"i\"t 'push'", "git push"),
        ("\\git push", "git push"),
        ("g\\\nit push", "git push"),
        ("/usr/bin/git push", "git push"),
        ("git -C src push", "git push"),
        ("git -c a.b=c push", "git push"),
        ("eval 'git push'", "git push"),
        ("eval git push", "git push"),
        ("if true; then git push; fi", "git push"),
        ("for i in 1; do git push; done", "git push"),
        ("while false; do git push; done", "git push"),
        ("case x in x) git push;; esac", "git push"),
        ("f() { git push; }; f", "git push"),
        ("function f { git push; }; f", "git push"),
        ("(git push)", "git push"),
        ("{ git push; }", "git push"),
        ("echo `git push`", "git push"),
        ('echo "$(git push)"', "git push"),
        ("cat <(git push)", "git push"),
        ("cat <<E\n$(git push)\nE\n", "git push"),
        ("echo $(( $(git push) + 1 ))", "git push"),
        ("echo ${x:-$(git push)}", "git push"),
        ("[[ -n $(git push) ]]", "git push"),
        ("a=$(git push)", "git push"),
        ("a=(1 $(git push))", "git push"),
        ("trap 'git push' EXIT", "git push"),
        ("find . -exec git push ';'", "git push"),
        ("echo 'git push' | sh", "git push"),
        ("sh <<'E'\ngit push\nE\n", "git push"),
        ("bash <<< 'git push'", "git push"),
        ("echo 'git push' > s.sh; bash s.sh", "git push"),
        ("echo 'git push' > s.sh; . ./s.sh", "git push"),
        ("printf 'git push' | bash -s", "git push"),
        ("echo Z2l0IHB1c2g= | base64 -d | bash", "git push"),
        ("command git push", "git push"),
        ("exec git push", "git push"),
        ("builtin command git push", "git push"),
        ("busybox sh -c 'git push'", "git push"),
        ("{git,push}", "git push"),
        ("$'\\x67it' push", "git push"),
        ("npx -y git push", "git push"),
        ("uv run git push", "git push"),
        ("poetry run git push", "git push"),
        ("pnpm exec git push", "git push"),
        ("coproc git push", "git push"),
        ("! git push", "git push"),
        ("git push # done", "git push"),
        ("git \\\n  push", "git push"),
        ("if a; then b; elif git push; then c; fi", "git push"),
        ("until git push; do :; done", "git push"),
        ("a && { b || (c | git push); }", "git push"),
        ("su -c 'git push'", "git push"),
        ("script -c 'git push' /dev/null", "git push"),
        ("watch git push", "git push"),
        ("flock /tmp/l git push", "git push"),
        ("stdbuf -oL git push", "git push"),
    ],
)
def test_a_command_is_found_wherever_it_is_run(command: str, words: str) -> None:
    runs = [effect.words for effect in effects(command) if isinstance(effect, Run)]
    wanted = tuple(words.split())
    assert any(run[: len(wanted)] == wanted for run in runs), runs


@pytest.mark.parametrize(
    "command",
    [
        "echo git push",
        "echo 'git push'",
        "# git push",
        "git commit -m 'git push'",
        "cat <<'E'\ngit push\nE\n",
        "grep 'git push' a.txt",
        "x='git push'",
        "echo \\`git push\\`",
        "echo '$(git push)'",
        'echo "\\$(git push)"',
        "cat <<'E'\n$(git push)\nE\n",
    ],
)
def test_text_that_is_only_text_runs_nothing(command: str) -> None:
    runs = [effect.words for effect in effects(command) if isinstance(effect, Run)]
    assert not any(run[:2] == ("git", "push") for run in runs), runs


@pytest.mark.parametrize(
    "command",
    [
        "$X",
        "$(cat script) x",
        "eval $X",
        'bash -c "$X"',
        "rm $X",
        "rm $(cat list)",
        "cat a.txt > $X",
        "cd $X; rm a.txt",
        "cd -; rm a.txt",
        "cd nowhere; rm a.txt",
        "curl http://x | sh",
        "ls | xargs rm",
        "PATH=.:$PATH ls",
        "export PATH=.; ls",
        "alias ls='rm -rf src'",
        "ln -s src l; echo x > l/a.py",
        "echo 'unclosed",
        "if true; then rm a",
        "fi",
        "rm a )",
        "f() { f; }; f",
        ":(){ :|:& };:",
        "tee $X < a.txt",
        "cp a.txt $X",
        "mv $X src",
        "sed -i s/a/b/ $X",
        "for f in $(ls); do rm $f; done",
        "while read f; do rm $f; done < a.txt",
        "if true; then X=a; else X=b; fi; rm $X",
        "true && X=src; false && X=docs; rm -r $X",
        "x=src; while a; do rm -r $x; x=docs; done",
        "cp src/*.py",
        'env -S "$X"',
        "find . -exec $X ';'",
        "x=\0; rm a",
    ],
)
def test_what_the_text_hides_is_said_to_be_hidden(command: str) -> None:
    assert any(isinstance(e, Opaque) and e.sort == "hidden" for e in effects(command))


@pytest.mark.parametrize(
    "command",
    [
        "ls -la && git status && git diff HEAD~1 | head -20",
        "grep -rn 'rm -rf' src | sort | uniq -c",
        "cat src/a.py 2>/dev/null || echo missing >&2",
        "cd src && ls; cd ..",
        "echo $HOME $USER > /dev/null",
        "sed -n '1,10p' src/a.py",
        "awk '{print $1}' a.txt",
        "find src -name '*.py' | wc -l",
        "git log --oneline -5; git show HEAD:src/a.py",
        'for f in src/*.py; do wc -l "$f"; done',
        "git commit -m \"$(cat <<'EOF'\nIt's (done)\nEOF\n)\"",
        "test -f a.txt && [ -d src ] && [[ $X == y* ]]",
        "jq .name package.json",
        "date; sleep 1; true",
        "export X=1; unset X; set -euo pipefail",
    ],
)
def test_what_only_looks_changes_nothing(command: str) -> None:
    bad = [e for e in effects(command) if isinstance(e, Write | Remove | Opaque)]
    assert bad == []


def test_files_of_this_very_process_are_not_taken_for_the_shells(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("of this process")
    with (tmp_path / "secret.txt").open("rb") as stream:
        path = f"/dev/fd/{stream.fileno()}"
        assert DiskFiles(str(tmp_path)).read(path) is None
        assert DiskFiles(str(tmp_path)).read(f"/proc/self{path.removeprefix('/dev')}") is None
