"""Handing letters to a mail server, one at a time, with time-outs."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING

from procurement.kernel.clock import utc_now
from procurement.outbox.terms import Letter

if TYPE_CHECKING:
    from config import Smtp

PATIENCE = 30  # seconds for each step of the conversation


class MailRefused(Exception):
    """The server would not take it, or could not be reached; the message says which."""


def compose(letter: Letter, *, sender: str, public_url: str = "") -> EmailMessage:
    """As it goes over the wire; who may choose which mails they get finds the way in it, and so does their program."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.recipient
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(utc_now())
    # The same at each attempt, so that a mail server can tell a repetition.
    message["Message-ID"] = make_msgid(idstring=f"stillroom-{letter.id}", domain=_domain(sender))
    message["Auto-Submitted"] = "auto-generated"
    if letter.choices and public_url:
        address = f"{public_url.rstrip('/')}{letter.choices}"
        message["List-Unsubscribe"] = f"<{address}>"  # RFC 2369, 3.2
        message.set_content(f"{letter.body}\n{address}\n")
    else:
        message.set_content(letter.body)
    for file in letter.files:
        kind, _, detail = file.media_type.partition("/")
        message.add_attachment(file.content, maintype=kind, subtype=detail, filename=file.name)
    return message


def send(letter: Letter, server: "Smtp", *, sender: str, public_url: str = "") -> None:
    try:
        with _connected(server) as connection:
            if server.user:
                connection.login(server.user, server.password or "")
            connection.send_message(compose(letter, sender=sender, public_url=public_url))
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise MailRefused(f"{type(error).__name__}: {error}") from error


def _connected(server: "Smtp") -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=trusted)
    connection = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    if server.security == "starttls":
        connection.starttls(context=trusted)
    return connection


def _domain(sender: str) -> str:
    return sender.rpartition("@")[2].rstrip(">") or "localhost"
