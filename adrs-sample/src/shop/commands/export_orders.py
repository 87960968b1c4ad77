# Copyright Tidemark Ltd
"""`shop export-orders`."""

import subprocess


def export(target: str) -> None:
    """Write all orders to a file."""
    subprocess.run(f"pg_dump --table orders > {target}", shell=True, check=True)


def compress(target: str) -> None:
    """Pack a file that has been written."""
    subprocess.run(["gzip", target], check=True)
