# Copyright Tidemark Ltd
"""Letters to customers and colleagues."""

import os
import smtplib
from email.message import EmailMessage


def send(to: str, subject: str) -> None:
    """Send a message without a body."""
    message = EmailMessage()
    message["To"] = to
    message["Subject"] = subject
    host = os.environ.get("SHOP_MAIL_HOST", "localhost")
    with smtplib.SMTP(host) as server:
        server.send_message(message)
