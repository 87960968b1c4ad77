"""What a change brings, and the rules that it weakens, in real git repositories."""

import pytest

from tests.check.shop import (
    ADR,
    ALLOW,
    BAD,
    NO_DEBUG,
    NO_ORM,
    NO_ORM_ID,
    ORDER,
    VIOLATION,
    WAIVER,
    Shop,
    record,
)

# --- a change ------------------------------------------------------------------------------------


def test_a_change_fails_on_what_it_brings_only(shop: Shop) -> None:
    shop.commit({ORDER: BAD, "src/shop/domain/old.py": BAD})
    shop.git("checkout", "-q", "-b", "work")
    shop.commit({ORDER: "import os\n" + BAD, "src/shop/domain/cart.py": BAD})
    done = shop.check("--diff", "main")
    assert done.violations == [(NO_ORM_ID, "src/shop/domain/cart.py", 1)]
    assert done.excused == [
        (NO_ORM_ID, "src/shop/domain/old.py", "old"),
        (NO_ORM_ID, ORDER, "old"),
    ]
    assert len(shop.check().violations) == 3


def test_one_more_of_the_same_violation_is_new(shop: Shop) -> None:
    shop.commit({ORDER: "import sqlalchemy\n"})
    shop.write({ORDER: "import sqlalchemy\n\n\ndef late():\n    import sqlalchemy\n"})
    done = shop.check("--diff", "HEAD")
    assert done.violations == [(NO_ORM_ID, ORDER, 5)]
    shop.write({ORDER: "def late():\n    import sqlalchemy\n\n\nimport sqlalchemy\n"})
    assert shop.check("--diff", "HEAD").violations == [(NO_ORM_ID, ORDER, 2)]


def test_a_renamed_file_keeps_its_violations(shop: Shop) -> None:
    body = "import sqlalchemy\n" + "".join(f"value_{n} = {n}\n" for n in range(20))
    shop.commit({ORDER: body})
    shop.git("mv", ORDER, "src/shop/domain/orders.py")
    assert shop.check("--diff", "HEAD").violations == []
    assert shop.check().violations == [(NO_ORM_ID, "src/shop/domain/orders.py", 1)]


def test_a_file_that_moves_into_a_scope_brings_its_violations(shop: Shop) -> None:
    body = "import sqlalchemy\n" + "".join(f"value_{n} = {n}\n" for n in range(20))
    shop.commit({"src/shop/free.py": body})
    shop.git("mv", "src/shop/free.py", ORDER, "-f")
    assert shop.check("--diff", "HEAD").violations == [VIOLATION]


def test_the_base_is_where_the_branches_parted(shop: Shop) -> None:
    shop.git("checkout", "-q", "-b", "work")
    shop.commit({"src/shop/domain/cart.py": BAD})
    shop.git("checkout", "-q", "main")
    shop.commit({ORDER: BAD})
    shop.git("checkout", "-q", "work")
    assert shop.check("--diff", "main").violations == [(NO_ORM_ID, "src/shop/domain/cart.py", 1)]


def test_what_is_staged_since_a_base(shop: Shop) -> None:
    shop.commit({ORDER: BAD})
    shop.write({"src/shop/domain/cart.py": BAD})
    shop.git("add", "-A")
    done = shop.check("--staged", "--diff", "HEAD")
    assert done.violations == [(NO_ORM_ID, "src/shop/domain/cart.py", 1)]


def test_a_revision_that_does_not_exist_is_a_fault_of_usage(shop: Shop) -> None:
    done = shop.check("--diff", "nowhere")
    assert done.status == 2
    assert done.codes == ["BL501"]


def test_for_new_code_counts_what_the_base_lacks(shop: Shop) -> None:
    shop.commit({ADR: record(NO_ORM.replace("; use", " for new code; use")), ORDER: BAD})
    assert shop.check().violations == []
    shop.write({"src/shop/domain/cart.py": BAD})
    assert shop.check().violations == [(NO_ORM_ID, "src/shop/domain/cart.py", 1)]
    assert shop.check("--base", "HEAD~1").violations == [
        (NO_ORM_ID, "src/shop/domain/cart.py", 1),
        VIOLATION,
    ]


def test_for_new_code_without_a_base_is_not_evaluated(shop: Shop) -> None:
    shop.write({ADR: record(NO_ORM.replace("; use", " for new code; use")), ORDER: BAD})
    (shop.root / ".git").rename(shop.root.parent / "elsewhere")
    done = shop.check()
    assert done.status == 3
    assert [(identity, path) for identity, path, _ in done.unjudged] == [(NO_ORM_ID, ORDER)]
    shop.write({ORDER: ""})
    assert shop.check().status == 0


