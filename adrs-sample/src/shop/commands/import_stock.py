# Copyright Tidemark Ltd
"""`shop import-stock FILE`."""

from argparse import Namespace, _SubParsersAction
from pathlib import Path
from typing import Any


def register(commands: "_SubParsersAction[Any]") -> None:
    """Add the command."""
    parser = commands.add_parser("import-stock")
    parser.add_argument("file", type=Path)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> None:
    """Count the lines that would be imported."""
    # FIXME: the warehouse sends semicolons on Mondays
    print(len(arguments.file.read_text().splitlines()))
