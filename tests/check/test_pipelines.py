"""What CI runs, and commands that have to pass."""

import time
from collections.abc import Mapping

import pytest

from bylaw.check.evidence import CommandResult
from bylaw.check.pipelines import Step, runs, words_of
from bylaw.check.verdict import Finding, NotEvaluated, Violation
from bylaw.unevaluable import UnevaluableError
from tests.check.judging import judge, only

CI = ".github/workflows/ci.yml"


def found(sentence: str, files: Mapping[str, str | bytes]) -> list[Finding]:
    return judge(f"- [it] {sentence}", files)["it"]


@pytest.mark.parametrize(
    ("script", "command", "runs_it"),
    [
        ("make lint", "make lint", True),
        ("make  lint test", "make lint", True),
        ("sudo make lint", "make lint", True),
        ("make lint-all", "make lint", False),
        ("make -j lint", "make lint", False),
        ("cmake lint", "make lint", False),
        ("make\nlint", "make lint", False),
        ("make \\\n  lint", "make lint", True),
        ("make \\\r\n  lint", "make lint", True),
        ("make; lint", "make lint", False),
        ("true && make lint && true", "make lint", True),
        ("(make lint)", "make lint", True),
        ("echo x|make lint", "make lint", True),
        ("# make lint", "make lint", False),
        ("true # make lint", "make lint", False),
        ("echo a#b make lint", "make lint", True),
        ("sh -c 'cd x && make lint'", "make lint", True),
        ("echo '# not' && make lint", "make lint", True),
        ("echo don't\nmake lint # it's", "make lint", True),
        ('pytest -k "not slow"', "pytest -k 'not slow'", True),
        ("make lint>log 2>&1", "make lint", True),
        ("X=`make lint`", "make lint", True),
        ('pip install "a>=1"', "pip install a", False),
        ("a && b", "a && b", True),
        ("a || b", "a && b", False),
        ("", "make lint", False),
    ],
)
def test_a_step_runs_what_stands_in_it_word_by_word(
    script: str, command: str, runs_it: bool
) -> None:
    assert bool(list(runs(Step(script, 1), command))) is runs_it


def test_words_know_their_lines() -> None:
    words = words_of("a \\\n  b\n# c\nd")
    assert [(word.text, word.line) for word in words] == [
        ("a", 0),
        ("b", 1),
        ("\n", 1),
        ("\n", 2),
        ("d", 3),
    ]


def test_without_ci_nothing_runs_there() -> None:
    violation = only(found("CI MUST run `make`.", {"a.py": "x"}))
    assert isinstance(violation, Violation)
    assert (violation.path, violation.note) == (None, "there is no file of CI")
    assert found("CI MUST NOT run `make`.", {"a.py": "x"}) == []


@pytest.mark.parametrize(
    "path", [".travis.yml", "bitbucket-pipelines.yml", ".drone.yml", ".gitea/workflows/ci.yml"]
)
def test_ci_of_another_system_is_not_evaluated_unless_another_settles_it(path: str) -> None:
    for modal in ("MUST", "MUST NOT"):
        finding = only(found(f"CI {modal} run `make`.", {path: "script: make"}))
        assert isinstance(finding, NotEvaluated)
        assert finding.path == path
    assert found("CI MUST run `make`.", {path: "", CI: "jobs: {a: {steps: [{run: make}]}}"}) == []


def test_what_no_step_runs_is_missing_from_a_file_that_ci_starts_with() -> None:
    files: dict[str, str | bytes] = {
        ".github/actions/a/action.yml": "runs: {steps: [{run: make}]}",
        CI: "jobs: {a: {steps: [{uses: ./.github/actions/a}]}}",
    }
    assert paths(found("CI MUST run `tox`.", files)) == [CI]


@pytest.mark.parametrize(
    "text",
    ["a: [", "\t", "a: *b", "jobs: &a [*a]", "%YAML 9", "\0", "- " * 5000, "[" * 100_000],
)
def test_a_broken_file_of_ci_is_not_evaluated_unless_another_settles_it(text: str) -> None:
    finding = only(found("CI MUST run `make`.", {CI: text}))
    if isinstance(finding, NotEvaluated):
        assert finding.path == CI
    else:
        assert finding.path == CI
        assert "jobs" in text
        return
    good = {CI: text, ".gitlab-ci.yml": "job: {script: make}\n"}
    assert found("CI MUST run `make`.", good) == []
    findings = found("CI MUST NOT run `make`.", good)
    assert {type(finding) for finding in findings} == {NotEvaluated, Violation}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "jobs: 1",
        "jobs: [1]",
        "jobs: {a: 1}",
        "jobs: {a: {steps: 1}}",
        "jobs: {a: {steps: [1, {run: [x]}, {run: {}}, {uses: 1}, {uses: ./../../x}]}}",
        "include: 1",
        "a: {script: {b: c}}",
    ],
)
def test_ci_of_an_odd_form_runs_nothing(text: str) -> None:
    for path in (
        CI,
        ".gitlab-ci.yml",
        "azure-pipelines.yml",
        ".circleci/config.yml",
        "Jenkinsfile",
    ):
        assert paths(found("CI MUST run `make`.", {path: text})) == [path]


