"""Generated repositories: a governed Python tree and any number of small ADRs about it."""

from pathlib import Path

PACKAGES = 200
"""Packages in the governed tree, whatever the number of ADRs."""

_SENTENCES = (
    "Modules in `shop.p{p}` MUST NOT import `lib{i}`; use `shop.ports` instead.",
    "Code in `shop/p{p}/**` MUST NOT call `lib{i}.connect`, except in tests.",
    "Each call to `client{i}.get` in `shop/p{p}/**` MUST pass `timeout`.",
    "The project MUST NOT depend on `lib{i}`; use `shop` instead.",
    "Files in `shop/p{p}/**` MUST NOT contain `legacy-{i}`.",
    "Each function in `shop/p{p}/**` decorated with `@route{i}` MUST be decorated with `@auth`.",
    "Key `tool.lib{i}.strict` in `pyproject.toml` MUST be `true`.",
    "Code in `shop/p{p}/**` MUST NOT use `settings{i}.value` for new code.",
    "Files matching `shop/p{p}/forbidden{i}.py` MUST NOT exist, because it moved.",
    "Only modules in `shop.p{p}` MAY import `store{i}`, except in tests.",
)

_ADR = """---
id: ADR-{i:05d}
title: "Decision {i}"
status: accepted
priority: normal
date: 2026-01-02
scope: shop.p{p}.d{i}
---

# ADR-{i:05d}: Decision {i}

## Context

The teams asked for one way to do this, and the three ways we had have cost us two incidents.
We looked at what each service does today.

## Decision

We settle on the way that the newer services have taken, and say so here.

## Constraints

{items}
## Consequences

The older services move within a quarter.
"""


def write_repository(root: Path, count: int) -> None:
    """Write a repository with `count` ADRs of two constraints each."""
    _write_tree(root)
    folder = root / "docs" / "adr"
    folder.mkdir(parents=True)
    for i in range(count):
        p = i % PACKAGES
        first = _SENTENCES[i % len(_SENTENCES)].format(i=i, p=p)
        second = _SENTENCES[(i * 7 + 3) % len(_SENTENCES)].format(i=i + count, p=p)
        items = f"- [first] {first}\n- [second] {second}\n\n"
        (folder / f"ADR-{i:05d}-decision.md").write_text(_ADR.format(i=i, p=p, items=items))


def write_mneme_repository(root: Path, count: int) -> None:
    """Write the same ADRs with two constraints each in the dialect of `mneme-hq`."""
    folder = root / "docs" / "adr"
    folder.mkdir(parents=True)
    for i in range(count):
        items = f"- FORBID_DEPENDENCY: lib{i}\n- FORBID_LITERAL: legacy-{i}\n\n"
        text = _ADR.format(i=i, p=i % PACKAGES, items=items)
        (folder / f"ADR-{i:05d}-decision.md").write_text(text)


_MADR = """---
id: ADR-{i:04d}
title: "Decision {i}"
status: accepted
date: 2026-01-02
deciders: [team]
tags: [imports]
policy:
  imports:
    disallow: [lib{i}, other{i}]
---

## Context

The teams asked for one way to do this, and the three ways we had have cost us two incidents.
We looked at what each service does today.

## Decision

We settle on the way that the newer services have taken, and say so here.

## Consequences

The older services move within a quarter.
"""


def write_adr_kit_repository(root: Path, count: int) -> None:
    """Write ADRs with two bans each in the dialect of `adr-kit`."""
    folder = root / "docs" / "adr"
    folder.mkdir(parents=True)
    for i in range(count):
        (folder / f"ADR-{i:04d}-decision.md").write_text(_MADR.format(i=i))


def _write_tree(root: Path) -> None:
    (root / "shop").mkdir(parents=True)
    (root / "shop" / "__init__.py").write_text("")
    (root / "shop" / "ports.py").write_text('"""Ports."""\n')
    (root / "pyproject.toml").write_text('[project]\nname = "shop"\nversion = "1"\n')
    for p in range(PACKAGES):
        package = root / "shop" / f"p{p}"
        package.mkdir()
        (package / "__init__.py").write_text("")
        (package / "core.py").write_text("from shop import ports\n\nPORTS = ports\n")
    (root / "bylaw.toml").write_text('adrs = ["docs/adr"]\n')
