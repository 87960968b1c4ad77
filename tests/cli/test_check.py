"""`bylaw check` from the command line: trees, paths, the index, and reports."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.check.shop import (
    ADR,
    BAD,
    NO_DEBUG,
    NO_ORM,
    NO_ORM_ID,
    ORDER,
    VIOLATION,
    Shop,
    empty,
    record,
    shop,
)

__all__ = ["empty", "shop"]


# --- the tree ------------------------------------------------------------------------------------


def test_a_kept_tree_is_clean(shop: Shop) -> None:
    done = shop.check()
    assert done.status == 0
    assert done.violations == []
    assert [c["outcome"] for c in done.said["constraints"]] == ["holds", "holds"]


def test_a_violated_must_fails_and_names_file_line_and_sentence(shop: Shop) -> None:
    shop.write({ORDER: "x = 1\nimport sqlalchemy\n"})
    done = shop.run("check")
    assert done.status == 1
    assert f"{ORDER}:2" in done.out
    assert NO_ORM_ID in done.out
    assert "MUST NOT import `sqlalchemy`" in done.out
    assert done.err == ""


def test_a_violated_should_is_shown_and_fails_only_a_strict_check(shop: Shop) -> None:
    shop.write({ORDER: "print(1)\n"})
    done = shop.check()
    assert (done.status, done.violations) == (0, [("0007-domain/no-print", ORDER, 1)])
    assert shop.check("--strict").status == 1


def test_what_cannot_be_judged_is_told_from_what_is_clean(shop: Shop) -> None:
    shop.write({ORDER: b"import sqlalchemy\nprint(1)\n\0"})
    done = shop.check()
    assert done.status == 3
    assert {(identity, path) for identity, path, _ in done.unjudged} == {
        (NO_ORM_ID, ORDER),
        ("0007-domain/no-print", ORDER),
    }
    assert shop.check("--lenient").status == 0


def test_a_path_says_whose_violations_count(shop: Shop) -> None:
    shop.write({ORDER: BAD, "src/shop/domain/cart.py": BAD})
    done = shop.check("src/shop/domain/cart.py")
    assert done.violations == [(NO_ORM_ID, "src/shop/domain/cart.py", 1)]
    assert shop.check("src/shop/domain").violations == shop.check().violations
    assert shop.check("docs").status == 0


def test_a_shape_of_the_tree_is_judged_whole_and_reported_within_the_paths(shop: Shop) -> None:
    cycles = "- [no-cycles] Modules in `shop` MUST NOT form import cycles."
    shop.write(
        {
            ADR: record(cycles),
            "src/shop/a.py": "import shop.b\n",
            "src/shop/b.py": "import shop.a\n",
        }
    )
    assert [path for _, path, _ in shop.check("src/shop/a.py").violations] == ["src/shop/a.py"]
    assert shop.check("src/shop/b.py").violations == []


def test_a_fault_in_a_decision_fails_the_check_and_the_rest_is_judged(shop: Shop) -> None:
    shop.write({ADR: record(NO_ORM, "- [odd] Modules in `shop` MUST fly."), ORDER: BAD})
    done = shop.check()
    assert done.status == 1
    assert done.violations == [VIOLATION]
    shop.write({ORDER: ""})
    assert shop.check().status == 1


def test_a_fault_in_the_configuration_is_a_fault_of_usage(shop: Shop) -> None:
    shop.write({"bylaw.toml": "adr = 1\n"})
    done = shop.check()
    assert done.status == 2
    assert done.codes == ["BL912"]


def test_proposed_decisions_are_judged_on_request_only(shop: Shop) -> None:
    shop.write({ADR: record(NO_ORM, status="proposed"), ORDER: BAD})
    assert shop.check().violations == []
    assert shop.check("--include-proposed").violations == [VIOLATION]


def test_a_day_decides_what_is_in_force(shop: Shop) -> None:
    dated = "- [no-orm] Modules in `shop.domain` MUST NOT import `sqlalchemy` from 2027-01-01."
    shop.write({ADR: record(dated), ORDER: BAD})
    assert shop.check().violations == []
    assert shop.check("--as-of", "2027-01-01").violations == [VIOLATION]


def test_where_nothing_binds_that_is_said(shop: Shop) -> None:
    shop.write({ADR: record("- Guidance: be kind.")})
    done = shop.check()
    assert (done.status, done.codes) == (0, ["BL925"])
    assert shop.check("--strict").status == 1


def test_where_there_is_no_decision_the_check_fails(shop: Shop) -> None:
    (shop.root / ADR).unlink()
    done = shop.check()
    assert (done.status, done.codes) == (1, ["BL917", "BL916"])


def test_a_tree_without_git_is_checked_too(shop: Shop) -> None:
    shop.write({ORDER: BAD})
    (shop.root / ".git").rename(shop.root.parent / "elsewhere")
    assert shop.check().violations == [VIOLATION]
    done = shop.check("--staged")
    assert done.status == 2
    assert done.codes == ["BL525"]


# --- the index -----------------------------------------------------------------------------------


def test_the_index_is_what_is_staged_and_not_what_lies_on_disk(shop: Shop) -> None:
    shop.write({ORDER: BAD})
    shop.git("add", "-A")
    shop.write({ORDER: "x = 1\n"})
    assert shop.check("--staged").violations == [VIOLATION]
    assert shop.check().violations == []


def test_decisions_and_configuration_are_taken_from_the_index_too(shop: Shop) -> None:
    shop.commit({ORDER: "print(1)\n"})
    shop.write({ADR: record(NO_DEBUG.replace("SHOULD", "MUST"))})
    assert shop.check("--staged").status == 0
    shop.git("add", "-A")
    (shop.root / ADR).unlink()
    done = shop.check("--staged", "--trust")
    assert [identity for identity, *_ in done.violations] == ["0007-domain/no-print"]
    assert done.status == 1


# --- reports -------------------------------------------------------------------------------------


def test_several_reports_come_from_one_run(shop: Shop) -> None:
    shop.write({ORDER: BAD})
    names = ("json", "sarif", "junit", "markdown", "github", "text")
    outputs = [part for name in names for part in ("--output", f"{name}=out/{name}")]
    done = shop.run("check", *outputs)
    assert done.status == 1
    out = shop.root / "out"
    assert json.loads((out / "json").read_text())["violations"][0]["path"] == ORDER
    assert json.loads((out / "sarif").read_text())["version"] == "2.1.0"
    assert ET.parse(out / "junit").getroot().tag == "testsuites"
    assert "0007-domain" in (out / "markdown").read_text()
    assert "::error" in (out / "github").read_text()
    assert (out / "text").read_text() == done.out


@pytest.mark.parametrize("entry", ["sarif", "sarif=", "pdf=x.pdf"])
def test_an_odd_report_is_a_fault_of_usage(shop: Shop, entry: str) -> None:
    assert shop.run("check", "--output", entry).status == 2


def test_quiet_says_nothing_where_nothing_is_wrong(shop: Shop) -> None:
    done = shop.run("check", "-q")
    assert (done.status, done.out, done.err) == (0, "", "")
    shop.write({ORDER: BAD})
    assert NO_ORM_ID in shop.run("check", "-q").out


def test_an_explanation_goes_from_the_sentence_to_the_outcome(shop: Shop) -> None:
    shop.write({ORDER: BAD})
    done = shop.run("check", "--explain", "no-orm")
    assert done.status == 1
    assert "is violated" in done.out
    done = shop.run("check", "--explain", "no-omr")
    assert done.status == 2
    assert "did you mean" in done.err


def test_approvals_are_read_or_refused(shop: Shop) -> None:
    rule = "- [dba] Changes to `migrations/**` MUST be approved by `@dba`."
    shop.commit({ADR: record(rule)})
    shop.write({"migrations/1.sql": "", "../good": '[{"by": "@dba"}]', "../bad": '["@dba"]'})
    assert shop.check("--base", "HEAD").status == 3
    assert shop.check("--base", "HEAD", "--approvals", "../good").status == 0
    done = shop.check("--base", "HEAD", "--approvals", "../bad")
    assert (done.status, done.codes) == (2, ["BL924"])


def test_a_second_run_finds_the_same_from_the_cache(shop: Shop) -> None:
    shop.write({ORDER: BAD, "src/shop/ports.py": "print(1)\n"})
    first = shop.check()
    assert shop.check().out == first.out
    shop.write({ORDER: ""})
    assert shop.check().violations == [("0007-domain/no-print", "src/shop/ports.py", 1)]


def test_a_class_changed_elsewhere_is_seen_from_the_cache(shop: Shop) -> None:
    rule = "- [repos] Each class in `src/shop/domain/**` MUST inherit from `shop.ports.Root`."
    shop.write({ADR: record(rule), "src/shop/ports.py": "class Root: ...\nclass Mid(Root): ...\n"})
    shop.write({ORDER: "from shop.ports import Mid\nclass Order(Mid): ...\n"})
    assert shop.check().status == 0
    shop.write({"src/shop/ports.py": "class Root: ...\nclass Mid: ...\n"})
    assert shop.check().violations == [("0007-domain/repos", ORDER, 2)]


def test_contradicting_options_are_a_fault_of_usage(shop: Shop) -> None:
    for options in (("--fix", "--staged"), ("--dry-run",), ("--write-baseline", "--staged")):
        assert shop.run("check", *options).status == 2, options
    assert shop.run("check", "nowhere.py").status == 2
    assert shop.run("check", "--baseline", "nowhere.json").status == 2
    assert shop.run("check", "--timeout", "0").status == 2


def test_it_works_from_a_folder_below_and_above(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.write({ORDER: BAD})
    monkeypatch.chdir(shop.root / "src")
    assert shop.check("shop/domain/order.py").violations == [VIOLATION]
    monkeypatch.chdir(shop.root.parent)
    assert shop.check("-C", "shop").violations == [VIOLATION]
    assert Path("shop").is_dir()