def paths(findings: list[Finding]) -> list[str | None]:
    assert all(isinstance(finding, Violation) for finding in findings)
    return [finding.path for finding in findings]


def test_aliases_are_followed_once() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 30))
    text = f"l0: &l0 [make]\n{levels}job:\n  script: *l29\n"
    began = time.perf_counter()
    assert found("CI MUST run `make`.", {".gitlab-ci.yml": text}) == []
    assert len(found("CI MUST NOT run `make`.", {".gitlab-ci.yml": text})) == 1
    assert time.perf_counter() - began < 2


def test_files_that_include_each_other_are_read_once() -> None:
    files: dict[str, str | bytes] = {
        ".gitlab-ci.yml": "include: [a.yml, 'parts/*.yml', '/../x.yml', '**/{']\n",
        "a.yml": "include: .gitlab-ci.yml\njob: {script: make a}\n",
        "parts/b.yml": "job: {script: make b}\n",
        "apart.yml": "job: {script: make c}\n",
    }
    assert found("CI MUST run `make a` and `make b`.", files) == []
    assert paths(found("CI MUST run `make c`.", files)) == [".gitlab-ci.yml"]


def test_a_line_of_a_block_is_named_and_the_start_of_any_other_text() -> None:
    text = (
        "jobs:\n  a:\n    steps:\n"
        "      - run: | # why\n\n          true\n          make\n"
        "      - run: >\n          true;\n          make\n"
        '      - run: "true\n\n          make"\n'
        "      - {run: make}\n"
    )
    findings = found("CI MUST NOT run `make`.", {CI: text})
    assert [f.place.line for f in findings if f.place] == [7, 8, 11, 14]


@pytest.mark.parametrize(
    ("text", "runs_it"),
    [
        ("sh 'make'", True),
        ('sh "make"', True),
        ('sh """\n  make\n"""', True),
        ("sh('make')", True),
        ("sh(script: 'make', returnStdout: true)", True),
        ("sh returnStdout: true, script: 'make'", True),
        ("bat 'make'", True),
        ("steps.sh 'make'", False),
        ("echo 'make'", False),
        ("push 'make'", False),
        ("// sh 'make'", False),
        ("/* sh 'make' */", False),
        ("sh /* x */ 'make'", True),
        ("echo 'it\\'s' ; sh 'make'", True),
        ("echo 'http://x' ; sh 'make'", True),
        ("sh 'make", True),
        ("echo 'sh' 'make'", False),
    ],
)
def test_a_jenkinsfile_runs_what_its_shell_steps_are_given(text: str, runs_it: bool) -> None:
    assert (found("CI MUST run `make`.", {"Jenkinsfile": text}) == []) is runs_it


@pytest.mark.parametrize("text", ["sh '" + "a " * 500_000, "'" * 1_000_001, "/*" * 500_000])
def test_a_long_jenkinsfile_is_read_in_time(text: str) -> None:
    began = time.perf_counter()
    found("CI MUST run `make`.", {"Jenkinsfile": text})
    assert time.perf_counter() - began < 3


# --- commands ----------------------------------------------------------------------------------


def result(status: int | None, output: str = "") -> list[Finding]:
    findings = judge(
        "- [it] Command `make test` MUST pass.",
        {"a": "x"},
        run=lambda command: CommandResult(status, output, 1.0),
    )
    return findings["it"]


def test_a_command_passes_with_status_zero_only() -> None:
    assert result(0, "noise") == []
    violation = only(result(2, "one\n\x1b[31mtwo\n \n"))
    assert isinstance(violation, Violation)
    assert (violation.path, violation.place) == ("docs/adr/0007-domain.md", None)
    assert violation.detail == "`make test` does not pass"
    assert violation.note == "it ended with status 2, and last said `[31mtwo`"


def test_a_command_that_was_stopped_or_not_run_has_no_verdict() -> None:
    stopped = only(result(None))
    assert isinstance(stopped, NotEvaluated)
    assert stopped.reason == "`make test` was stopped at the time limit"
    skipped = only(judge("- [it] Command `make test` MUST pass.", {"a": "x"})["it"])
    assert isinstance(skipped, NotEvaluated)
    assert skipped.reason == "the command was not run"
    assert "--run" in str(skipped.help)


def test_one_command_that_cannot_start_hides_no_other() -> None:
    def run(command: str) -> CommandResult:
        if command == "a":
            raise UnevaluableError("the command cannot be started: no such file")
        return CommandResult(1, "", 1.0)

    findings = judge("- [it] Command `a` or `b` MUST pass.", {"a": "x"}, run=run)["it"]
    assert {type(finding) for finding in findings} == {NotEvaluated, Violation}
