"""What only a record shows: budgets, commands, what was read first, levels of autonomy."""

from typing import Any

import pytest

from bylaw.check.change import Change
from bylaw.check.evidence import NO_AGENT
from bylaw.check.judges.spoken import is_run_of, words_of
from bylaw.check.verdict import Finding, NotEvaluated, Violation
from bylaw.record.events import deeds, event
from bylaw.record.history import Record, Session
from bylaw.snapshot import MemoryTree
from tests.check.judging import judge, only

FILES = {
    "src/shop/pay.py": "x",
    "src/shop/order.py": "x",
    "docs/payments.md": "x",
    "docs/tax.md": "x",
    "docs/rules/a.md": "x",
    "docs/rules/b.md": "x",
    "migrations/1.sql": "x",
}


def at(minute: int) -> str:
    return f"2026-06-01T12:{minute:02}:00Z"


class Work:
    """A session that is written down step by step, each a minute after the other."""

    def __init__(self, session: str = "s1", agent: str | None = "B", level: str | None = None):
        self.session, self.agent, self.level = session, agent, level
        self.events: list[dict[str, Any]] = []

    def add(self, kind: str, **more: Any) -> "Work":
        said = event(
            kind,
            at(len(self.events)),
            self.session,
            agent=self.agent,
            autonomy=self.level,
            **more,
        )
        self.events.append(said)
        return self

    def call(self, decision: str = "allow", call: str | None = None, **what: Any) -> "Work":
        return self.add("call", call=call, decision=decision, **deeds(**what))

    def done(self, call: str, failed: bool | None = False, **what: Any) -> "Work":
        return self.add("result", call=call, failed=failed, **deeds(**what))

    def do(self, **what: Any) -> "Work":
        name = f"c{len(self.events)}"
        return self.call(call=name, **what).done(name)

    def write(self, path: str) -> "Work":
        return self.do(writes=[path])

    def read(self, path: str) -> "Work":
        return self.do(reads=[path])

    def run(self, command: str) -> "Work":
        return self.do(runs=[command.split()])

    def check(self, passed: bool) -> "Work":
        return self.add("check", passed=passed)

    def finish(self) -> "Work":
        return self.add("finish")


def recorded(*work: Work) -> Record:
    return Record(Session(each.session, each.events) for each in work)


def change(*modified: str, added: tuple[str, ...] = ()) -> Change:
    return Change(base=MemoryTree(), base_commit="b" * 40, modified=modified, added=added)


def found(sentence: str, *work: Work, **more: Any) -> list[Finding]:
    more = {"agent": "B", "record": recorded(*work), **more}
    return judge(f"- [it] {sentence}", FILES, **more)["it"]


def verdict(findings: list[Finding]) -> str:
    if any(isinstance(each, Violation) for each in findings):
        return "violated"
    return "open" if findings else "holds"


def detail(findings: list[Finding]) -> str:
    finding = only(findings)
    assert isinstance(finding, Violation)
    return finding.detail


# --- change and limits ---------------------------------------------------------------------------


def test_without_a_base_the_record_says_what_was_changed() -> None:
    work = Work().write("infra/main.tf").call("deny", writes=["infra/x.tf"]).write("docs/tax.md")
    findings = found("Agents MUST NOT change `infra/`.", work)
    assert [f.path for f in findings] == ["infra/main.tf"]
    assert verdict(found("Agents MUST change at most 1 files.", work)) == "violated"
    assert verdict(found("Agents MUST change at most 2 files.", work)) == "holds"


def test_what_was_done_and_undone_is_no_part_of_the_change() -> None:
    work = Work().write("infra/main.tf")
    findings = found("Agents MUST NOT change `infra/`.", work, change=change("docs/tax.md"))
    assert findings == []


