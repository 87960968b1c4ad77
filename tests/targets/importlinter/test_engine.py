"""Each form of contract, broken and kept, in the real import-linter."""

from pathlib import Path

import pytest
from tests.targets.importlinter.engine import run

pytestmark = pytest.mark.engine

SHOP = {
    "shop/__init__.py": "",
    "shop/domain/__init__.py": "",
    "shop/domain/order.py": "",
    "shop/domain/money.py": "",
    "shop/web/__init__.py": "",
    "shop/web/views.py": "",
    "shop/store/__init__.py": "",
    "shop/store/tables.py": "",
    "shop/util.py": "",
}


def broken(tmp_path: Path, sentence: str, **files: str) -> set[str]:
    """Return the imports that break the constraint; files are named as in `named`."""
    verdicts = run(tmp_path, f"- [it] {sentence}", SHOP | named(files))
    assert verdicts.kept | verdicts.broken.keys() == {"it"}, verdicts.text
    return verdicts.broken.get("it", set())


def named(files: dict[str, str]) -> dict[str, str]:
    """Return files by path: `domain__order` is `shop/domain/order.py`, `top` the package's own."""
    paths = {name: "__init__" if name == "top" else name.replace("__", "/") for name in files}
    return {f"shop/{paths[name]}.py": text for name, text in files.items()}


@pytest.mark.parametrize(
    "text",
    [
        "import sqlalchemy\n",
        "import sqlalchemy.orm as orm\n",
        "from sqlalchemy.orm import Session\n",
        "from sqlalchemy import *\n",
        "def f():\n    import sqlalchemy\n",
        "try:\n    import os, sqlalchemy\nexcept ImportError:\n    pass\n",
    ],
)
def test_every_form_of_import_of_a_package_from_outside_is_found(tmp_path: Path, text: str) -> None:
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "sqlalchemy" in row)
    sentence = "Modules in `shop.domain` MUST NOT import `sqlalchemy`."
    found = broken(tmp_path, sentence, domain__order=text)
    assert found == {f"shop.domain.order:{line} -> sqlalchemy"}


@pytest.mark.parametrize(
    "text",
    [
        "# import sqlalchemy\n",
        "'''import sqlalchemy'''\n",
        "import sqlalchemy_utils\n",
        "from . import sqlalchemy\n",
        "from shop.util import sqlalchemy\n",
    ],
)
def test_what_only_looks_like_the_import_is_kept(tmp_path: Path, text: str) -> None:
    sentence = "Modules in `shop.domain` MUST NOT import `sqlalchemy`."
    assert broken(tmp_path, sentence, domain__order=text, web__views="import sqlalchemy") == set()


@pytest.mark.parametrize(
    ("text", "imported"),
    [
        ("import shop.web.views\n", "shop.web.views"),
        ("from shop.web import views as v\n", "shop.web.views"),
        ("from ..web import views\n", "shop.web.views"),
        ("from .. import web\n", "shop.web"),
        ("from shop.web.views import page\n", "shop.web.views"),
    ],
)
def test_every_form_of_import_of_an_own_module_is_found(
    tmp_path: Path, text: str, imported: str
) -> None:
    sentence = "Modules in `shop.domain` MUST NOT import `shop.web`."
    found = broken(tmp_path, sentence, domain__order=text, web__views="from ..domain import order")
    assert found == {f"shop.domain.order:1 -> {imported}"}


def test_an_indirect_import_counts_only_where_the_sentence_says_so(tmp_path: Path) -> None:
    files = {"domain__order": "from shop import util", "util": "import shop.web.views"}
    direct = "Modules in `shop.domain` MUST NOT import `shop.web`."
    indirect = "Modules in `shop.domain` MUST NOT import `shop.web` directly or indirectly."
    assert broken(tmp_path, direct, **files) == set()
    assert broken(tmp_path, indirect, **files) == {"shop.domain.order:1 -> shop.util"}


