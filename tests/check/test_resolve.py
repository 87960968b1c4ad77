"""What imports mean: from names to modules, packages and files."""

import time

import pytest

from bylaw import ir
from bylaw.check.evidence import FileView
from bylaw.check.resolve import Imported, edge_matches, imports_of, says_what_imports_mean
from bylaw.check.resolve.settings import normal, read_json
from bylaw.diagnostics import Span
from bylaw.facts.model import FileFacts, Import, Place
from tests.check.judging import evidence_of


def resolved(files: dict[str, str], path: str, name: str, module: str | None = None) -> Imported:
    """Resolve one import that a file is said to hold."""
    facts = FileFacts(imports=(Import(name, module or name, "from", Place(1, 1, 1, 2)),))
    evidence = evidence_of({path: "", **files}, keep=lambda data, language, make: facts)
    (found,) = imports_of(FileView(path, evidence))
    return found


def files_of(files: dict[str, str], path: str, name: str) -> tuple[str, ...] | None:
    """Return the files that are imported; None where they are not there."""
    found = resolved(files, path, name)
    return found.paths if found.exists else None


PYTHON = {
    "shop/__init__.py": "",
    "shop/db/__init__.py": "",
    "shop/db/rows.py": "",
    "shop/db/rows.pyi": "",
    "tools/gen.py": "",
    "calendar/main.py": "",
}


@pytest.mark.parametrize(
    ("path", "name", "module", "full", "file"),
    [
        ("shop/db/a.py", ".rows", ".", "shop.db.rows", "shop/db/rows.py"),
        ("shop/db/a.py", "..db", "..", "shop.db", "shop/db/__init__.py"),
        ("shop/db/__init__.py", ".rows.Row", ".rows", "shop.db.rows.Row", "shop/db/rows.py"),
        ("shop/db/__init__.py", "..", "..", "shop", "shop/__init__.py"),
        ("shop/db/a.py", "shop.db.connect", "shop.db", "shop.db.connect", "shop/db/__init__.py"),
        ("shop/db/a.py", "shop.gone.x", "shop.gone", "shop.gone.x", None),
        ("shop/db/a.py", "sqlalchemy.orm", "sqlalchemy.orm", "sqlalchemy.orm", None),
        ("tools/gen.py", ".other", ".", "tools.other", None),
    ],
)
def test_a_name_of_python_is_a_module_in_full(
    path: str, name: str, module: str, full: str, file: str | None
) -> None:
    found = resolved(PYTHON, path, name, module)
    assert found.name == full
    assert found.exists is (file is not None)
    if file is not None:
        assert found.paths == (file,)
    assert found.own is full.startswith(("shop", "tools"))


def test_an_import_that_leaves_the_outermost_package_imports_nothing() -> None:
    facts = FileFacts(imports=(Import("...x", "...", "from", Place(1, 1, 1, 2)),))
    evidence = evidence_of(PYTHON, keep=lambda data, language, make: facts)
    assert imports_of(FileView("shop/db/rows.py", evidence)) == ()


def test_a_folder_with_the_name_of_a_standard_module_does_not_take_its_place() -> None:
    assert resolved(PYTHON, "shop/a.py", "calendar").standard
    assert resolved(PYTHON, "shop/a.py", "calendar.main").paths == ("calendar/main.py",)
    package = {"calendar/__init__.py": ""}
    assert not resolved(package, "shop/a.py", "calendar.gone.x").standard


def test_of_two_modules_of_one_name_the_nearer_is_meant() -> None:
    files = {
        f"services/{service}/app/{name}.py": ""
        for service in ("one", "two")
        for name in ("__init__", "db")
    }
    for service in ("one", "two"):
        path = f"services/{service}/app/web.py"
        assert files_of(files, path, "app.db") == (f"services/{service}/app/db.py",)


SCRIPT = {
    "web/src/db.ts": "",
    "web/src/ui/index.tsx": "",
    "web/src/page.vue": "",
    "web/tsconfig.json": '{"extends": "./base.json", /* c */ "files": [],}',
    "web/base.json": '{"compilerOptions": {"paths": {"@/*": ["./src/*"], "@/ui/*": ["./lib/*"]}}}',
    "package.json": '{"workspaces": ["packages/*"]}',
    "packages/ui/package.json": (
        '{"name": "@acme/ui", "imports": {"#in/*": {"default": "./src/*"}}}'
    ),
    "packages/ui/src/index.ts": "",
    "packages/ui/src/button.tsx": "",
    "vendor/react/package.json": '{"name": "react"}',
}