@pytest.mark.parametrize(
    ("sentence", "spent", "expected"),
    [
        ("at most 100 tokens", [{"tokens": 60}, {"tokens": 40}], "holds"),
        ("at most 100 tokens", [{"tokens": 60}, {"tokens": 41}], "violated"),
        ("at most 100 tokens", [{"tokens": 90, "total": True}] * 3, "holds"),
        ("at most 100 tokens", [{"tokens": 101, "total": True}], "violated"),
        ("at most 100 tokens", [{"usd": 3}], "open"),
        ("at most 100 tokens", [], "open"),
        ("at most 2 USD", [{"usd": 1.5}, {"usd": 0.4}], "holds"),
        ("at most 2 USD", [{"usd": 2.01}], "violated"),
        ("at most 5 minutes", [{"minutes": 5}], "holds"),
        ("at most 5 minutes", [{"minutes": 5.5}], "violated"),
    ],
)
def test_a_budget_is_of_what_was_recorded(
    sentence: str, spent: list[dict[str, Any]], expected: str
) -> None:
    work = Work()
    for each in spent:
        work.add("spent", **each)
    findings = found(f"Agents MUST spend {sentence}.", work, change=change("src/shop/pay.py"))
    assert verdict(findings) == expected


def test_nobody_works_for_longer_than_it_lasts_and_a_pause_is_no_work() -> None:
    work = Work().write("a").write("b").write("c")
    assert verdict(found("Agents MUST spend at most 5 minutes.", work)) == "holds"
    assert verdict(found("Agents MUST spend at most 4 minutes.", work)) == "open"
    # Whoever sets the clock back has not worked for less.
    back = Work().run("make")
    for number, said in enumerate(back.events):
        said["at"] = at(30 - 10 * number)
    assert verdict(found("Agents MUST spend at most 20 minutes.", back)) == "open"


def test_all_sessions_of_a_task_share_a_budget() -> None:
    works = [Work(name).add("spent", tokens=60) for name in ("s1", "s2")]
    assert verdict(found("Agents MUST spend at most 100 tokens.", *works)) == "violated"
    works.append(Work("s3").write("a"))
    assert verdict(found("Agents MUST spend at most 1000 tokens.", *works)) == "open"


GIVE_UP = "Agents MUST stop after 2 failed attempts."


def test_who_has_failed_so_often_has_to_stop() -> None:
    work = Work().write("a").check(False).write("a").check(False)
    assert found(GIVE_UP, work) == []
    assert found(GIVE_UP, work.read("a").run("make lint").finish()) == []
    assert detail(found(GIVE_UP, work.write("a"))) == "an agent goes on after 2 failed attempts"
    third = Work().check(False).check(True).add("attempt", failed=True).check(False)
    assert verdict(found(GIVE_UP, third)) == "violated"
    assert found(GIVE_UP, Work().check(True).check(False).check(True).write("a")) == []


# --- run -----------------------------------------------------------------------------------------

ALWAYS = "Agents MUST run `make setup`."
LAST = "Agents MUST run `make lint` before finishing."
MEND = "Agents MUST run `make lint` when a check fails."


def test_who_changes_something_has_to_run_it() -> None:
    assert detail(found(ALWAYS, Work().write("a"))) == "an agent does not run `make setup`"
    assert found(ALWAYS, Work().run("make setup -q").write("a")) == []
    assert found(ALWAYS, Work().read("a")) == []
    assert verdict(found(ALWAYS, Work().run("echo make setup").write("a"))) == "violated"
    assert verdict(found("Agents MUST run `a` or `b c`.", Work().run("b c").write("a"))) == "holds"
    assert verdict(found("Agents MUST run `a` and `b`.", Work().run("b").write("a"))) == "violated"


def test_a_run_that_was_denied_or_never_came_to_it_is_none() -> None:
    denied = Work().call("deny", runs=[["make", "setup"]]).write("a")
    assert verdict(found(ALWAYS, denied)) == "violated"
    asked = Work().call("ask", call="1", runs=[["make", "setup"]]).write("a")
    assert verdict(found(ALWAYS, asked)) == "violated"
    assert found(ALWAYS, asked.done("1")) == []
    silent = Work().call(runs=[["make", "setup"]]).call(writes=["a"])
    assert found(ALWAYS, silent) == []


