"""Why a constraint held or not, step by step."""

from syrupy.assertion import SnapshotAssertion
from tests.check.judging import evidence_of
from tests.render.runs import HOSTILE, everything, one
from tests.targets.compiled import DAY, scoped

from bylaw.check.areas import judged_files
from bylaw.check.engine import find
from bylaw.check.evidence import Evidence
from bylaw.check.verdict import (
    DecisionRef,
    Judgement,
    NotEvaluated,
    Subject,
    Verdicts,
    Violation,
)
from bylaw.render.text import Style
from bylaw.render.verdicts import Setting
from bylaw.render.verdicts.explain import explain, find_judgements

FILES = {
    "shop/a.txt": "one",
    "shop/b.txt": "two",
    "shop/tests/c.txt": "three",
    "shop/old/d.txt": "four",
    "README.md": "",
}


def judged(sentences: str, files: dict[str, str] = FILES) -> tuple[Verdicts, Evidence]:
    """Return a run of the real engine, without anything that excuses."""
    evidence = evidence_of(files)
    decision = scoped(sentences, evidence.tree.files)
    found = find(decision.constraints, evidence)
    judgements = tuple(
        Judgement(
            each,
            "0007-domain",
            tuple(f for f in found[each.full_id] if isinstance(f, Violation)),
            tuple(f for f in found[each.full_id] if isinstance(f, NotEvaluated)),
            files=len(judged_files(each, evidence)),
        )
        for each in decision.constraints
    )
    ref = DecisionRef("0007-domain", "docs/adr/0007-domain.md", "A domain")
    return Verdicts(judgements, {"0007-domain": ref}, DAY, Subject(files=len(files))), evidence


def explained(run: Verdicts, evidence: Evidence) -> str:
    """Return the explanations of all constraints."""
    return "\n\n".join(explain(run, each, evidence) for each in run.judgements)


SENTENCES = """
- [gone] Files in `shop/**` MUST NOT exist, except in tests, except in `shop/old/`;
  use a table instead.
- [texts] Files matching `**/*.txt` SHOULD NOT contain `one` or `two` for new code.
- [headed] Files in `shop/**` MUST match `/^one/`.
- [nothing] Files in `nowhere/**` MUST NOT contain `x`.
- [no-orm] Modules in `shop.domain` MUST NOT import `sqlalchemy` or code in `shop/**`,
  except `sqlalchemy.types`, except under `TYPE_CHECKING`.
- [timeouts] Each call to `requests.get` in `shop/**` MUST pass `timeout` and `verify`.
- [one-door] Only modules in `shop.store` MAY import `sqlalchemy`, except in tests.
"""


def test_the_steps_of_several_shapes(snapshot: SnapshotAssertion) -> None:
    code = {
        "shop/__init__.py": "",
        "shop/domain/__init__.py": "from sqlalchemy.orm import Session\n",
        "shop/store.py": "import sqlalchemy\n",
        "shop/fetch.py": "import requests\n\nrequests.get('x', timeout=3)\n",
    }
    run, evidence = judged(SENTENCES, FILES | code)
    assert explained(run, evidence) == snapshot


def test_a_constraint_on_nothing_does_not_look_kept() -> None:
    run, evidence = judged("- [nothing] Files in `nowhere/**` MUST NOT contain `x`.")
    shown = explained(run, evidence)
    assert "no file of the tree lies in the scope, so nothing could be found" in shown
    assert shown.endswith("holds, but of nothing")


def test_each_exception_says_how_much_it_leaves_out() -> None:
    run, evidence = judged(
        "- [gone] Files in `shop/**` MUST NOT exist, except in tests, except in `shop/old/`."
    )
    shown = explained(run, evidence)
    assert "except      test files: leaves out 1 file\n" in shown
    assert "`shop/old/`: leaves out 1 file\n" in shown
    assert "together 2 files of 5 files\n" in shown


def test_what_excuses_is_named_with_its_place() -> None:
    run = everything()
    (judgement,) = find_judgements(run, "0007-domain/no-orm")
    shown = explain(run, judgement, evidence_of(FILES), Setting(style=Style(width=300)))
    flat = " ".join(shown.split())
    assert "waived until 2026-12-31 by @arch (SHOP-42)" in flat
    assert "(docs/adr/0007-domain.md:11): excuses 1 violation" in flat
    assert "in the baseline" in flat
    assert "suppressed by a comment: line 2: only in a migration" in flat
    assert "5 violations, 2 of which count" in flat


def test_a_waiver_that_excuses_nothing_says_so() -> None:
    run, evidence = judged(
        "- [gone] Files in `shop/**` MUST NOT exist.\n"
        "- Waiver for [gone]: `shop/z.txt` until 2026-12-31, approved by `@a`, because it is late."
    )
    assert "excuses 0 violations" in " ".join(explained(run, evidence).split())


def test_names_are_found_with_and_without_their_decision() -> None:
    run = everything()
    assert [j.by for j in find_judgements(run, "0007-domain/pure")] == ["own", "base"]
    assert len(find_judgements(run, "dba")) == 1
    assert find_judgements(run, "no-such") == []


def test_the_exit_status_follows_from_the_severity() -> None:
    run = one("shop/a.txt", sentence="- [gone] Files in `shop/**` SHOULD NOT exist.")
    (judgement,) = run.judgements
    evidence = evidence_of(FILES)
    assert "does not fail for it" in explain(run, judgement, evidence)
    assert "the run ends with 1" in explain(run, judgement, evidence, Setting(strict=True))


def test_every_constraint_of_a_run_can_be_explained() -> None:
    run = everything()
    for judgement in run.judgements:
        shown = explain(run, judgement, evidence_of(FILES))
        assert shown.split("\n")[0].startswith(judgement.scoped.full_id)
        assert "\noutcome " in shown


def test_nothing_of_a_tree_reaches_the_terminal_as_a_command() -> None:
    for path in HOSTILE:
        run = one(path, f"holds `{path}`")
        shown = explain(run, run.judgements[0], evidence_of({path: "x"}))
        assert all(row.isprintable() for row in shown.replace("\ufffd", "").split("\n"))
