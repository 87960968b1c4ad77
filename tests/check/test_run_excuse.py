"""What is let pass: by the baseline, by decisions, by comments."""

import json

import pytest

from tests.check.shop import (
    ADR,
    ALLOW,
    BAD,
    NO_ORM,
    NO_ORM_ID,
    ORDER,
    VIOLATION,
    WAIVER,
    Shop,
    record,
)

# --- a baseline ----------------------------------------------------------------------------------


def test_a_baseline_lets_pass_what_was_there_and_fails_on_growth(shop: Shop) -> None:
    shop.write({ORDER: BAD})
    written = shop.run("check", "--write-baseline", "--baseline", "known.json")
    assert written.status == 0
    assert "known.json: 1 violation" in written.err
    done = shop.check("--baseline", "known.json")
    assert (done.status, done.excused) == (0, [(NO_ORM_ID, ORDER, "baseline")])
    shop.write({ORDER: "\n\n" + BAD})
    assert shop.check("--baseline", "known.json").status == 0
    shop.write({ORDER: BAD + "def late():\n    import sqlalchemy\n"})
    assert len(shop.check("--baseline", "known.json").violations) == 1


def test_a_baseline_shrinks_and_never_grows(shop: Shop) -> None:
    shop.write({"bylaw.toml": 'adrs = ["docs/adr"]\nbaseline = "known.json"\n'})
    shop.write({ORDER: BAD, "src/shop/domain/cart.py": BAD})
    shop.run("check", "--write-baseline")
    shop.write({ORDER: "", "src/shop/domain/new.py": BAD})
    done = shop.check()
    assert done.violations == [(NO_ORM_ID, "src/shop/domain/new.py", 1)]
    assert done.codes == ["BL517"]
    assert shop.run("check", "--update-baseline").status == 0
    kept = json.loads((shop.root / "known.json").read_text())
    assert [entry["path"] for entry in kept["violations"]] == ["src/shop/domain/cart.py"]
    assert shop.check().codes == []


def test_a_baseline_is_the_same_bytes_every_time(shop: Shop) -> None:
    shop.write({ORDER: BAD, "src/shop/domain/cart.py": BAD + "import sqlalchemy.orm\n"})
    shop.run("check", "--write-baseline", "--baseline", "known.json")
    first = (shop.root / "known.json").read_bytes()
    shop.run("check", "--write-baseline", "--baseline", "known.json")
    assert (shop.root / "known.json").read_bytes() == first


def test_the_baseline_itself_is_no_part_of_what_is_checked(shop: Shop) -> None:
    shop.write({ADR: record("- [x] Files MUST NOT contain `forbid` + `den`.")})
    shop.write({ADR: record("- [x] Files matching `**/*.{py,json}` MUST NOT contain `secret`.")})
    shop.write({ORDER: "# secret\n"})
    shop.run("check", "--write-baseline", "--baseline", "known.json")
    assert b"secret" in (shop.root / "known.json").read_bytes()
    assert shop.check("--baseline", "known.json").status == 0


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "[]",
        '{"format":"bylaw/baseline","version":2,"violations":[]}',
        '{"format":"bylaw/baseline","version":1,"violations":[{"constraint":"a/b"}]}',
        '{"format":"bylaw/baseline","version":1}',
        '{"format":"bylaw/baseline","version":1,"violations":[{"count":0}]}',
        "[" * 100_000,
    ],
)
def test_a_broken_baseline_excuses_nothing(shop: Shop, text: str) -> None:
    shop.write({ORDER: BAD, "known.json": text})
    done = shop.check("--baseline", "known.json")
    assert (done.status, done.codes, done.violations) == (1, ["BL516"], [VIOLATION])


def test_a_part_of_the_tree_is_no_baseline(shop: Shop) -> None:
    assert shop.run("check", "--write-baseline", "--baseline", "k.json", "src").status == 2
    assert shop.run("check", "--write-baseline").err.startswith("error[BL923]")
    assert not (shop.root / "k.json").exists()


# --- waivers, permissions, comments --------------------------------------------------------------


def test_a_waived_violation_is_listed_and_does_not_fail(shop: Shop) -> None:
    shop.write({ADR: record(NO_ORM, WAIVER), ORDER: BAD})
    done = shop.check()
    assert (done.status, done.excused) == (0, [(NO_ORM_ID, ORDER, "waived")])


