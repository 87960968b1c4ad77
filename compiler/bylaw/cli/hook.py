"""`bylaw hook`: a coding agent's tool call, judged before it is made and settled afterwards."""

import click

from bylaw.checkpoint.asked import LEVELS, Asked
from bylaw.checkpoint.hook import HOSTS
from bylaw.checkpoint.hook import run as answer


@click.command("hook")
@click.argument("host", type=click.Choice(list(HOSTS)))
@click.option("--agent", metavar="CLASS", help="The class of the agent.")
@click.option("--autonomy", type=click.Choice(LEVELS), help="The level that it works at.")
@click.option("--root", "folder", metavar="FOLDER", help="Use this folder, not the call's.")
def command(host: str, agent: str | None, autonomy: str | None, folder: str | None) -> int:
    """Answer the tool call on standard input, in the host's own form.

    Before a tool runs, what it would leave behind is judged; what a command has left is judged
    when it has run and when the agent stops. `bylaw install HOST` has the host ask.
    """
    asked = Asked()
    asked.host = host
    asked.agent = agent or asked.agent
    asked.autonomy = autonomy or asked.autonomy
    asked.root = folder
    return answer(asked)
