"""Programs in Java whose names collide with what the constraints ban."""

from collections.abc import Iterator
from random import Random

ROOT = "app/src/main/java/com/acme"
FOLDERS = ("web", "store", "core", "core/deep")
IMPORTS = (
    "java.util.logging.Logger",
    "java.util.logging.*",
    "java.util.logging.Level",
    "java.util.loggingx.Logger",
    "static java.util.logging.Handler.CLOSED",
    "static java.util.logging.Handler.*",
    "static java.util.logging.Level.INFO",
    "java.util.Date",
    "java.util.DateX",
    "java.util.*",
    "java.sql.Connection",
    "javax.sql.DataSource",
    "org.joda.money.Money",
    "org.joda.moneyx.Money",
    "com.acme.store.Db",
    "com.acme.storex.Db",
    "com.acme.core.Money",
    "com.acme.core.deep.Money",
)
STATEMENTS = (
    "System.exit(1);",
    "java.lang.System.exit(2);",
    "mine.System.exit(3);",
    'String a = System.getenv("A");',
    "Runnable b = System::getenv;",
    "client.get(1);",
    "get(1);",
    "risky();",
    "risky(1);",
    "a.risky();",
    'String c = "System.exit(1) java.util.Date";',
    "// System.exit(1); java.util.Date",
    "java.util.Date d = null;",
    "java.util.logging.Logger e = f.get();",
    "try { risky(); } catch (Exception x) { System.exit(1); }",
    "try { risky(1); } catch (IllegalStateException | Exception x) { get(); }",
    "try { client.get(); } catch (final RuntimeException x) { risky(); } finally { risky(2); }",
    "if (client.get(2)) { System.exit(4); }",
    "Runnable g = () -> System.exit(5);",
    "Runnable h = new Runnable() { public void run() { risky(); } };",
    'Object i = Class.forName("java.util.Date");',
    "new risky();",
)
CLASSES = ("Shop", "bad_name", "OrderEntity", "ItemEntity", "Base")
HEADS = (
    "",
    "",
    " extends Base",
    " extends Other",
    " implements Base",
    " extends Other implements A, Base",
)
METHODS = ("goodName", "BadName", "bad_name")
ANNOTATIONS = ("@Route", '@Route("/x")', "@Secured", '@Secured(role = "a")', "@Override")


def programs(seed: int, count: int) -> Iterator[tuple[str, str]]:
    """Yield paths and texts; the same for the same seed."""
    random = Random(seed)
    for number in range(count):
        folder = random.choice(FOLDERS)
        lines = [f"package com.acme.{folder.replace('/', '.')};", ""]
        lines += [f"import {one};" for one in random.sample(IMPORTS, random.choice((0, 1, 2, 3)))]
        names = random.sample(CLASSES, random.choice((1, 1, 2)))
        for name in names:
            lines += _class(random, name)
        yield f"{ROOT}/{folder}/M{number}.java", "\n".join(lines) + "\n"


def _class(random: Random, name: str) -> list[str]:
    lines = [""]
    if random.random() < 0.4:
        lines.append(random.choice(("@Table", '@Table(name = "x")', "@Other")))
    lines.append(
        f"{random.choice(('', 'abstract ', 'final '))}class {name}{random.choice(HEADS)} {{"
    )
    for _ in range(random.choice((0, 1, 2))):
        lines += [f"  {one}" for one in random.sample(ANNOTATIONS, random.choice((0, 1, 1, 2)))]
        result = random.choice(("void", "int", "List<String>", "java.util.Date"))
        method = f"{random.choice(METHODS)}{random.randrange(100)}"
        lines.append(f"  {random.choice(('', 'public ', 'static '))}{result} {method}(int x) {{")
        lines += [f"    {random.choice(STATEMENTS)}" for _ in range(random.choice((0, 1, 2)))]
        lines.append("  }")
    if random.random() < 0.2:
        lines.append("  java.util.Date field = null;")
    lines.append("}")
    return lines