@pytest.mark.parametrize(
    ("path", "specifier", "file"),
    [
        ("web/src/a.ts", "./db", "web/src/db.ts"),
        ("web/src/a.ts", "./db.js", "web/src/db.ts"),
        ("web/src/a.ts", "./ui", "web/src/ui/index.tsx"),
        ("web/src/a.ts", "./page.vue", "web/src/page.vue"),
        ("web/src/deep/a.ts", "..//db", "web/src/db.ts"),
        ("web/src/ui/a.ts", ".", "web/src/ui/index.tsx"),
        ("web/src/a.ts", "@/db", "web/src/db.ts"),
        ("web/src/a.ts", "@/ui/x", None),
        ("web/src/a.ts", "@acme/ui", "packages/ui/src/index.ts"),
        ("web/src/a.ts", "@acme/ui/button", "packages/ui/src/button.tsx"),
        ("packages/ui/src/a.ts", "#in/button", "packages/ui/src/button.tsx"),
    ],
)
def test_a_specifier_is_a_file_of_the_repository(
    path: str, specifier: str, file: str | None
) -> None:
    found = resolved(SCRIPT, path, specifier)
    assert found.own
    assert found.paths == (file,) if file else not found.exists


@pytest.mark.parametrize("specifier", ["react", "react/jsx", "axios", "@acme/uikit", "../../../x"])
def test_other_specifiers_are_packages_or_nothing_of_ours(specifier: str) -> None:
    found = resolved(SCRIPT, "web/src/a.ts", specifier)
    assert not found.own
    assert found.unknown is None


@pytest.mark.parametrize("specifier", ["fs", "node:fs", "fs/promises", "node:test"])
def test_a_module_of_node_comes_with_the_language(specifier: str) -> None:
    assert resolved({}, "a.ts", specifier).standard


def test_an_alias_that_nothing_explains_is_looked_for_and_else_unknown() -> None:
    files = {"app/src/db.ts": "", "app/src/web/a.ts": ""}
    assert files_of(files, "app/src/web/a.ts", "@/db") == ("app/src/db.ts",)
    assert resolved(files, "app/src/web/a.ts", "@/nowhere").unknown


@pytest.mark.parametrize(
    ("name", "paths", "own", "standard"),
    [
        ("fmt", (), False, True),
        ("net/http", (), False, True),
        ("example.com/shop/db", ("db/a.go", "db/b.go"), True, False),
        ("example.com/shop/new", ("new/new.go",), True, False),
        ("example.com/shops/db", (), False, False),
        ("example.com/lib/x", ("lib/x/x.go",), True, False),
        ("other.org/local/y", ("local/y/y.go",), True, False),
    ],
)
def test_a_package_of_go_is_a_folder_of_its_module(
    name: str, paths: tuple[str, ...], own: bool, standard: bool
) -> None:
    files = {
        "go.mod": "// module wrong\nmodule example.com/shop // us\n"
        "replace other.org/local v1 => ./local\n",
        "lib/go.mod": 'module "example.com/lib"\n',
        "db/a.go": "",
        "db/b.go": "",
        "db/b_test.go": "",
        "lib/x/x.go": "",
    }
    found = resolved(files, "main.go", name)
    assert (found.paths, found.own, found.standard) == (paths, own, standard)


def test_without_a_go_mod_a_path_that_ends_like_a_folder_is_unknown() -> None:
    files = {"db/a.go": ""}
    assert resolved(files, "main.go", "example.com/shop/db").unknown
    assert resolved(files, "main.go", "example.com/shop/dbs").unknown is None


def test_a_class_of_java_is_the_file_in_its_packages_folder() -> None:
    root = "app/src/main/java/com/acme"
    files = {f"{root}/java/A.java": "", f"{root}/B.java": "package com.acme;"}
    path = f"{root}/B.java"
    assert files_of(files, path, "com.acme.java.A") == (f"{root}/java/A.java",)
    assert files_of(files, path, "com.acme.java.A.Inner.x") == (f"{root}/java/A.java",)
    assert files_of(files, path, "com.acme.java") == (f"{root}/java/A.java",)
    assert resolved(files, path, "com.acme.New").paths == (f"{root}/New.java",)
    assert not resolved(files, path, "com.acmes.New").own
    assert resolved(files, path, "javax.sql.DataSource").standard


