"""Commands that do no harm, made by chance, for a real shell to run."""

import random

FILES = {
    "a.txt": b"one\ntwo\n",
    "b.txt": b"bee\n",
    "src/a.py": b"x = 1\n",
    "src/b.py": b"y = 2\n",
    "src/deep/c.py": b"z = 3\n",
    "docs/read me.md": b"hello\n",
    "patch.diff": b"--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n-one\n+ONE\n two\n",
}

_PATHS = (
    "a.txt b.txt src/a.py src/b.py ./a.txt src/../b.txt new.txt src/new.py src/deep/c.py "
    "'docs/read me.md' docs/read\\ me.md \"docs/read me.md\" src/*.py *.txt src/{a,b}.py "
    'missing/x.txt $F ${F} "$F" src src/deep . ../x/b.txt $PWD/a.txt {a,b}.txt src/?.py '
    '$(echo a.txt) `echo b.txt` $D/a.py "$D"/b.py [ab].txt n{1..3}.txt $\'a.txt\' a.t"x"t -- '
)
PATHS = _PATHS.replace("'docs/read me.md'", "Q1").replace('"docs/read me.md"', "Q2")
PATHS = PATHS.replace("docs/read\\ me.md", "Q3")
PLACES = tuple(
    {"Q1": "'docs/read me.md'", "Q2": '"docs/read me.md"', "Q3": "docs/read\\ me.md"}.get(p, p)
    for p in PATHS.replace("$(echo a.txt)", "S1").replace("`echo b.txt`", "S2").split()
)
PLACES = tuple({"S1": "$(echo a.txt)", "S2": "`echo b.txt`"}.get(p, p) for p in PLACES)

SIMPLE = (
    "echo hi > {p}",
    "echo hi >> {p}",
    "echo -n hi >| {p}",
    "echo -e 'a\\tb' > {p}",
    "printf '%s-%s\\n' a b c > {p}",
    "printf 'x\\ty\\n' >> {p}",
    "cat {p} > {q}",
    "cat {p} {q} >> {r}",
    "cat < {p} > {q}",
    "cat {p} | tee {q} > {r}",
    "tee -a {p} {q} <<< word > /dev/null",
    "cp {p} {q}",
    "cp -r {p} {q}",
    "mv {p} {q}",
    "mv -f {p} {q} {r}",
    "rm -f {p}",
    "rm -rf {p}",
    "rm {p} {q}",
    "unlink {p}",
    "touch {p}",
    "truncate -s 0 {p}",
    "mkdir -p {p}",
    "ln -s {p} {q}",
    "ln -sf {p} {q}",
    "ln {p} {q}",
    "sed -i 's/o/0/' {p}",
    "sed -i.bak s/o/0/ {p}",
    "sed -n 's/o/0/w {q}' {p}",
    "sort -o {p} {q}",
    "uniq {p} {q}",
    "dd if={p} of={q} 2> /dev/null",
    "find . -name '*.py' -exec rm -f {{}} ';'",
    "find {p} -type f -delete",
    "find src -name a.py | xargs rm -f",
    "echo {p} | xargs rm -f",
    "ls *.txt | xargs -I N cp N N.copy",
    "cd {p}",
    "cd src",
    "cd -",
    "cd ..",
    "pushd src > /dev/null",
    "F={p}",
    "D=src",
    "F=a.txt D=docs",
    "export F=b.txt",
    "unset F",
    "read F < {p}",
    "bash -c 'rm -f a.txt; echo x > {q0}'",
    "bash -c 'echo $1 > $0' {p} {q}",
    "echo 'rm -f b.txt' | bash",
    'eval "echo e > {q0}"',
    "env X=1 rm -f {p}",
    "command rm -f {p}",
    "\\rm -f {p}",
    "nohup rm -f {p} 2> /dev/null",
    "timeout 5 cp {p} {q}",
    "true",
    "false",
    "test -f {p}",
    "[ -d {p} ]",
    "[[ -f {p} ]]",
    "patch -p1 -s < patch.diff > /dev/null",
    "git apply patch.diff",
    "cat <<'EOF' > {p}\nbody $F\nEOF\n",
    "cat <<EOF >> {p}\nbody $F $(echo in)\nEOF\n",
    "cat <<-EOF > {p}\n\ttabbed\n\tEOF\n",
    'f() {{ rm -f "$1"; echo f > "$2"; }}; f {p} {q}',
    "f() {{ echo $# > {p}; }}",
    "f {p} {q}",
    "set -- {p} {q}",
    'echo x > "$1"',
    'python3 -c \'open("a.txt", "w").write("p")\'',
    "perl -pi -e 's/o/0/' {p}",
    "awk '{{print > \"awk.out\"}}' {p}",
    "exec > {p}",
    "gzip -k {p}",
    "tar cf {p} src",
    "tar xf {p} 2> /dev/null",
    "install -m 644 {p} {q}",
    "rmdir {p}",
    "split -l 1 {p} part-",
    "source {p}",
    "echo hi 2> {p}",
    "ls nothing &> {p}",
    "ls nothing > {p} 2>&1",
    ": > {p}",
    "> {p}",
    "echo $((1+1)) > {p}",
    "echo ${{F:-a.txt}} > {p}",
    "echo ${{F#s}} > {p}",
    "diff {p} {q} > {r}",
    "(exec 3> {p})",
    "trap 'rm -f a.txt' EXIT",
    "IFS=: read -r F D < {p}",
    "printf -v F %s b.txt",
    'for F in {p} {q}; do echo l > "$F"; done',
    'while read -r F; do rm -f "$F"; done < {p}',
    'ls | while read -r F; do cp "$F" "$F.w" 2> /dev/null; done',
)
JOINS = (" && ", " || ", "; ", "\n", " | ", " & wait; ", " ;")
WRAPS = (
    "({})",
    "{{ {}; }}",
    "if {}; then {}; fi",
    "if {}; then {}; else {}; fi",
    "for i in 1 2; do {}; done",
    "for i in src/*.py; do {}; done",
    "for D in src docs; do {}; done",
    "until true; do {}; done",
    "case a.txt in *.txt) {};; *) {};; esac",
    "( {} ) > out.txt",
    "{{ {}; {}; }} >> out.txt",
    "! {}",
    "echo $({})",
    "cat <({}) > proc.txt",
    "{} | tee log.txt > /dev/null",
    "time {}",
)


def command(chance: random.Random, depth: int = 0) -> str:
    """Make one command."""
    if depth < 3 and chance.random() < 0.25:
        wrap = chance.choice(WRAPS)
        inner = [_line(command(chance, depth + 1)) for _ in range(wrap.count("{}"))]
        return wrap.format(*inner)
    if depth < 3 and chance.random() < 0.35:
        parts = [command(chance, depth + 1) for _ in range(chance.randint(2, 4))]
        made = parts[0]
        for part in parts[1:]:
            made += ("" if made.endswith("\n") else chance.choice(JOINS)) + part
        return made
    places = {name: chance.choice(PLACES) for name in ("p", "q", "r")}
    plain = chance.choice(("a.txt", "new.txt", "src/b.py"))
    return chance.choice(SIMPLE).format(**places, q0=plain)


def _line(text: str) -> str:
    """Return a command that may stand within another: a here-document ends its line."""
    return text if "\n" not in text else "true"
