"""How many messages wait for whoever is signed in: for the head of every page, asked only by a page that shows it."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tradehall.accounts.selectors import Account
from tradehall.messages import selectors


def shown(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    return {"unread": SimpleLazyObject(lambda: selectors.unread(user.pk) if isinstance(user, Account) else 0)}
