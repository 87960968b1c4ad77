"""`bylaw schema`: the JSON Schemas of what bylaw reads and writes."""

import json

import click

from bylaw.cli.faults import UNKNOWN_NAME, FaultError, did_you_mean
from bylaw.cli.session import shared_options


@click.command("schema")
@click.argument("name", required=False)
@shared_options
def command(name: str | None) -> None:
    """Print the JSON Schema of a file that bylaw reads or writes; without NAME, list them."""
    from bylaw.schema import SCHEMAS

    if name is None:
        for each, entry in SCHEMAS.items():
            print(f"{each:<16}{entry.summary}")
        return
    if name not in SCHEMAS:
        listing = "the schemas are " + ", ".join(f"`{each}`" for each in SCHEMAS)
        raise FaultError(
            UNKNOWN_NAME, f"unknown schema `{name}`", did_you_mean(name, SCHEMAS, listing)
        )
    print(json.dumps(SCHEMAS[name].build(), indent=2, ensure_ascii=False))
