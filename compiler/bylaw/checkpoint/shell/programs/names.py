"""Names of programs, and where what they do is told."""

from bylaw.checkpoint.plain import words

STANDARD_FOLDERS = frozenset(
    ("/bin", "/usr/bin", "/usr/local/bin", "/sbin", "/usr/sbin", "/opt/homebrew/bin")
)

HARMLESS = frozenset(
    words("""
    : true false test [ pwd  shopt umask ulimit wait jobs fg bg hash type which
    whereis whoami id groups hostname uname arch nproc uptime free df mount ps pgrep top
    htop kill pkill killall sleep clear tput stty tty locale getconf cal exit return break
    continue        times logout history
    help disown caller basename dirname realpath readlink expr seq ping host dig nslookup
    ifconfig ip netstat ss lsof printenv lscpu lsblk sw_vers open pbpaste man info apropos
    whatis
""")
)
"""They write no file and give no content of one away."""

CODE = frozenset(
    words("""
    Rscript pwsh powershell cmd osascript julia elixir scala kotlin groovy jshell ghci irb iex
""")
)

_MEMBERS = {
    "reading": """cat head tail less more bat batcat tac rev nl wc grep egrep fgrep zgrep rg ag ack
        ls tree stat file du cut paste column fold fmt od xxd hexdump strings md5sum sha1sum
        sha256sum sha512sum shasum cksum b2sum jq yq diff cmp comm uniq sort tr join zcat bzcat
        xzcat find fd fdfind awk gawk mawk nawk eza exa tokei cloc view date read mapfile readarray
        base64 look tsort expand unexpand pr""",
    "files": """cp mv rm rmdir unlink ln install rsync truncate touch dd mkdir mktemp shred split
        csplit chmod chown chgrp scp cpio mkfifo mknod rename trash""",
    "output": "echo printf tee sponge",
    "editing": """sed gsed perl patch apply_patch ed ex vi vim nvim emacs nano pico awk-inplace""",
    "wrappers": """sudo doas env command builtin exec nohup time timeout gtimeout nice ionice stdbuf
        setsid chrt taskset busybox toybox xargs parallel bash sh dash zsh ksh ash fish eval trap
        source . su script watch flock unbuffer strace ltrace chroot direnv dotenv caffeinate
        alias set shift export local declare
        typeset readonly unset let getopts cd chdir pushd popd dirs enable""",
    "git": "git",
    "packages": """pip pipx uv poetry pdm pipenv rye hatch conda mamba npm pnpm yarn bun npx bunx
        pnpx uvx cargo go gem bundle composer apt apt-get brew""",
    "code": """python python2 python3 pypy node nodejs deno tsx ts-node ruby php lua osascript
        bpython ipython""",
    "network": "curl wget tar bsdtar unzip zip gzip gunzip bzip2 bunzip2 xz unxz zstd 7z 7za unrar",
    "formatters": """ruff black isort autopep8 yapf autoflake pyupgrade docformatter prettier eslint
        biome gofmt goimports gofumpt rustfmt clang-format shfmt stylelint standard dprint
        markdownlint rubocop swiftformat ktlint terraform djlint pre-commit sqlfluff taplo
        mypy pyright flake8 pylint bandit tsc""",
}

GROUPS = {name: group for group, names in _MEMBERS.items() for name in names.split()}
"""The module that tells what a program does, by the program's name."""
