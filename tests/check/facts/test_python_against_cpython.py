"""Facts say what CPython's own parser and compiler say, on code that nobody wrote for a test."""

import ast
import sysconfig
import time
import warnings
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from bylaw.facts.model import FileFacts, Use
from bylaw.facts.python import extract
from tests.check.facts.python_oracle import loads, of_ast, of_facts

_SECONDS = 12
_LARGEST = 200_000
_MOST_FAULTY = 0.01
"""The part of files that may hold something that the grammar does not know."""


def _installed() -> list[Path]:
    """Return the modules of this interpreter and of what is installed, in a mixed order."""
    roots = {sysconfig.get_path(name) for name in ("stdlib", "purelib")}
    found = {path for root in roots for path in Path(root).rglob("*.py")}
    return sorted(found, key=lambda path: sha256(path.as_posix().encode()).digest())


def _samples() -> Iterator[tuple[Path, bytes]]:
    """Yield files until the time is up; which comes first does not depend on the machine."""
    end = time.monotonic() + _SECONDS
    for path in _installed():
        if time.monotonic() > end:
            return
        data = path.read_bytes()
        # Columns of CPython are bytes; where the two count alike nothing has to be converted.
        if len(data) <= _LARGEST and data.isascii():
            yield path, data


def _parse(data: bytes) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(data)
        except (SyntaxError, ValueError, RecursionError):
            return None


def test_installed_code_has_the_facts_that_cpython_finds() -> None:
    read = faulty = 0
    for path, data in _samples():
        tree = _parse(data)
        if tree is None:
            continue
        facts = extract(data, ".py")
        read += 1
        if facts.faults:
            faulty += 1
            continue
        assert of_facts(facts) == of_ast(tree), path
        assert _strangers(data, facts) == [], path
    assert read >= 20
    assert faulty <= max(1, read * _MOST_FAULTY)


def _strangers(data: bytes, facts: FileFacts) -> list[tuple[int, int, str]]:
    """Return names whose use is local where CPython reads a global one, or the reverse."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            code = compile(data, "sample", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError):
            return []
    at: dict[tuple[int, str], list[Use]] = {}
    for use in facts.uses:
        at.setdefault((use.place.line, use.chain[0]), []).append(use)
    imported = {i.bound for i in facts.imports}
    found = []
    for line, column, name, local in loads(code):
        # A cell that the compiler makes itself; and what an import binds is the import's anywhere.
        if name in ("__class__", "__classdict__") or (local and name in imported):
            continue
        here = [use for use in at.get((line, name), []) if use.place.column == column + 1]
        plain = [use for use in here if "()" not in use.chain and "[]" not in use.chain]
        if any((use.name is None) is not local for use in plain) or (
            not local and not here and not at.get((line, name))
        ):
            found.append((line, column, name))
    return found


_OWN = {
    "imports": """\
import a.b as c, d
from ..e import (
    f as g,
    h)
from . import *
def i():
    import j
    try:
        from k import l
    finally:
        import m
class n:
    import o
""",
    "definitions": """\
@a.b(c, d=1)
@e
class F(G[int], *H, metaclass=I, **J):
    '''x'''
    def k(self, a, b: int, /, *c, d=1, **e) -> None: "x"
    async def l(cls): return lambda m: m
    class N(o.P): pass
""",
    "calls": """\
f(1, *a, b=2, **c)(d)
(g.h)(i)
(j
 .k()
 .l[0].m(n=1))
[*o.p(), (*q(),)]
r(*s.t(u), **v.w())
x(y for y in z)
print(ii, *jj.kk(), **ll.mm())
print >> nn, oo
@aa(bb=1)
def cc(dd=ee()): return f"{ff(gg=1)!r:>{hh()}}"
""",
    "catches": """\
try: pass
except A: pass
except (B.c, D) as e: pass
except: pass
def f():
    try: pass
    except (G): raise
""",
    "names": """\
import a
def f(b):
    def g():
        nonlocal b
        global c
        b, c = a, d
        return [h for h in b if (i := h)], i
    class J:
        k = b
        def l(self): return k, m
    return lambda n, o=b: (n, o, g, J)
m = f(m for m in a)
for p in a:
    with p as q: del r, p
""",
}


@pytest.mark.parametrize("name", _OWN)
def test_odd_code_has_the_facts_that_cpython_finds(name: str) -> None:
    data = _OWN[name].encode()
    facts = extract(data, ".py")
    assert of_facts(facts) == of_ast(ast.parse(data))
    assert _strangers(data, facts) == []
