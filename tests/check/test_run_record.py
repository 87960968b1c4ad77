"""`bylaw check --record`: what a record shows, told from the command line."""

from pathlib import Path
from typing import Any

import pytest

from bylaw.record.events import deeds, event
from bylaw.record.store import append, path_of
from tests.check.shop import ADR, Shop, empty, record

__all__ = ["empty"]

SENTENCES = (
    "- [lint] Agents MUST run `make lint` before finishing.",
    "- [read] Agents MUST read `docs/pay.md` before changing `src/**`.",
    "- [lane] Agents of class `A` MUST only change `docs/`.",
    "- [watch] Agents in `src/**` MUST work at autonomy `supervised`.",
    "- [spend] Agents MUST spend at most 100 tokens.",
)


@pytest.fixture
def shop(empty: Shop) -> Shop:
    empty.commit({"bylaw.toml": "", ADR: record(*SENTENCES), "docs/pay.md": "x", "src/a.py": "1"})
    empty.write({"src/a.py": "2"})
    return empty


def keep(shop: Shop, *events: dict[str, Any], session: str = "s1") -> str:
    folder = str(shop.root.parent / "record")
    append(folder, session, *events)
    return path_of(folder, session)


def said(
    kind: str,
    session: str = "s1",
    agent: str | None = "B",
    level: str | None = "supervised",
    **m: Any,
) -> dict[str, Any]:
    return event(kind, "2026-06-01T12:00:00Z", session, agent=agent, autonomy=level, **m)


GOOD = (
    said("read", **deeds(reads=["docs/pay.md"])),
    said("change", **deeds(writes=["src/a.py"])),
    said("run", failed=False, **deeds(runs=[["make", "lint"]])),
    said("spent", tokens=90),
    said("finish"),
)


def outcomes(shop: Shop, *options: str) -> dict[str, str]:
    done = shop.check(*options)
    return {c["constraint"].rpartition("/")[2]: c["outcome"] for c in done.said["constraints"]}


def test_without_a_record_nothing_of_it_is_evaluated(shop: Shop) -> None:
    assert outcomes(shop, "--agent", "B") == {
        "lint": "not-evaluated",
        "read": "not-evaluated",
        "lane": "holds",
        "watch": "not-evaluated",
        "spend": "not-evaluated",
    }
    assert "hand one in with `--record`" in shop.run("check", "--agent", "B").out


def test_a_record_evaluates_all_of_it_and_says_the_class(shop: Shop) -> None:
    path = keep(shop, *GOOD)
    done = shop.check("--record", path)
    assert (done.status, set(outcomes(shop, "--record", path).values())) == (0, {"holds"})
    assert done.codes == []
    assert shop.check("--record", str(Path(path).parent)).status == 0


def test_what_the_record_shows_to_be_violated_fails(shop: Shop) -> None:
    path = keep(shop, GOOD[1], said("spent", tokens=101), said("finish"))
    assert outcomes(shop, "--record", path) == {
        "lint": "violated",
        "read": "violated",
        "lane": "holds",
        "watch": "holds",
        "spend": "violated",
    }
    assert shop.check("--record", path).status == 1
    assert "before it has read `docs/pay.md`" in shop.run("check", "--record", path).out


def test_the_class_of_the_record_binds(shop: Shop) -> None:
    path = keep(shop, *({**each, "agent": "A"} for each in GOOD))
    assert outcomes(shop, "--record", path)["lane"] == "violated"


@pytest.mark.parametrize("options", [("--agent", "C"), ("--no-agent",)])
def test_a_class_that_contradicts_the_record_is_an_error(
    shop: Shop, options: tuple[str, ...]
) -> None:
    path = keep(shop, *GOOD)
    done = shop.check("--record", path, *options)
    assert (done.status, done.codes) == (1, ["BL537"])
    assert shop.check("--record", path, "--agent", "B").status == 0


def test_an_empty_class_is_no_persons_change(shop: Shop) -> None:
    assert shop.run("check", "--agent", "").status == 2
    done = shop.check("--record", keep(shop, *({**each, "agent": ""} for each in GOOD)))
    assert (done.status, done.codes) == (1, ["BL535"])


def test_a_class_that_no_sentence_knows_is_an_error_and_no_way_out(shop: Shop) -> None:
    for agent in ("b", "Z"):
        done = shop.check("--agent", agent)
        assert (done.status, done.codes) == (1, ["BL538"])
    assert "did you mean `B`?" in shop.run("check", "--agent", "b").err
    # One of the usual ones is known, whether a sentence names it or not.
    assert shop.check("--agent", "C").codes == []


def test_records_of_several_sessions_are_one_task(shop: Shop) -> None:
    first = keep(shop, *GOOD)
    other = keep(shop, said("spent", "s2", tokens=20), session="s2")
    assert outcomes(shop, "--record", first)["spend"] == "holds"
    assert outcomes(shop, "--record", first, "--record", other)["spend"] == "violated"
    assert outcomes(shop, "--record", str(Path(first).parent))["spend"] == "violated"
    third = keep(shop, said("spent", "s3", agent="C", tokens=1), session="s3")
    assert shop.check("--record", first, "--record", third).codes == ["BL537"]


def test_a_broken_record_is_an_error_and_judges_nothing(shop: Shop) -> None:
    path = Path(keep(shop, *GOOD))
    path.write_bytes(path.read_bytes().replace(b"tokens", b"tokenz"))
    done = shop.check("--record", str(path), "--agent", "B")
    assert (done.status, done.codes) == (1, ["BL535"])
    assert outcomes(shop, "--record", str(path), "--agent", "B")["spend"] == "not-evaluated"
    assert "cannot be believed" in shop.run("check", "--record", str(path)).out


def test_a_torn_line_is_told(shop: Shop) -> None:
    path = Path(keep(shop, *GOOD))
    with path.open("ab") as stream:
        stream.write(b'{"event":"sp')
    done = shop.check("--record", str(path))
    assert (done.status, done.codes) == (0, ["BL536"])
    assert shop.check("--record", str(path), "--strict").status == 1


def test_a_record_that_is_not_there_is_a_fault(shop: Shop) -> None:
    for name in ("nope.jsonl", "src"):
        done = shop.run("check", "--record", name)
        assert done.status == 2
        assert "BL903" in done.err
    assert shop.run("check", "--record", "src/a.py", "--agent", "B").status == 1


def test_describe_says_what_a_check_needs(shop: Shop) -> None:
    said = shop.run("describe", "src/a.py").out
    assert said.count("bylaw check (with `--record`)") == 2
