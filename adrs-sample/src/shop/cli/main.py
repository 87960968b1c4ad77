# Copyright Tidemark Ltd
"""`shop COMMAND`."""

import argparse
import os

import pandas

from shop.commands import export_orders, import_stock


def main() -> None:
    """Run one command."""
    parser = argparse.ArgumentParser(prog="shop")
    commands = parser.add_subparsers()
    import_stock.register(commands)
    parser.set_defaults(run=lambda _: export_orders.export("orders.csv"))
    if os.environ.get("SHOP_DEBUG"):
        print("pandas", pandas.__version__)
    arguments = parser.parse_args()
    arguments.run(arguments)
