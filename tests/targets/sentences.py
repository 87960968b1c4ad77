"""One sentence of every shape, with every part that a node can have somewhere."""

EVERY_SHAPE = """\
- [import] Modules in `shop.domain` MUST NOT import `sqlalchemy`, except `sqlalchemy.types`,
  except in `shop.domain.report`,
  except under `TYPE_CHECKING`; use `shop.ports` instead, because the domain outlives it.
- [files] Code in `web/**` MUST NOT import code in `server/**`, except in `web/ssr/**`.
- [only] Modules in `shop.money` MUST only import `attrs`.
- [door] Only modules in `shop.store` MAY import `sqlalchemy`, except in tests.
- [late] Modules in `shop.cli` SHOULD NOT import `pandas` at module level for new code.
- [layers] `shop.web | shop.cli`, `shop.services` and `shop.domain` MUST be layered within `shop.*`.
- [apart] `shop.payments.*` MUST be independent from 2026-01-01 until 2031-12-31.
- [cycles] Modules in `shop` MUST NOT form import cycles.
- [style] Code in `shop/**` MUST NOT use wildcard imports; use the names instead.
- [wrapped] Each import of `orjson` MUST be wrapped in `try`.
- [depend] The Python project MUST NOT depend on `torch`, except in extra `forecast`.
- [range] `services/orders/pyproject.toml` MUST depend on `django>=4.2,<6`.
- [pinned] Dependencies in `requirements/*.txt` MUST be pinned.
- [call] Code in `shop/**` MUST NOT call `print`.
- [use] Python code in `shop/**` MUST NOT use `os.environ`.
- [catch] Code in `shop/**` SHOULD NOT catch `Exception`.
- [pass] Each call to `requests.get` in `shop/**` MUST pass `timeout`.
- [literal] Each call to `subprocess.run` MUST NOT pass `shell=True`.
- [any] Each call to `random.Random` MUST pass an argument.
- [decorated] Each function in `shop/api/**` decorated with `@route(auth=True)`
  MUST be decorated with `@authorized`.
- [inherit] Each class in `shop/store/**` matching `*Repository` MUST inherit from `Repository`.
- [define] Each module in `shop/commands/**` MUST define `register`.
- [described] Classes in `shop/**` MUST have a docstring.
- [typed] Functions in `shop/api/**` SHOULD be annotated.
- [case] Functions in `shop/**` MUST be named `snake_case`.
- [named] Files in `tests/unit/**` MUST be named `test_*.py` or `conftest.py`.
- [branches] Branch names MUST match `/[a-z]+/`.
- [exist] Files matching `**/package-lock.json` MUST NOT exist; use `pnpm` instead.
- [live] Files matching `**/*.sql` MUST live in `migrations/` or `reports/`.
- [hold] Each directory in `services/*` MUST contain `OWNERS`.
- [size] Files in `shop/**` SHOULD have at most 400 lines.
- [text] Files in `infra/**` MUST NOT contain `BEGIN PRIVATE KEY`.
- [match] Files in `shop/**` MUST NOT match `/\\bTODO\\b/` for new code.
- [start] Files matching `shop/**/*.py` MUST start with `# Copyright Shop Ltd`.
- [same] Files matching `packages/*/LICENSE` MUST be identical to `LICENSE`.
- [key] Key `tool.mypy.strict` in `pyproject.toml` MUST be `true`.
- [there] Each key `services.*.image` in `compose*.yml` MUST exist.
- [bound] Key `engines.node` in `web/package.json` MUST be at least `20`.
- [equal] Key `version` in `web/package.json` MUST equal key `project.version` in `pyproject.toml`.
- [when] When `shop/models/**` changes, `migrations/**` MUST change.
- [each] For each `shop/<**p>/<n>.py`, `tests/<**p>/test_<n>.py` MUST exist for new code.
- [ci] CI MUST run `make lint`.
- [command] Command `make test` MUST pass.
- [approve] Changes to `migrations/**` MUST be approved by 2 of `@dba`.
- [lane] Agents of class `A` MUST only change `docs/` or `tests/`.
- [small] Agents MUST change at most 20 files.
- [recover] Agents MUST run `make lint` when a check fails.
- [read] Agents MUST read `docs/payments.md` before changing `shop/payments/**`.
- [watch] Agents in `migrations/**` MUST work at autonomy `supervised`.
- [semgrep] Code in `shop/**` MUST NOT match:

  ```semgrep
  eval(...)
  ```

- [shown] Modules in `shop.web` MUST NOT import `flask`.

  The reason stands here.

  ```python violates path=shop/web/a.py line=1
  import flask
  ```

- [may] Modules in `shop.reports` MAY import `sqlalchemy`, despite [door].
- Waiver for [import]: `shop/domain/old.py`, `shop.domain.new -> sqlalchemy` until 2026-12-31,
  approved by `@arch`, ticket `SHOP-42`, because the report is rewritten.
- Note: all of this is new.
- Guidance: prefer plain functions.
"""

TREE = (
    "shop/__init__.py",
    "shop/domain/__init__.py",
    "shop/domain/old.py",
    "shop/domain/order.py",
    "shop/web/__init__.py",
    "shop/web/a.py",
    "shop/store/__init__.py",
    "web/app.ts",
    "migrations/0001.sql",
    "pyproject.toml",
)