def test_before_finishing_is_after_the_last_change() -> None:
    assert found(LAST, Work().write("a").run("make lint").finish()) == []
    late = Work().run("make lint").write("a").finish()
    assert detail(found(LAST, late)) == "an agent finishes without having run `make lint`"
    assert verdict(found(LAST, Work().write("a"))) == "open"
    assert found(LAST, Work().read("a").finish()) == []


def test_what_the_command_itself_changes_needs_no_second_run() -> None:
    work = Work().write("a").call(call="x", runs=[["make", "lint"]])
    work.done("x", writes=["a", "b"]).finish()
    assert found(LAST, work) == []
    assert verdict(found(LAST, work.write("c").finish())) == "violated"


def test_what_a_call_does_besides_the_command_is_no_doing_of_it() -> None:
    both = Work().write("a").call(call="x", runs=[["make", "lint"], ["cp", "a", "b"]])
    both.done("x", writes=["b"]).finish()
    assert verdict(found(LAST, both)) == "violated"
    redirected = Work().call(call="x", runs=[["make", "lint"]], writes=["b"]).done("x").finish()
    assert verdict(found(LAST, redirected)) == "violated"
    assert found(LAST, redirected.run("make lint").finish()) == []


def test_a_change_of_which_the_record_knows_nothing_may_be_later() -> None:
    work = Work().write("a").run("make lint").finish()
    assert verdict(found(LAST, work, change=change("a"))) == "holds"
    assert verdict(found(LAST, work, change=change("a", "z"))) == "open"


def test_a_scope_says_where_the_agent_has_worked() -> None:
    sentence = "Agents in `src/**` MUST run `make lint` before finishing."
    assert found(sentence, Work().write("docs/tax.md").finish()) == []
    assert verdict(found(sentence, Work().write("src/a").finish())) == "violated"
    after = Work().write("src/a").run("make lint").write("docs/tax.md").finish()
    assert found(sentence, after) == []


def test_a_failed_check_asks_for_a_run_before_the_next() -> None:
    assert found(MEND, Work().write("a").check(False).run("make lint").check(True).finish()) == []
    assert found(MEND, Work().write("a").check(True).finish()) == []
    twice = Work().write("a").check(False).check(False).run("make lint").finish()
    assert verdict(found(MEND, twice)) == "violated"
    assert verdict(found(MEND, Work().write("a").check(False).finish())) == "violated"
    assert verdict(found(MEND, Work().write("a").check(False))) == "open"


BAN = "Agents MUST NOT run `git push` or `terraform`."


def test_a_banned_command_is_found_by_whatever_spelling() -> None:
    for command in ("git push", "/usr/bin/git -C shop push --force", "terraform apply"):
        assert verdict(found(BAN, Work().run(command))) == "violated"
    for command in ("git commit -m push", "echo git push", "git status", "terraformer"):
        assert found(BAN, Work().run(command)) == []
    for words in (
        ["sudo", "-u", "x", "git", "push"],
        ["env", "A=b", "timeout", "5", "git", "-C", "x", "push"],
        ["bash", "-lc", "cd x && git push"],
        ["xargs", "-I", "{}", "sh", "-c", "git push {}"],
    ):
        assert verdict(found(BAN, Work().do(runs=[words]))) == "violated", words
    for words in (["sudo", "echo", "git", "push"], ["bash", "-c", "echo git push"], ["env"] * 400):
        assert found(BAN, Work().do(runs=[words])) == []
    assert found(BAN, Work().call("deny", runs=[["git", "push"]])) == []
    assert verdict(found(BAN, Work().call("allow", runs=[["git", "push"]]))) == "violated"


def test_what_a_call_hides_leaves_a_ban_open() -> None:
    hidden = Work().do(untold=["inline code of another language"])
    assert verdict(found(BAN, hidden)) == "open"
    assert verdict(found(BAN, hidden.run("git push"))) == "violated"
    assert found(ALWAYS, hidden) == []