# --- weakened rules ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "decision"),
    [
        ("it is dropped", record(NO_DEBUG)),
        ("`MUST NOT` became `SHOULD NOT`", record(NO_ORM.replace("MUST", "SHOULD"))),
        ("scope is narrower", record(NO_ORM.replace("shop.domain`", "shop.domain.money`"))),
        ("an exception was added", record(NO_ORM.replace("; use", ", except in tests; use"))),
        ("an exception was added", record(NO_ORM.replace("; use", ", except `sqlalchemy`; use"))),
        ("a waiver was added", record(NO_ORM, WAIVER)),
        ("in new code only", record(NO_ORM.replace("; use", " for new code; use"))),
        ("its days were changed", record(NO_ORM.replace("; use", " from 2031-01-01; use"))),
        ("does not name `sqlalchemy`", record(NO_ORM.replace("`sqlalchemy`", "`peewee`"))),
        ("it is dropped", record(NO_ORM, status="rejected")),
    ],
)
def test_a_rule_that_the_change_weakens_still_judges_it(
    shop: Shop, what: str, decision: str
) -> None:
    shop.git("checkout", "-q", "-b", "work")
    shop.commit({ADR: decision, ORDER: BAD, "src/shop/domain/money.py": ""})
    done = shop.check("--diff", "main")
    reported = [d for d in done.said["diagnostics"] if d["code"] == "BL511"]
    if "days" in what:
        what = "not in force"
    assert any(what in d["message"] for d in reported), reported
    hidden = "except in tests" not in decision
    if hidden and what != "in new code only":
        assert [v["by"] for v in done.said["violations"] if v["path"] == ORDER][-1:] == ["base"]
    assert done.status == 1
    trusted = shop.check("--diff", "main", "--trust")
    assert all(v["by"] == "own" for v in trusted.said["violations"])


def test_a_rule_that_is_only_reworded_or_strengthened_is_no_weaker(shop: Shop) -> None:
    shop.git("checkout", "-q", "-b", "work")
    stronger = NO_ORM.replace("`sqlalchemy`", "`sqlalchemy` or `peewee`")
    shop.commit({ADR: record(stronger, NO_DEBUG.replace("SHOULD", "MUST"))})
    done = shop.check("--diff", "main")
    assert (done.status, done.codes) == (0, [])


def test_a_rule_under_a_new_id_is_no_weaker(shop: Shop) -> None:
    shop.git("checkout", "-q", "-b", "work")
    shop.commit({ADR: record(NO_ORM.replace("no-orm", "no-database"), NO_DEBUG), ORDER: BAD})
    done = shop.check("--diff", "main")
    assert done.violations == [("0007-domain/no-database", ORDER, 1)]
    assert done.codes == []


def test_weakening_that_hides_nothing_is_reported_and_does_not_fail(shop: Shop) -> None:
    shop.git("checkout", "-q", "-b", "work")
    shop.commit({ADR: record(NO_DEBUG)})
    done = shop.check("--diff", "main")
    assert (done.status, done.codes) == (0, ["BL511"])


def test_what_the_configuration_lets_pass_is_judged_as_the_base_has_it(shop: Shop) -> None:
    shop.git("checkout", "-q", "-b", "work")
    shop.commit({"bylaw.toml": 'adrs = ["docs/adr"]\nsuppressions = true\n', ORDER: ALLOW})
    done = shop.check("--diff", "main")
    assert (done.status, done.violations) == (1, [VIOLATION])
    assert done.codes == ["BL523"]


def test_no_file_hides_in_the_output_folder(shop: Shop) -> None:
    shop.git("checkout", "-q", "-b", "work")
    shop.commit({"bylaw.toml": 'adrs = ["docs/adr"]\noutput = "src/shop/domain"\n', ORDER: BAD})
    done = shop.check("--diff", "main")
    assert (done.status, done.violations) == (1, [VIOLATION])


def test_a_baseline_that_grows_with_the_change_excuses_nothing(shop: Shop) -> None:
    shop.commit({"bylaw.toml": 'adrs = ["docs/adr"]\nbaseline = "known.json"\n'})
    shop.git("checkout", "-q", "-b", "work")
    shop.write({ORDER: BAD})
    shop.run("check", "--write-baseline")
    shop.commit()
    assert shop.check().status == 0
    done = shop.check("--diff", "main")
    assert (done.status, done.violations, done.codes) == (1, [VIOLATION], ["BL524"])
    assert shop.check("--diff", "main", "--trust").status == 0


def test_a_baseline_may_come_with_the_rule_that_needs_it(shop: Shop) -> None:
    toml = 'adrs = ["docs/adr"]\nbaseline = "known.json"\n'
    shop.commit({"bylaw.toml": toml, ORDER: "import attrs\n"})
    shop.git("checkout", "-q", "-b", "work")
    more = "- [no-attrs] Modules in `shop.domain` MUST NOT import `attrs`."
    shop.write({ADR: record(NO_ORM, NO_DEBUG, more)})
    shop.run("check", "--write-baseline")
    shop.commit()
    done = shop.check("--diff", "main")
    assert (done.status, done.codes) == (0, [])


def test_what_the_bases_rule_cannot_judge_is_not_clean(shop: Shop) -> None:
    shop.git("checkout", "-q", "-b", "work")
    shop.commit({ADR: record(NO_DEBUG), ORDER: b"import sqlalchemy\n\0"})
    done = shop.check("--diff", "main")
    assert done.status == 3
    assert (NO_ORM_ID, ORDER) in {(identity, path) for identity, path, _ in done.unjudged}


def test_a_stricter_rule_says_a_violation_once(shop: Shop) -> None:
    rule = "- [short] Files in `src/**` MUST have at most {} lines."
    shop.commit({ADR: record(rule.format(3))})
    shop.git("checkout", "-q", "-b", "work")
    shop.commit({ADR: record(rule.format(2)), ORDER: "x = 1\n" * 5})
    done = shop.check("--diff", "main")
    assert [v["by"] for v in done.said["violations"]] == ["own"]