def test_an_indirect_import_of_a_package_from_outside_is_followed(tmp_path: Path) -> None:
    files = {"domain__order": "from shop import util", "util": "import sqlalchemy"}
    sentence = "Modules in `shop.domain` MUST NOT import `sqlalchemy` directly or indirectly."
    assert broken(tmp_path, sentence, **files) == {"shop.domain.order:1 -> shop.util"}


def test_a_subject_that_holds_its_operand_is_judged_outside_it(tmp_path: Path) -> None:
    """import-linter would skip the overlapping pair, and call the contract kept."""
    found = broken(
        tmp_path,
        "Modules in `shop` MUST NOT import `shop.web`.",
        top="import shop.web",
        util="import shop.web.views",
        web__views="import shop.web",
    )
    assert found == {"shop:1 -> shop.web", "shop.util:1 -> shop.web.views"}


def test_an_operand_that_holds_its_subject_may_be_imported_from_within(tmp_path: Path) -> None:
    found = broken(
        tmp_path,
        "Modules in `shop.domain` MUST NOT import `shop`.",
        domain__order="import shop.domain.money\nimport shop\nimport shop.util",
    )
    assert found == {"shop.domain.order:2 -> shop", "shop.domain.order:3 -> shop.util"}


def test_code_in_a_glob_is_the_modules_whose_files_it_matches(tmp_path: Path) -> None:
    found = broken(
        tmp_path,
        "Code in `shop/*/order.py` MUST NOT import code in `shop/store/**`.",
        domain__order="import shop.store.tables",
        domain__money="import shop.store.tables",
    )
    assert found == {"shop.domain.order:1 -> shop.store.tables"}


def test_excepted_places_and_operands_are_left_out(tmp_path: Path) -> None:
    found = broken(
        tmp_path,
        "Modules in `shop.domain` MUST NOT import `shop.store`, except `shop.store.tables`, "
        "except in `shop.domain.money`.",
        domain__order="import shop.store.tables\nimport shop.store",
        domain__money="import shop.store",
    )
    assert found == {"shop.domain.order:2 -> shop.store"}


def test_only_the_subject_and_the_operand_itself_may_import_a_protected_module(
    tmp_path: Path,
) -> None:
    tree = SHOP | {
        "shop/domain/order.py": "import shop.store.tables",
        "shop/web/views.py": "import shop.store",
        "shop/store/__init__.py": "import shop.store.tables",
        "tests/__init__.py": "",
        "tests/test_store.py": "import shop.store",
        "jobs/__init__.py": "",
        "jobs/nightly.py": "import shop.store.tables",
    }
    sentence = "- [it] Only modules in `shop.web` MAY import `shop.store`, except in tests."
    assert run(tmp_path, sentence, tree).broken == {
        "it": {
            "shop.domain.order:1 -> shop.store.tables",
            "jobs.nightly:1 -> shop.store.tables",
        }
    }


def test_two_protected_modules_may_import_each_other(tmp_path: Path) -> None:
    found = broken(
        tmp_path,
        "Only modules in `shop.web` MAY import `shop.store` or `shop.domain`.",
        domain__order="import shop.store.tables",
        util="import shop.store.tables",
    )
    assert found == {"shop.util:1 -> shop.store.tables"}


def test_a_package_from_outside_has_one_door(tmp_path: Path) -> None:
    found = broken(
        tmp_path,
        "Only modules in `shop.store` MAY import `sqlalchemy`.",
        store__tables="import sqlalchemy",
        web__views="import sqlalchemy.orm",
    )
    assert found == {"shop.web.views:1 -> sqlalchemy"}


def test_a_subject_that_must_only_import_may_import_itself(tmp_path: Path) -> None:
    found = broken(
        tmp_path,
        "Modules in `shop.domain` MUST only import `attrs` and `shop.util`.",
        domain__order="import shop.domain.money\nimport shop.util\nimport decimal\nimport shop.web",
        domain__money="import shop",
    )
    assert found == {"shop.domain.order:4 -> shop.web", "shop.domain.money:1 -> shop"}


