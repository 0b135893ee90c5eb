"""Signed links of mails: to confirm an address, to end a subscription, to manage all of them. No account, nothing stored.

A token names a purpose, a record and an end, and opens for that purpose only. Judges the signature; what the record
allows is judged by the act.
"""

from datetime import datetime

from django.conf import settings
from django.core import signing

from tradehall.kernel.refusal import NotVisible

CONFIRM, END, MANAGE = "confirm", "end", "manage"
_SALT = "tradehall.messages."


def make(purpose: str, no: str, until: datetime | None = None) -> str:
    """`until` None: as long as the record lives (a mail must be able to end itself for ever)."""
    return signing.dumps([no, int(until.timestamp()) if until else 0], salt=_SALT + purpose)


def read(purpose: str, token: str, at: datetime) -> str:
    """The number of the record; NotVisible for anything forged, foreign or over."""
    try:
        no, until = signing.loads(token, salt=_SALT + purpose)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotVisible("link") from error
    if until and at.timestamp() > until:
        raise NotVisible("link")
    return str(no)


def link(purpose: str, no: str, until: datetime | None = None) -> str:
    return f"{settings.SITE_URL}/follow/{purpose}/{make(purpose, no, until)}"
