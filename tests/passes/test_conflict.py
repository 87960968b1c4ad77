"""Conflicts: pairs of sentences with the witness that both claim, and pairs that only look so."""

import pytest

from bylaw.diagnostics import Severity
from tests.passes.building import check_sentences

CONFLICTS = [
    # import
    (
        "Modules in `shop.domain` MUST NOT import `sqlalchemy`.",
        "Each module in `shop/domain/**` MUST import `sqlalchemy.orm`.",
        "shop.domain.x -> sqlalchemy.orm",
    ),
    (
        "Code in `shop/**` MUST NOT import `requests` or `httpx`.",
        "Each module in `shop/net/*.py` MUST import `requests` or `httpx`.",
        "shop.net.x -> requests",
    ),
    (
        "Only modules in `shop.store` MAY import `sqlalchemy`.",
        "Each module in `shop/reports/**` MUST import `sqlalchemy`.",
        "shop.reports.x -> sqlalchemy",
    ),
    (
        "Only modules in `shop.store` MAY import `sqlalchemy`, except in tests.",
        "Only modules in `shop.reports` MAY import `sqlalchemy.orm`, except in tests.",
        "shop.reports -> sqlalchemy.orm",
    ),
    (
        "Only modules in `shop.store` MAY import `sqlalchemy`.",
        "Modules in `shop` MUST NOT import `sqlalchemy`.",
        "shop.store -> sqlalchemy",
    ),
    (
        "Modules in `shop.money` MUST only import `attrs`.",
        "Each module in `shop/**` MUST import `structlog`.",
        "shop.money -> structlog",
    ),
    (
        "`shop.web`, `shop.services` and `shop.domain` MUST be layered.",
        "Each module in `shop/domain/**` MUST import `shop.web.urls`.",
        "shop.domain.x -> shop.web.urls",
    ),
    # depend
    (
        "The project MUST NOT depend on `Moment`.",
        "`web/package.json` MUST depend on `moment`.",
        "web/package.json",
    ),
    (
        "`api/pyproject.toml` MUST depend on `django>=4.2,<5`.",
        "`api/pyproject.toml` MUST depend on `django>=5`.",
        "api/pyproject.toml",
    ),
    (
        "`api/pyproject.toml` MUST depend on `django~=4.2`.",
        "The Python project MUST NOT depend on `django<6`.",
        "api/pyproject.toml",
    ),
    (
        "`web/package.json` MUST only depend on `react` and `zod`.",
        "`web/package.json` MUST depend on `vue`.",
        "web/package.json",
    ),
    # use and have
    (
        "Each function in `shop/api/**` MUST call `audit.record`.",
        "Code in `shop/**` MUST NOT call `.record`.",
        "shop/api/x.py",
    ),
    (
        "Each function in `shop/api/**` MUST call `os.environ.get`.",
        "Code in `shop/**` MUST NOT use `os.environ`.",
        "shop/api/x.py",
    ),
    (
        "Each call to `requests.get` in `shop/**` MUST pass `verify=True`.",
        "Each call to `requests.get` MUST pass `verify=False`.",
        "shop/x.py",
    ),
    (
        "Each call to `subprocess.run` MUST NOT pass `shell`.",
        "Each call to `subprocess.run` in `tools/**` MUST pass `shell=True`.",
        "tools/x.py",
    ),
    (
        "Each function in `shop/api/**` decorated with `@route` MUST be decorated with `@open`.",
        "Each function in `shop/**` MUST NOT be decorated with `@open`.",
        "shop/api/x.py",
    ),
    (
        "Each class in `shop/store/**` MUST inherit from `Repository`.",
        "Each class in `shop/**` MUST NOT inherit from `Repository`.",
        "shop/store/x.py",
    ),
    (
        "Each module in `shop/commands/**` MUST define `register`.",
        "Each module in `shop/**` MUST NOT define `reg*`.",
        "shop/commands/x.py",
    ),
    # name and file
    (
        "Functions in `shop/**` MUST be named `snake_case`.",
        "Functions in `shop/qt/**` MUST be named `PascalCase`.",
        "shop/qt/x.py",
    ),
    (
        "Files in `tests/**` MUST be named `test_*.py`.",
        "Files in `tests/unit/*` MUST be named `*_test.js`.",
        "tests/unit/x",
    ),
    (
        "Branch names MUST match `/feature-.*/`.",
        "Branch names MUST match `/[A-Z]+-[0-9]+/`.",
        "every branch name",
    ),
    (
        "Files matching `**/package-lock.json` MUST NOT exist.",
        "File `web/package-lock.json` MUST exist.",
        "web/package-lock.json",
    ),
    (
        "Files matching `**/*.sql` MUST live in `migrations/`.",
        "Files matching `**/*.sql` MUST live in `sql/`.",
        "migrations/x.sql",
    ),
    (
        "Files matching `db/*.sql` MUST exist.",
        "Files matching `**/*.sql` MUST live in `migrations/`.",
        "db/x.sql",
    ),
    (
        "Each directory in `services/*` MUST contain `OWNERS`.",
        "Files matching `**/OWNERS` MUST NOT exist.",
        "services/x/OWNERS",
    ),
    (
        "For each `shop/<n>.py`, `tests/test_<n>.py` MUST exist.",
        "Files matching `tests/test_*` MUST NOT exist.",
        "tests/test_xx.py",
    ),
    (
        "Files in `docs/**` MUST have at least 400 words.",
        "Files in `docs/notes/**` MUST have at most 300 words.",
        "docs/notes/x",
    ),
    # text
    (
        "Files in `shop/**` MUST start with `# Copyright Shop Ltd`.",
        "Files matching `**/*.py` MUST NOT contain `Copyright`.",
        "shop/x.py",
    ),
    (
        "Files in `shop/**` MUST start with `# Copyright`.",
        "Files in `shop/**` MUST start with `#!`.",
        "shop/x",
    ),
    (
        "Files in `shop/**` MUST contain `TODO: x`.",
        "Files in `shop/**` MUST NOT match `/\\bTODO\\b/`.",
        None,
    ),
    (
        "Files in `shop/**` MUST contain `(TODO)`.",
        "Files in `shop/**` MUST NOT match `/\\bTODO\\b/`.",
        "shop/x",
    ),
    # key
    (
        "Key `a.b` in `x.toml` MUST be `3`.",
        "Key `a.b` in `*.toml` MUST be `4`.",
        "a.b in x.toml",
    ),
    (
        "Key `engines.node` in `web/package.json` MUST be at least `20`.",
        "Key `engines.node` in `web/package.json` MUST be at most `18.2`.",
        "engines.node in web/package.json",
    ),
    (
        "Key `tool.mypy.strict` in `pyproject.toml` MUST be `true`.",
        "Key `tool.mypy` in `pyproject.toml` MUST NOT exist.",
        "tool.mypy.strict in pyproject.toml",
    ),
    (
        "Each key `services.*.image` in `compose.yml` MUST match `/.*@sha256:[0-9a-f]+/`.",
        "Key `services.db.image` in `compose.yml` MUST be `postgres:16`.",
        "services.db.image in compose.yml",
    ),
    (
        "Key `version` in `a.json` MUST be `1.0`.",
        "Key `version` in `a.json` MUST be at least `2`.",
        "version in a.json",
    ),
    # run, pair, agent
    ("CI MUST run `make lint`.", "CI MUST NOT run `make`.", "make lint"),
    (
        "Agents MUST run `make lint` before finishing.",
        "Agents MUST NOT run `make lint`.",
        "make lint",
    ),
    (
        "Agents of class `A` MUST only change `docs/`.",
        "Agents MUST NOT change `docs/**`.",
        "docs/x",
    ),
    (
        "Agents MUST only change `docs/`.",
        "Agents MUST only change `tests/`.",
        "docs/x",
    ),
    (
        "Only agents of class `C` MAY change `infra/`.",
        "Agents MUST NOT change `infra/keys/**`.",
        "infra/keys/x",
    ),
    (
        "Only agents of class `C` MAY change `infra/`.",
        "Only agents of class `D` MAY change `infra/**`.",
        "infra/x",
    ),
    (
        "`shop.cards` and `shop.cash` MUST be independent.",
        "Each module in `shop/cards/**` MUST import `shop.cash.till`.",
        "shop.cards.x -> shop.cash.till",
    ),
    (
        "Agents MUST only change `shop/`.",
        "When `shop/models/**` changes, `migrations/**` MUST change.",
        "shop/models/x",
    ),
    (
        "Agents in `migrations/**` MUST work at autonomy `supervised`.",
        "Agents MUST work at autonomy `autonomous`.",
        "migrations/x",
    ),
]