@pytest.mark.parametrize(
    ("words", "banned", "expected"),
    [
        ("a b c", "a c", False),
        ("a -x b c", "a c", True),
        ("a -x b c", "a b c", True),
        ("a -x v b c", "a b c", True),
        ("a b", "a b c", False),
        ("", "a", False),
        ("a", "", False),
    ],
)
def test_options_may_stand_between_the_words_of_a_ban(
    words: str, banned: str, expected: bool
) -> None:
    assert is_run_of(words.split(), words_of(banned)) is expected


# --- read before changing ------------------------------------------------------------------------

READ = "Agents MUST read `docs/payments.md` before changing `src/shop/pay*.py`."
PAY = "src/shop/pay.py"


def test_the_order_of_reading_and_changing_matters() -> None:
    assert found(READ, Work().read("docs/payments.md").write(PAY)) == []
    findings = found(READ, Work().write(PAY).read("docs/payments.md").write(PAY))
    assert detail(findings) == "an agent changes it before it has read `docs/payments.md`"
    assert [(f.path, f.note) for f in findings if isinstance(f, Violation)] == [
        (PAY, "it was read afterwards")
    ]
    assert only(found(READ, Work().write(PAY))).path == PAY
    assert found(READ, Work().write("src/shop/order.py")) == []


def test_only_a_reading_that_came_to_it_counts() -> None:
    failed = Work().call(call="1", reads=["docs/payments.md"]).done("1", failed=True).write(PAY)
    assert verdict(found(READ, failed)) == "violated"
    denied = Work().call("deny", reads=["docs/payments.md"]).write(PAY)
    assert verdict(found(READ, denied)) == "violated"
    at_once = Work().call(call="1", reads=["docs/payments.md"]).call(call="2", writes=[PAY])
    assert verdict(found(READ, at_once.done("1").done("2"))) == "violated"


def test_who_has_created_a_file_knows_it() -> None:
    made = Work().do(writes=["docs/payments.md"], creates=["docs/payments.md"]).write(PAY)
    assert found(READ, made) == []
    over = Work().write("docs/payments.md").write(PAY)
    assert verdict(found(READ, over)) == "violated"
    added = change(PAY, added=("docs/payments.md",))
    assert found(READ, over, change=added) == []


def test_each_session_has_to_read_for_itself() -> None:
    one = Work("s1").read("docs/payments.md")
    other = Work("s2").write(PAY)
    assert verdict(found(READ, one, other)) == "violated"
    assert found(READ, one, other.read("docs/payments.md"), Work("s3")) != []


def test_lists_and_globs_of_what_to_read_join_as_they_say() -> None:
    both = "Agents MUST read `docs/payments.md` and `docs/tax.md` before changing `src/**`."
    either = both.replace(" and ", " or ")
    work = Work().read("docs/tax.md").write(PAY)
    assert detail(found(both, work)).endswith("read `docs/payments.md`")
    assert found(either, work) == []
    every = "Agents MUST read `docs/rules/` before changing `src/**`."
    half = Work().read("docs/rules/a.md").write(PAY)
    assert verdict(found(every, half)) == "violated"
    whole = Work().read("docs/rules/a.md").read("docs/rules/b.md").write(PAY)
    assert found(every, whole) == []
    missing = "Agents MUST read `docs/gone.md` before changing `src/**`."
    assert verdict(found(missing, work)) == "violated"


def test_a_change_that_nobody_recorded_leaves_the_order_open() -> None:
    read = Work().read("docs/payments.md")
    assert verdict(found(READ, read, change=change(PAY))) == "open"
    assert verdict(found(READ, Work().read("docs/tax.md"), change=change(PAY))) == "violated"
    assert verdict(found(READ, change=change(PAY))) == "violated"


# --- autonomy ------------------------------------------------------------------------------------

