"""Globs, paths and a matcher written for being right, not fast."""

from functools import cache

from hypothesis import strategies as st

_SEGMENTS = st.text("ab*?", min_size=1, max_size=4).filter(lambda s: "**" not in s)
_BRACKETS = st.sampled_from(["[ab]", "[!a]", "[a-b]*", "x[!b]", "a.py", "*.py", "*a*.py", "a*b*a"])

segments = st.one_of(_SEGMENTS, _BRACKETS, st.just("**"), st.just("*"))


@st.composite
def globs(draw: st.DrawFn) -> str:
    """Draw a sound glob over few letters, so that globs meet often."""
    parts = draw(st.lists(segments, min_size=1, max_size=4))
    if draw(st.integers(0, 5)) == 0:
        parts[draw(st.integers(0, len(parts) - 1))] = draw(
            st.sampled_from(["{a,b}", "{a,*b}", "a{,b}", "{[ab],**}"])
        )
    return "/".join(parts) + draw(st.sampled_from(["", "", "", "/"]))


names = st.one_of(
    st.text("abx.", min_size=1, max_size=4).filter(lambda s: s not in (".", "..")),
    st.sampled_from(["a.py", "b.py", "a", "b", ".a", "é", "\n", "a\n"]),
)
paths = st.lists(names, min_size=1, max_size=5).map("/".join)


def reference(glob: str, path: str) -> bool:
    """Match as the language's reference says, by trying everything."""
    return any(_one(text, path) for text in _expand(glob))


def _expand(glob: str) -> list[str]:
    start = glob.find("{")
    if start < 0:
        return [glob]
    end = glob.index("}", start)
    options = glob[start + 1 : end].split(",")
    return [t for o in options for t in _expand(glob[:start] + o + glob[end + 1 :])]


def _one(glob: str, path: str) -> bool:
    parts, given = tuple(path.split("/")), glob.removesuffix("/")
    pattern = tuple(given.split("/"))
    if glob.endswith("/"):
        return any(_whole(pattern, parts[:n]) for n in range(len(parts)))
    if not set(glob) & set("*?["):
        return parts[: len(pattern)] == pattern
    if pattern[-1] == "**":
        return any(_whole(pattern[:-1], parts[:n]) for n in range(len(parts)))
    return _whole(pattern, parts)


def _whole(pattern: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_whole(pattern[1:], parts[n:]) for n in range(len(parts) + 1))
    return bool(parts) and _name(pattern[0], parts[0]) and _whole(pattern[1:], parts[1:])


@cache
def _name(pattern: str, name: str) -> bool:
    if not pattern:
        return not name
    if pattern[0] == "*":
        return any(_name(pattern[1:], name[n:]) for n in range(len(name) + 1))
    if not name:
        return False
    if pattern[0] == "[":
        end = pattern.index("]")
        body = pattern[1:end]
        members = body.removeprefix("!")
        listed = set("ab") if members == "a-b" else set(members)
        return (name[0] in listed) != body.startswith("!") and _name(pattern[end + 1 :], name[1:])
    return pattern[0] in ("?", name[0]) and _name(pattern[1:], name[1:])