def test_a_waiver_by_import_edge_hides_that_import_only(shop: Shop) -> None:
    edge = WAIVER.replace(f"`{ORDER}`", "`shop.domain.order -> sqlalchemy.orm`")
    shop.write({ADR: record(NO_ORM, edge), ORDER: "import sqlalchemy.orm\nimport sqlalchemy\n"})
    assert shop.check().violations == [(NO_ORM_ID, ORDER, 2)]


def test_an_unused_waiver_is_reported_where_all_was_judged(shop: Shop) -> None:
    shop.write({ADR: record(NO_ORM, WAIVER)})
    assert shop.check().codes == ["BL510"]
    assert shop.check("--strict").status == 1
    assert shop.check("src").codes == []
    shop.write({"src/shop/domain/broken.py": b"import sqlalchemy\n\0"})
    assert shop.check().codes == []


def test_an_expired_waiver_is_an_error_and_hides_nothing(shop: Shop) -> None:
    shop.write({ADR: record(NO_ORM, WAIVER), ORDER: BAD})
    done = shop.check("--as-of", "2027-01-01")
    assert (done.status, done.codes, done.violations) == (1, ["BL221"], [VIOLATION])


def test_a_permission_takes_its_places_and_operands_out(shop: Shop) -> None:
    door = "- [door] Only modules in `shop.store` MAY import `sqlalchemy` or `psycopg`."
    grant = "- [report] Modules in `shop.domain.order` MAY import `sqlalchemy`, despite [door]."
    shop.write({ADR: record(door, grant), "src/shop/store.py": ""})
    shop.write({ORDER: "import sqlalchemy.orm\nimport psycopg\n", "src/shop/ports.py": BAD})
    done = shop.check()
    assert done.violations == [
        ("0007-domain/door", ORDER, 2),
        ("0007-domain/door", "src/shop/ports.py", 1),
    ]
    assert done.excused == [("0007-domain/door", ORDER, "permitted")]


def test_a_permission_for_some_entities_leaves_the_others(shop: Shop) -> None:
    rule = "- [case] Functions in `src/shop/**` MUST be named `snake_case`."
    grant = "- [visit] Functions in `src/shop/domain/**` MAY be named `visit_*`, despite [case]."
    shop.write({ADR: record(rule, grant)})
    shop.write({ORDER: "def visit_BinOp(): ...\n\n\ndef Other(): ...\n"})
    shop.write({"src/shop/ports.py": "def visit_Name(): ...\n"})
    done = shop.check()
    assert done.violations == [
        ("0007-domain/case", ORDER, 4),
        ("0007-domain/case", "src/shop/ports.py", 1),
    ]


TREE = {
    "svc/a/x.tmp": "",
    "svc/a/sub/x": "",
    "q.yml": "k: [xx, yy]\n",
    "n/ab": "",
    "l/a/b/x": "",
    ".gitlab-ci.yml": "job: {script: wget x; curl y}\n",
    "package.json": '{"dependencies": {"moment": "1"},\n "devDependencies": {"moment": "1"}}\n',
}


@pytest.mark.parametrize(
    ("rule", "grant", "path", "operands"),
    [
        (
            "Each directory in `svc/*` MUST NOT contain `*.tmp` or `sub`.",
            "Each directory in `svc/*` MAY contain `*.tmp`",
            "svc/a",
            ["sub"],
        ),
        (
            "Key `k` in `*.yml` MUST NOT contain `xx` or `yy`.",
            "Key `k` in `*.yml` MAY contain `xx`",
            "q.yml",
            ["yy"],
        ),
        (
            "Files in `n/` MUST NOT be named `a*` or `*b`.",
            "Files in `n/` MAY be named `a*`",
            "n/ab",
            ["*b"],
        ),
        (
            "Files in `l/` MUST NOT live in `l/a/` or `l/a/b/`.",
            "Files in `l/` MAY live in `l/a/b/`",
            "l/a/b/x",
            [],
        ),
        ("CI MUST NOT run `curl` or `wget`.", "CI MAY run `curl`", ".gitlab-ci.yml", ["wget"]),
        (
            "The project MUST NOT depend on `moment`.",
            "`package.json` MAY depend on `moment` in group `dev`",
            "package.json",
            ["moment"],
        ),
    ],
)
def test_a_permission_for_one_operand_leaves_the_others_at_its_place(
    shop: Shop, rule: str, grant: str, path: str, operands: list[str]
) -> None:
    shop.write({ADR: record(f"- [ban] {rule}", f"- [grant] {grant}, despite [ban]."), **TREE})
    done = shop.check()
    found = [(v["path"], v["operand"]) for v in done.said["violations"]]
    assert found == [(path, operand) for operand in operands]
    assert {each[1] for each in done.excused} == {path}