def test_a_lower_layer_must_not_reach_a_higher_one(tmp_path: Path) -> None:
    found = broken(
        tmp_path,
        "`shop.web`, `shop.store` and `shop.domain` MUST be layered.",
        domain__order="import shop.util",
        util="import shop.web.views",
        store__tables="import shop.domain.order",
        web__views="import shop.domain",
    )
    # The store's way to the web leads through the domain, whose violation it is.
    assert found == {"shop.domain.order:1 -> shop.util"}


@pytest.mark.parametrize(("mark", "found"), [("|", True), (":", False)])
def test_siblings_of_a_layer_are_apart_or_free(tmp_path: Path, mark: str, *, found: bool) -> None:
    sentence = f"`shop.web {mark} shop.store` and `shop.domain` MUST be layered."
    edges = broken(tmp_path, sentence, store__tables="import shop.web.views")
    assert edges == ({"shop.store.tables:1 -> shop.web.views"} if found else set())


def test_layers_repeat_within_each_package(tmp_path: Path) -> None:
    tree = {
        "shop/__init__.py": "",
        "shop/a/__init__.py": "",
        "shop/a/web.py": "",
        "shop/a/domain.py": "from . import web",
        "shop/b/__init__.py": "",
        "shop/b/web.py": "import shop.a.domain",
        "shop/b/domain.py": "import shop.a.web",
        "shop/b/infra.py": "import shop.b.domain",
        "shop/c.py": "",
    }
    sentence = "- [it] `web`, `domain` and `infra` MUST be layered within `shop.*`."
    assert run(tmp_path, sentence, tree).broken == {
        "it": {"shop.a.domain:1 -> shop.a.web", "shop.b.infra:1 -> shop.b.domain"}
    }


def test_a_place_outside_the_area_may_reach_a_higher_layer(tmp_path: Path) -> None:
    found = broken(
        tmp_path,
        "`shop.web` and `shop.domain` MUST be layered, except in `shop/domain/money.py`.",
        domain__order="import shop.web",
        domain__money="import shop.web",
    )
    assert found == {"shop.domain.order:1 -> shop.web"}


def test_independent_modules_must_not_reach_each_other(tmp_path: Path) -> None:
    found = broken(
        tmp_path,
        "`shop.web`, `shop.store` and `shop.domain` MUST be independent.",
        domain__order="import shop.util",
        util="import shop.web.views",
    )
    assert found == {"shop.domain.order:1 -> shop.util"}


def test_a_pattern_names_all_modules_that_are_independent(tmp_path: Path) -> None:
    tree = {
        "shop/__init__.py": "",
        "shop/pay/__init__.py": "from . import card, cash",
        "shop/pay/card.py": "",
        "shop/pay/cash.py": "import shop.pay.card",
    }
    sentence = "- [it] `shop.pay.*` MUST be independent."
    assert run(tmp_path, sentence, tree).broken == {
        "it": {"shop.pay.cash:1 -> shop.pay.card"},
    }


def test_a_cycle_between_siblings_is_found_and_one_from_outside_the_scope_is_not(
    tmp_path: Path,
) -> None:
    files = {
        "domain__order": "import shop.domain.money",
        "domain__money": "import shop.domain.order",
        "web__views": "import shop.web",
    }
    found = broken(tmp_path, "Modules in `shop.domain` MUST NOT form import cycles.", **files)
    assert found in ({".order -> .money"}, {".money -> .order"})
    excepted = (
        "Modules in `shop.domain` MUST NOT form import cycles, except in `shop.domain.money`."
    )
    assert broken(tmp_path, excepted, **files) == set()


TYPING = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import sqlalchemy\n"


def test_imports_under_type_checking_are_left_out_where_the_sentence_says_so(
    tmp_path: Path,
) -> None:
    tree = SHOP | named({"domain__order": TYPING, "domain__money": "import sqlalchemy"})
    sentences = (
        "- [all] Modules in `shop.domain` MUST NOT import `sqlalchemy`.\n"
        "- [run] Modules in `shop.domain` MUST NOT import `sqlalchemy`, "
        "except under `TYPE_CHECKING`.\n"
    )
    assert run(tmp_path, sentences, tree).broken == {
        "all": {"shop.domain.order:3 -> sqlalchemy", "shop.domain.money:1 -> sqlalchemy"},
        "run": {"shop.domain.money:1 -> sqlalchemy"},
    }


