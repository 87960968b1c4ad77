"""Programs in Go whose names collide with what the constraints ban."""

from collections.abc import Iterator
from random import Random

FOLDERS = ("app/web", "app/store", "app/core", "app/core/deep")
PACKAGES = tuple(
    """
    net/http net/http/httptest net/http/httptrace net/httpx my/net/http fmt os database/sql
    example.com/shop/ui example.com/shop/ui/button example.com/shop/uix github.com/a/b
    github.com/a/bc example.com/app/app/store example.com/app/app/core/deep
    """.split()  # noqa: SIM905 - reads better as running text
)
CALLS = (
    'http.Get("x")',
    "client.Get(u)",
    "panic(err)",
    "h.Get(u, 1)",
    "fmt.Println(http.Client{})",
    "mine.panic(1)",
    "a.b.Get()",
    'fmt.Println("http.Get(panic)")',
    "go client.Get(u)",
    "defer panic(1)",
    "x := client.Client",
    "var c http.Client",
    "y := http.Get",
    "if client.Get(1) { panic(2) }",
    "for _, v := range a.Client { h.Get(v) }",
    "func() { panic(3) }()",
    "// http.Get(1)",
)
FUNCTIONS = ("goodName", "BadName", "bad_name")


def programs(seed: int, count: int) -> Iterator[tuple[str, str]]:
    """Yield paths and texts; the same for the same seed."""
    random = Random(seed)
    yield "go.mod", "module example.com/app\n"
    for number in range(count):
        folder = random.choice(FOLDERS)
        lines = [f"package {folder.rpartition('/')[2]}", ""]
        packages = random.sample(PACKAGES, random.choice((0, 1, 2, 3)))
        specs = [f'{_alias(random)}"{package}"' for package in packages]
        if random.random() < 0.5 and specs:
            lines += ["import (", *(f"\t{spec}" for spec in specs), ")", ""]
        else:
            lines += [f"import {spec}" for spec in specs]
        for index in range(random.choice((1, 2, 3))):
            lines += _declaration(random, index)
        yield f"{folder}/m{number}.go", "\n".join(lines) + "\n"


def _alias(random: Random) -> str:
    return random.choice(("", "", "", "h ", "_ ", ". "))


def _declaration(random: Random, index: int) -> list[str]:
    form = random.randrange(5)
    name = f"{random.choice(FUNCTIONS)}{index}"
    if form == 0:
        return [f"type {name} struct {{", "\thttp.Client", "\tGet int", "}", ""]
    receiver = "(s Shop) " if form == 1 else ""
    result = random.choice(("", " error", " (int, error)"))
    parameters = random.choice(("", "x int", "u string, c http.Client"))
    body = [f"\t{random.choice(CALLS)}" for _ in range(random.choice((0, 1, 2)))]
    return [f"func {receiver}{name}({parameters}){result} {{", *body, "}", ""]