def test_a_permission_for_agents_of_a_class_is_for_no_others(shop: Shop) -> None:
    rules = (
        "- [few] Agents MUST change at most 1 files.",
        "- [lane] Agents MUST NOT change `infra/`.",
        "- [many] Agents of class `C` MAY change at most 9 files, despite [few].",
        "- [open] Agents of class `C` MAY change `infra/`, despite [lane].",
    )
    shop.write({ADR: record(*rules), "infra/a": "", "infra/b": ""})
    shop.commit()
    shop.write({"infra/a": "1\n", "infra/b": "1\n"})
    assert len(shop.check("--base", "HEAD", "--agent", "A").violations) == 3
    assert shop.check("--base", "HEAD", "--agent", "C").violations == []


def test_a_comment_does_nothing_where_nobody_admits_it(shop: Shop) -> None:
    shop.write({ORDER: ALLOW})
    done = shop.check()
    assert (done.status, done.codes, done.violations) == (1, ["BL514"], [VIOLATION])


@pytest.mark.parametrize("value", ["true", f'["{NO_ORM_ID}"]', '["0007-domain"]'])
def test_an_admitted_comment_counts_and_is_listed(shop: Shop, value: str) -> None:
    shop.write({"bylaw.toml": f'adrs = ["docs/adr"]\nsuppressions = {value}\n', ORDER: ALLOW})
    done = shop.check()
    assert (done.status, done.excused) == (0, [(NO_ORM_ID, ORDER, "suppressed")])
    assert "line 1: it is rewritten" in done.out


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("BL512", "x = 1  # bylaw: allow 0007-domain/no-orm because of nothing\n"),
        ("BL513", "import sqlalchemy  # bylaw: allow 0007-domain/no-orm\n"),
        ("BL515", "x = 1  # bylaw: allow 0007-domain/no-omr because of a slip\n"),
        ("BL515", "x = 1  # bylaw: allow\n"),
    ],
)
def test_a_comment_that_is_of_no_use_is_reported(shop: Shop, code: str, text: str) -> None:
    shop.write({"bylaw.toml": 'adrs = ["docs/adr"]\nsuppressions = true\n', ORDER: text})
    done = shop.check()
    assert done.codes == [code]
    assert done.status == (1 if "sqlalchemy" in text else 0)


def test_a_comment_with_an_id_as_the_list_has_it_is_told_the_whole_one(shop: Shop) -> None:
    text = "import sqlalchemy  # bylaw: allow no-orm because the report is rewritten\n"
    shop.write({"bylaw.toml": 'adrs = ["docs/adr"]\nsuppressions = true\n', ORDER: text})
    (slip,) = [d for d in shop.check().said["diagnostics"] if d["code"] == "BL515"]
    assert slip["help"] == "did you mean `0007-domain/no-orm`?"


def test_a_comment_counts_on_its_line_or_alone_above(shop: Shop) -> None:
    allow = f"# bylaw: allow {NO_ORM_ID} because it is rewritten\n"
    shop.write({"bylaw.toml": 'adrs = ["docs/adr"]\nsuppressions = true\n'})
    shop.write({ORDER: f"{allow}import sqlalchemy\n"})
    assert shop.check().status == 0
    shop.write({ORDER: f"x = 1  {allow}import sqlalchemy\n"})
    assert shop.check().violations == [(NO_ORM_ID, ORDER, 2)]
    shop.write({ORDER: f"{allow}\nimport sqlalchemy\n"})
    assert shop.check().violations == [(NO_ORM_ID, ORDER, 3)]