@pytest.mark.parametrize(
    ("importer", "imported", "edge", "means"),
    [
        ("shop.a", "sqlalchemy", ("shop.a", "sqlalchemy.orm"), True),
        ("shop", "sqlalchemy", ("shop.a.b", "sqlalchemy"), True),
        ("shop.*", "sqlalchemy", ("shop.a", "sqlalchemy"), True),
        ("shop.a", "sqlalchemy", ("shop.ab", "sqlalchemy"), False),
        ("shop.a", "sqlalchemy.orm", ("shop.a", "sqlalchemy"), False),
        ("web/src/**", "@acme/ui", ("web/src/a.ts", "@acme/ui/button"), True),
        ("web/src/**", "web/db", ("web/src/a.ts", "web/db/index.ts"), True),
        ("web/a.ts", "axios", ("web/b.ts", "axios"), False),
    ],
)
def test_an_edge_means_modules_and_what_lies_below(
    importer: str, imported: str, edge: tuple[str, str], means: bool
) -> None:
    span = Span("a.md", 1, 1, 1, 2, 0, 1)
    assert edge_matches(ir.Edge(importer=importer, imported=imported, span=span), edge) is means


def test_broken_settings_say_nothing() -> None:
    deep = '{"a":' * 20_000
    files = {
        "deep.json": deep,
        "list.json": "[1]",
        "open.json": '{"a": "',
        "bom.json": '\ufeff{"a": 1}',
    }
    evidence = evidence_of(files)
    assert read_json("deep.json", evidence) == {}
    assert read_json("list.json", evidence) == {}
    assert read_json("open.json", evidence) == {}
    assert read_json("gone.json", evidence) == {}
    assert read_json("bom.json", evidence) == {"a": 1}


def test_comments_and_commas_are_left_out_and_strings_kept() -> None:
    text = '{"a": "// no", /* , */ "b": ["x,]", 1,], // end\n}'
    assert read_json("a.json", evidence_of({"a.json": text})) == {"a": "// no", "b": ["x,]", 1]}


def test_configurations_that_extend_each_other_end() -> None:
    files = {
        "tsconfig.json": '{"extends": "./tsconfig.b.json"}',
        "tsconfig.b.json": '{"extends": "./tsconfig.json"}',
        "db.ts": "",
    }
    assert files_of(files, "a.ts", "./db") == ("db.ts",)


@pytest.mark.parametrize(
    ("path", "found"),
    [("a/../b", "b"), ("./a//b/", "a/b"), ("../a", None), ("a/../../b", None), (".", "")],
)
def test_a_path_is_told_from_the_root(path: str, found: str | None) -> None:
    assert normal(path) == found


def test_the_files_that_decide_what_imports_mean_are_known() -> None:
    yes = (
        "tsconfig.json",
        "web/tsconfig.app.json",
        "jsconfig.json",
        "package.json",
        "a/go.mod",
        "base.json",
    )
    assert all(map(says_what_imports_mean, yes))
    assert not any(map(says_what_imports_mean, ("data.json", "tsconfig.ts", "go.sum")))


HOSTILE = ("/* " * 100_000, '"' + '\\"' * 100_000, "[" + "," * 200_000, '{"a": "' + " " * 300_000)


@pytest.mark.parametrize("text", HOSTILE, ids=["comments", "quotes", "commas", "spaces"])
@pytest.mark.parametrize(
    "path", ["tsconfig.json", "package.json", "go.mod", "pnpm-workspace.yaml", "A.java"]
)
def test_hostile_settings_take_no_time(path: str, text: str) -> None:
    started = time.monotonic()
    for name in ("a.ts", "a.go", "A.java"):
        resolved({path: text, name: text if path == name else ""}, name, "x/y")
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("path", ["a.py", "a.ts", "a.go", "A.java"])
def test_an_endless_name_takes_no_time(path: str) -> None:
    started = time.monotonic()
    for name in (".".join(["a"] * 200_000), "/".join(["a"] * 200_000), "../" * 100_000):
        facts = FileFacts(imports=(Import(name, name, "from", Place(1, 1, 1, 2)),))
        evidence = evidence_of({path: ""}, keep=lambda data, language, make, facts=facts: facts)
        imports_of(FileView(path, evidence))
    assert time.monotonic() - started < 2


def test_a_pnpm_workspace_shares_its_packages() -> None:
    files = {
        "pnpm-workspace.yaml": "# us\npackages:\n  - 'libs/*'  # ours\n\ncatalog:\n  - apps/*\n",
        "libs/ui/package.json": '{"name": "ui"}',
        "libs/ui/index.js": "",
        "apps/web/package.json": '{"name": "web"}',
    }
    assert files_of(files, "apps/web/a.js", "ui") == ("libs/ui/index.js",)
    assert not resolved(files, "libs/ui/a.js", "web").own