WATCH = "Agents in `migrations/**` MUST work at autonomy `supervised`."


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("assisted", "holds"),
        ("supervised", "holds"),
        ("autonomous", "violated"),
        ("ase", "violated"),
        (None, "open"),
    ],
)
def test_a_level_above_the_demanded_one_is_forbidden(level: str | None, expected: str) -> None:
    work = Work(level=level).write("migrations/1.sql")
    assert verdict(found(WATCH, work)) == expected
    assert found(WATCH, Work(level=level).write("docs/tax.md")) == []
    unknown = found(WATCH, Work(level=level).write("a"), change=change("migrations/1.sql"))
    assert verdict(unknown) == expected


def test_the_level_of_the_moment_counts() -> None:
    work = Work(level="supervised").write("migrations/1.sql")
    work.level = "ase"
    assert found(WATCH, work.write("src/shop/pay.py")) == []
    findings = found(WATCH, work.write("migrations/1.sql"))
    assert detail(findings) == "an agent works here at autonomy `ase`"


# --- whom, and whether ---------------------------------------------------------------------------

EVERY = [
    ("Agents MUST spend at most 1 tokens.", Work().write("a").add("spent", tokens=2)),
    ("Agents MUST stop after 1 failed attempts.", Work().check(False).check(False)),
    (ALWAYS, Work().write("a")),
    (LAST, Work().write("a").finish()),
    (MEND, Work().write("a").check(False).finish()),
    (BAN, Work().run("git push")),
    (READ, Work().write(PAY)),
    (WATCH, Work(level="ase").write("migrations/1.sql")),
    ("Agents MUST NOT change `infra/`.", Work().write("infra/a")),
    ("Agents MUST change at most 1 files.", Work().write("a").write("b")),
    ("Agents MUST change at most 1 lines.", Work().do(writes=["a"], lines=3)),
]


def classed(sentence: str) -> str:
    return sentence.replace("Agents", "Agents of class `C`", 1)


@pytest.mark.parametrize(("sentence", "work"), EVERY)
def test_each_sentence_binds_its_class_and_no_person(sentence: str, work: Work) -> None:
    assert verdict(found(sentence, work)) == "violated"
    assert verdict(found(classed(sentence), work)) == "holds"
    assert verdict(found(classed(sentence), work, agent="C")) == "violated"
    assert verdict(found(sentence, work, agent=NO_AGENT)) == "holds"


@pytest.mark.parametrize(("sentence", "work"), EVERY)
def test_who_leaves_a_record_is_an_agent_of_whatever_class(sentence: str, work: Work) -> None:
    assert verdict(found(sentence, work, agent=None)) == "violated"
    assert verdict(found(classed(sentence), work, agent=None)) == "open"


@pytest.mark.parametrize(("sentence", "work"), EVERY)
def test_nothing_is_judged_by_a_record_that_cannot_be_believed(sentence: str, work: Work) -> None:
    broken = Record(recorded(work).sessions, broken="the record `x` cannot be believed: line 3")
    (finding,) = found(sentence, record=broken)
    assert isinstance(finding, NotEvaluated)
    assert finding.reason == broken.broken


RECORDED = [sentence for sentence, _ in EVERY if " change " not in sentence]


@pytest.mark.parametrize("sentence", RECORDED)
def test_without_a_record_nothing_is_guessed(sentence: str) -> None:
    touched = change("a", PAY, "migrations/1.sql")
    (finding,) = found(sentence, record=None, change=touched)
    assert isinstance(finding, NotEvaluated)
    assert finding.help == "hand one in with `--record`"


def test_a_call_that_is_asked_for_is_judged_as_if_it_were_done() -> None:
    record = recorded(Work().read("docs/tax.md"))
    asked = event("call", at(9), "s1", decision="allow", **deeds(writes=[PAY]))
    assert verdict(found(READ, record=record)) == "holds"
    assert verdict(found(READ, record=record.plus(asked))) == "violated"
    assert verdict(found(READ, record=record)) == "holds"