LOOK_ALIKES = [
    (
        "Modules in `shop.domain` MUST NOT import `sqlalchemy`, except `sqlalchemy.types`.",
        "Each module in `shop/domain/**` MUST import `sqlalchemy`.",
    ),
    (
        "Modules in `shop.domain` MUST NOT import `sqlalchemy`, except under `TYPE_CHECKING`.",
        "Each module in `shop/domain/**` MUST import `sqlalchemy`.",
    ),
    (
        "Modules in `shop.domain` MUST NOT import `sqlalchemy`, except in `shop.domain.db`.",
        "Each module in `shop/domain/db/*` MUST import `sqlalchemy`.",
    ),
    (
        "Modules in `shop.domain` MUST NOT import `pandas` at module level.",
        "Each module in `shop/domain/**` MUST import `pandas`.",
    ),
    (
        "Modules in `shop` MUST NOT import `shop.web`.",
        "Each module in `shop/web/**` MUST import `shop.web.base`.",
    ),
    (
        "Modules in `shop` MUST NOT import `requests` or `httpx`.",
        "Each module in `shop/**` MUST import `requests` or `aiohttp`.",
    ),
    (
        "Only modules in `shop.store` MAY import `sqlalchemy`.",
        "Only modules in `shop.store.sql` MAY import `sqlalchemy.orm`.",
    ),
    (
        "Only modules in `shop.store` MAY import `sqlalchemy`.",
        "Modules in `shop.store.cache` MUST NOT import `sqlalchemy`.",
    ),
    (
        "Modules in `shop.money` MUST only import `attrs`.",
        "Each module in `shop/**` MUST import `__future__.annotations`.",
    ),
    (
        "Modules in `shop.money` MUST only import `attrs`.",
        "Each module in `shop/**` MUST import `shop.base`.",
    ),
    (
        "Python code in `shop/**` MUST NOT import `react`.",
        "Each TypeScript module in `shop/**` MUST import `react`.",
    ),
    (
        "The project MUST depend on `django`.",
        "`api/pyproject.toml` MUST NOT depend on `django`.",
    ),
    (
        "`api/pyproject.toml` MUST depend on `django>=4.2,<6`.",
        "The project MUST NOT depend on `django<4`.",
    ),
    (
        "`api/pyproject.toml` MUST depend on `torch`.",
        "The project MUST NOT depend on `torch` in production.",
    ),
    (
        "`api/pyproject.toml` MUST depend on `django>=4.2`.",
        "`api/pyproject.toml` MUST depend on `django<5`.",
    ),
    (
        "Each function in `shop/**` MUST use `audit.record`.",
        "Code in `shop/**` MUST NOT call `audit.record`.",
    ),
    (
        "Each function in `shop/**` decorated with `@a` MUST be decorated with `@open`.",
        "Each function in `shop/**` decorated with `@b` MUST NOT be decorated with `@open`.",
    ),
    (
        "Each function in `shop/**` MUST be decorated with `@route`.",
        "Each function in `shop/**` MUST NOT be decorated with `@route(auth=False)`.",
    ),
    (
        "Functions in `shop/**` MUST be named `snake_case`.",
        "Functions in `shop/**` MUST be named `camelCase`.",
    ),
    (
        "Files matching `**/*.json` MUST live in `conf/`.",
        "Files matching `**/package-lock.json` MUST NOT exist.",
    ),
    (
        "Files matching `db/*` MUST exist.",
        "Files matching `**/*.sql` MUST live in `migrations/`.",
    ),
    (
        "Files in `docs/**` MUST have at least 300 words.",
        "Files in `docs/**` MUST have at most 300 words.",
    ),
    (
        "Files in `docs/**` MUST have at least 300 words.",
        "Files in `docs/**` MUST have at most 200 lines.",
    ),
    (
        "Files in `shop/**` MUST NOT contain `legacy-code`.",
        "Files in `shop/**` MUST contain `legacy`.",
    ),
    (
        "Key `a.b` in `x.toml` MUST be `3`.",
        "Key `a.b` in `x.toml` MUST be `3.0`.",
    ),
    (
        "Key `a.b` in `x.toml` MUST be `3`.",
        "Key `a.c` in `x.toml` MUST be `4`.",
    ),
    (
        "Key `a.b` in `x.toml` MUST be `3`.",
        "Key `a.b` in `y/x.toml` MUST be `4`.",
    ),
    (
        "Each key `a.b` in `x.toml` MUST be `3`.",
        "Key `a` in `x.toml` MUST NOT exist.",
    ),
    (
        "Key `*.b` in `x.toml` MUST be `3`.",
        "Key `a` in `x.toml` MUST NOT exist.",
    ),
    (
        "Only agents of class `C` MAY change `infra/`.",
        "Agents of class `D` MUST NOT change `infra/`.",
    ),
    (
        "`shop.cards` and `shop.cash` MUST be independent.",
        "Each module in `shop/cards/**` MUST import `shop.cards.base`.",
    ),
    ("CI MUST run `make`.", "CI MUST NOT run `make lint`."),
    (
        "Agents of class `A` MUST only change `docs/`.",
        "Agents of class `B` MUST NOT change `docs/**`.",
    ),
    (
        "Agents MUST only change `shop/` or `migrations/`.",
        "When `shop/models/**` changes, `migrations/**` MUST change.",
    ),
    (
        "Agents in `docs/**` MUST work at autonomy `supervised`.",
        "Agents in `shop/**` MUST work at autonomy `autonomous`.",
    ),
    (
        "Code in `shop/**` MUST NOT call `print` until 2026-09-30.",
        "Each function in `shop/**` MUST call `print` from 2026-10-01.",
    ),
]


def _conflicts(*sentences: str) -> list[str]:
    found = check_sentences(*sentences)
    errors = [d for d in found if d.severity is Severity.ERROR and d.code != "BL230"]
    assert not errors, errors
    return [d.message for d in found if d.code == "BL230"]


@pytest.mark.parametrize(("one", "other", "witness"), CONFLICTS)
def test_a_contradiction_is_found_with_its_witness(
    one: str, other: str, witness: str | None
) -> None:
    messages = _conflicts(one, other)
    assert len(messages) == (witness is not None)
    assert all(message.endswith(f"`{witness}`") for message in messages), messages


@pytest.mark.parametrize(("one", "other"), LOOK_ALIKES)
def test_what_only_looks_like_a_contradiction_is_none(one: str, other: str) -> None:
    assert _conflicts(one, other) == []


@pytest.mark.parametrize(("one", "other", "witness"), CONFLICTS)
def test_the_order_of_two_decisions_decides_nothing(
    one: str, other: str, witness: str | None
) -> None:
    there, back = _conflicts(one, other), _conflicts(other, one)
    assert len(there) == len(back)
    assert [m.split(" on ")[1] for m in there] == [m.split(" on ")[1] for m in back]