def test_a_waiver_hides_the_edge_and_the_place_it_names_and_nothing_else(tmp_path: Path) -> None:
    tree = SHOP | named(
        {
            "domain__order": "import sqlalchemy\nimport redis",
            "domain__money": "import sqlalchemy",
            "domain__tax": "import redis",
        }
    )
    sentences = (
        "- [it] Modules in `shop.domain` MUST NOT import `sqlalchemy` or `redis`.\n"
        "- Waiver for [it]: `shop.domain.order -> sqlalchemy`, `shop/domain/money.py` "
        "until 2026-12-31, approved by `@arch`, because it is rewritten.\n"
    )
    assert run(tmp_path, sentences, tree).broken == {
        "it": {"shop.domain.order:2 -> redis", "shop.domain.tax:1 -> redis"}
    }


def test_a_permission_opens_its_places_to_its_operands_only(tmp_path: Path) -> None:
    tree = SHOP | named({"domain__order": "import sqlalchemy\nimport redis"})
    sentences = (
        "- [it] Modules in `shop.domain` MUST NOT import `sqlalchemy` or `redis`.\n"
        "- [may] Modules in `shop.domain.order` MAY import `sqlalchemy`, despite [it].\n"
    )
    assert run(tmp_path, sentences, tree).broken == {"it": {"shop.domain.order:2 -> redis"}}


def test_a_source_root_and_a_namespace_package_are_found(tmp_path: Path) -> None:
    tree = {
        "src/acme/shop/__init__.py": "",
        "src/acme/shop/order.py": "import sqlalchemy",
        "src/acme/web/__init__.py": "from acme.shop import order",
    }
    sentences = (
        "- [orm] Modules in `acme.shop` MUST NOT import `sqlalchemy`.\n"
        "- [web] Modules in `acme.web` MUST NOT import `acme.shop`.\n"
    )
    assert run(tmp_path, sentences, tree, ("src",)).broken == {
        "orm": {"acme.shop.order:1 -> sqlalchemy"},
        "web": {"acme.web:1 -> acme.shop.order"},
    }


def test_a_should_does_not_fail_the_run_of_the_musts(tmp_path: Path) -> None:
    tree = SHOP | named({"domain__order": "import sqlalchemy"})
    sentences = (
        "- [must] Modules in `shop.domain` MUST NOT import `redis`.\n"
        "- [should] Modules in `shop.domain` SHOULD NOT import `sqlalchemy`.\n"
    )
    verdicts = run(tmp_path, sentences, tree)
    assert verdicts.kept == {"must"}
    assert verdicts.broken == {"should": {"shop.domain.order:1 -> sqlalchemy"}}
    assert (tmp_path / "importlinter-should.toml").exists()


def test_modules_that_import_linter_does_not_see_do_not_stop_its_run(tmp_path: Path) -> None:
    tree = SHOP | {
        "shop/orphan/x.py": "import sqlalchemy",
        "shop/my-dir/__init__.py": "",
        "shop/stub.pyi": "import sqlalchemy",
        "shop/a.b.py": "",
        "manage.py": "import sqlalchemy",
        "shop/domain/order.py": "import manage",
    }
    sentences = (
        "- [door] Only modules in `shop.store` MAY import `sqlalchemy`.\n"
        "- [orphan] Modules in `shop.orphan` MUST NOT import `sqlalchemy`.\n"
        "- [manage] Modules in `shop` MUST NOT import `manage`.\n"
        "- [all] Code in `shop/**` MUST NOT import `redis`.\n"
        "- [layers] `shop.web`, `shop.orphan` and `shop.store` MUST be layered.\n"
        "- [apart] `shop.stub`, `shop.web` and `shop.domain` MUST be independent.\n"
    )
    verdicts = run(tmp_path, sentences, tree)
    assert verdicts.kept == {"door", "all", "layers", "apart"}
    assert verdicts.broken == {"manage": {"shop.domain.order:1 -> manage"}}
