"""Risk tiers: what sentences say, and the configuration where they are silent."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.targets.compiled import scoped

from bylaw.config import Config
from bylaw.policy import policy_version
from bylaw.risk import TIERS, Risk, Risks, Tier, TierRules, risk_of, rules_of

SENTENCES = """\
- [one] Changes to `api/**` MUST be approved by `@ann` or `@bob`, except in `api/docs/**`.
- [two] Changes to `migrations/**` MUST be approved by 2 of `@dba`.
- [each] Changes to `keys/**` MUST be approved by `@ops` and `@sec`.
- [soft] Changes to `soft/**` SHOULD be approved by 2 of `@dba`.
- [later] Changes to `later/**` MUST be approved by 2 of `@dba` from 2030-01-01.
- [lane] Agents of class `A` MUST only change `docs/**` or `api/**`.
- [infra] Only agents of class `C` MAY change `infra/**`.
- [never] Agents MUST NOT change `.github/**`.
- [helped] Agents in `pay/**` MUST work at autonomy `assisted`.
- [seen] Agents in `web/**` MUST work at autonomy `supervised`.
- [free] Agents in `free/**` MUST work at autonomy `autonomous`.
"""


def risk(path: str, rules: TierRules | None = None) -> Risk:
    return risk_of([path], scoped(SENTENCES).constraints, rules)


@pytest.mark.parametrize(
    ("path", "tier", "by"),
    [
        ("api/a.py", "medium", "one"),
        ("api/docs/a.md", "low", "lane"),
        ("migrations/1.sql", "high", "two"),
        ("keys/a", "high", "each"),
        ("infra/a.tf", "high", "infra"),
        (".github/x.yml", "high", "never"),
        ("pay/a.py", "high", "helped"),
        ("web/a.ts", "medium", "seen"),
        ("docs/a.md", "low", "lane"),
        ("soft/a", "medium", None),
        ("later/a", "medium", None),
        ("free/a", "medium", None),
        ("else.py", "medium", None),
    ],
)
def test_sentences_say_how_risky_a_path_is(path: str, tier: str, by: str | None) -> None:
    assert risk(path) == Risk(tier, (f"0007-domain/{by}",) if by else ())  # type: ignore[arg-type] # a tier


def test_a_change_is_as_risky_as_its_riskiest_path() -> None:
    risks = Risks(scoped(SENTENCES).constraints)
    assert risks.of_all(["docs/a.md", "api/a.py"]).tier == "medium"
    assert risks.of_all(["docs/a.md", "keys/a", "infra/b"]).because == (
        "0007-domain/each",
        "0007-domain/infra",
    )
    assert risks.of_all([]) == Risk("low")


def test_the_configuration_speaks_where_sentences_are_silent_and_only_raises() -> None:
    table = Config.model_validate(
        {
            "approvals": {
                "low": ["else.py", "migrations/**"],
                "high": ["docs/legal/**", "0007-domain/one"],
                "default": "low",
                "required": {"medium": 2, "high": 1},
            }
        }
    ).approvals
    rules = rules_of(table)
    assert risk("else.py", rules) == Risk("low", ("else.py",))
    assert risk("migrations/1.sql", rules).tier == "high"
    assert risk("docs/legal/a.md", rules) == Risk("high", ("docs/legal/**",))
    assert risk("api/a.py", rules) == Risk("high", ("0007-domain/one",))
    assert risk("nothing", rules).tier == "low"
    # More risk never needs fewer.
    assert [Risks(rules=rules).required(tier) for tier in TIERS] == [0, 2, 2]


@given(st.lists(st.tuples(st.sampled_from(["a/**", "b/*", "**/*.py"]), st.sampled_from(TIERS))))
def test_naming_more_never_makes_a_named_path_less_risky(said: list[tuple[str, Tier]]) -> None:
    def rules(some: list[tuple[str, Tier]]) -> TierRules:
        by: dict[str, tuple[str, ...]] = {
            tier: tuple(glob for glob, each in some if each == tier) for tier in TIERS
        }
        return TierRules(by["low"], by["medium"], by["high"])

    for path in ("a/x.py", "b/y"):
        before = Risks(rules=rules(said[:-1])).of(path)
        after = Risks(rules=rules(said)).of(path)
        assert not before.because or TIERS.index(after.tier) >= TIERS.index(before.tier)


def test_the_policy_version_is_of_what_is_there_in_whatever_order() -> None:
    one, two = ("docs/a.md", "1" * 64), ("docs/b.md", "2" * 64)
    version = policy_version([one, two], ["a/x", "b/y"])
    assert version == policy_version([two, one], ["b/y", "a/x"])
    others = {
        policy_version([one], ["a/x", "b/y"]),
        policy_version([one, two], ["a/x"]),
        policy_version([one, ("docs/b.md", "3" * 64)], ["a/x", "b/y"]),
        policy_version([], []),
    }
    assert len(others | {version}) == 5
    assert len(version) == 32


def test_both_are_quick_to_import() -> None:
    script = (
        "import sys, bylaw.policy, bylaw.risk, bylaw.check.people\n"
        "print(*({'pydantic', 'click', 'lark'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""
