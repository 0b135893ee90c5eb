"""What somebody had typed when his session ended or when he was asked who he is: kept on the server, for him and that form.

On the server and not in the browser: it works without script, on a shared computer nobody else finds it, and the same
store serves both occasions. A form says whose it is by a signed marker; files and passwords are never kept.
"""

import json
from datetime import datetime, timedelta

from django.core import signing
from django.http import QueryDict

from tradehall.accounts import sealing
from tradehall.accounts.models import Account, Draft

FIELD = "draft_for"
PURPOSE = "draft"
LIFE = timedelta(days=1)
MAX_CHARACTERS = 200_000
NEVER_KEPT = {FIELD, "csrfmiddlewaretoken", "password", "oldpassword", "password1", "password2", "code", "credential"}


def marker(account: Account) -> str:
    return signing.dumps(account.pk, salt=PURPOSE)


def account_of(marked: str) -> Account | None:
    """The person a form was made for; None for anything we did not sign within a day."""
    try:
        return Account.objects.filter(pk=signing.loads(marked, salt=PURPOSE, max_age=LIFE), is_active=True).first()
    except signing.BadSignature:
        return None


def keep(*, at: datetime, account: Account, form_href: str, fields: QueryDict) -> bool:
    """False when it is too much to keep: then the person is told, not cut short."""
    kept = {name: fields.getlist(name) for name in fields if name not in NEVER_KEPT}
    text = json.dumps(kept, ensure_ascii=False)
    if len(text) > MAX_CHARACTERS or len(form_href) > 300:
        return False
    words = {"secret": sealing.seal(text, PURPOSE), "kept_at": at}
    Draft.objects.update_or_create(account=account, form_href=form_href, defaults=words)
    return True


def find(*, at: datetime, account: Account, form_href: str) -> tuple[QueryDict, datetime] | None:
    found = Draft.objects.filter(account=account, form_href=form_href, kept_at__gt=at - LIFE).first()
    text = sealing.unseal(bytes(found.secret), PURPOSE) if found else None
    if found is None or text is None:
        return None
    fields = QueryDict(mutable=True)
    for name, values in json.loads(text).items():
        fields.setlist(name, values)
    return fields, found.kept_at


def drop(*, account: Account, form_href: str) -> None:
    Draft.objects.filter(account=account, form_href=form_href).delete()


def drop_old(*, at: datetime) -> int:
    """Of everybody; for the nightly job."""
    return Draft.objects.filter(kept_at__lte=at - LIFE).delete()[0]
