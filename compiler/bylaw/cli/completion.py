"""`bylaw completion`: the script that completes commands in a shell."""

import click

from bylaw.cli.session import shared_options

HELP = """\
Print the script that completes commands in a shell.

\b
bash:  eval "$(bylaw completion bash)"          in ~/.bashrc
zsh:   eval "$(bylaw completion zsh)"           in ~/.zshrc
fish:  bylaw completion fish > ~/.config/fish/completions/bylaw.fish
"""


@click.command("completion", help=HELP)
@click.argument("shell", metavar="SHELL", type=click.Choice(["bash", "zsh", "fish"]))
@shared_options
def command(shell: str) -> None:
    """Print the script that completes commands in a shell."""
    from click.shell_completion import get_completion_class

    from bylaw.cli.root import bylaw

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"no completion for {shell}")
    script = kind.source_template % kind(bylaw, {}, "bylaw", "_BYLAW_COMPLETE").source_vars()
    click.echo(script)
