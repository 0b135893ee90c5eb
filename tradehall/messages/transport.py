"""Hands a mail to the mail server of the settings, or puts it into a folder where there is none (demonstrations).

One attempt, one verdict. What a server says is kept as its receipt, cut short; it is never shown to the public.
"""

import os
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Literal

from django.conf import settings

PERMANENT = 500


@dataclass(frozen=True, slots=True)
class Verdict:
    """`accepted` by the next server; `refused` for good (`no_such_address`: nothing will ever arrive); or `again`."""

    outcome: Literal["accepted", "refused", "again"]
    answer: str
    no_such_address: bool = False


class _Stopped(Exception):
    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.answer)
        self.verdict = verdict


def send(mail: EmailMessage, to: str, name: str) -> Verdict:
    if not settings.MAIL_HOST:
        return _keep(mail, name)
    try:
        with _connected() as server:
            return _speak(server, mail, to)
    except _Stopped as stopped:
        return stopped.verdict
    except (OSError, smtplib.SMTPException) as problem:
        return Verdict("again", f"没有得到邮件服务器的应答（{type(problem).__name__}）")


def _connected() -> smtplib.SMTP:
    """Encrypted unless the settings say that the server is this machine's own."""
    host, port, seconds = settings.MAIL_HOST, settings.MAIL_PORT, settings.MAIL_SECONDS
    if settings.MAIL_SECURITY == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=seconds, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port, timeout=seconds)
    try:
        if settings.MAIL_SECURITY == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.MAIL_USER:
            server.login(settings.MAIL_USER, Path(settings.MAIL_PASSWORD_FILE).read_text("utf-8").strip())
    except (OSError, smtplib.SMTPException):
        server.close()
        raise
    return server


def _speak(server: smtplib.SMTP, mail: EmailMessage, to: str) -> Verdict:
    """That our own sender is refused is our mistake, not the recipient's: it is tried again once it is mended."""
    server.ehlo_or_helo_if_needed()
    _said(server.mail(settings.MAIL_SENDER), lambda code, text: Verdict("again", text))
    _said(server.rcpt(to), lambda code, text: _judged(code, text, no_such_address=code in (550, 551, 553)))
    return _judged(*_heard(server.data(mail.as_bytes())))


def _said(reply: tuple[int, bytes], otherwise: Callable[[int, str], Verdict]) -> None:
    code, text = _heard(reply)
    if code not in (250, 251):
        raise _Stopped(otherwise(code, text))


def _judged(code: int, text: str, no_such_address: bool = False) -> Verdict:
    if code == 250:
        return Verdict("accepted", text)
    if code >= PERMANENT:
        return Verdict("refused", text, no_such_address)
    return Verdict("again", text)


def _heard(reply: tuple[int, bytes]) -> tuple[int, str]:
    code, said = reply
    words = " ".join(said.decode("utf-8", "replace").split())
    return code, f"{code} {''.join(char for char in words if char.isprintable())}"[:300]


def _keep(mail: EmailMessage, name: str) -> Verdict:
    folder = settings.MAIL_FOLDER
    if folder is None:
        return Verdict("again", "没有设置邮件服务器（TRADEHALL_MAIL_HOST）")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{name}"
    draft.write_bytes(mail.as_bytes())
    os.replace(draft, folder / f"{name}.eml")
    return Verdict("accepted", f"250 存入 {folder.name}/{name}.eml（没有设置邮件服务器）")
