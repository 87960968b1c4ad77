# Copyright Tidemark Ltd
"""The one place that reads the environment."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """What a deployment decides."""

    database_url: str
    mail_host: str
    gateway_url: str


def settings() -> Settings:
    """Read the settings of this deployment."""
    return Settings(
        database_url=os.environ["SHOP_DATABASE_URL"],
        mail_host=os.environ.get("SHOP_MAIL_HOST", "localhost"),
        gateway_url=os.environ["SHOP_GATEWAY_URL"],
    )
