"""What stands around the library's views: honest status codes, and our records beside its own."""

import time
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from math import ceil
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tradehall.accounts import services, signing
from tradehall.accounts.models import Account
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import Actor

View = Callable[..., HttpResponse]


def person(request: HttpRequest) -> Actor:
    account = signing.account(request)
    return Actor("person", account.login, account.name)


def honest(view: View) -> View:
    """A form that did not go through answers 400, and 429 with the seconds to wait while passwords are locked."""

    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        if request.method == "POST" and answer.status_code == 200:
            answer.status_code = 400
            until = _locked_until(answer)
            if until is not None:
                answer.status_code = 429
                answer["Retry-After"] = str(max(1, ceil((until - timezone.now()).total_seconds())))
        return answer

    return handle


def proving(view: View) -> View:
    """Pages where a person proves who he is once more."""

    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        since_s = time.time()
        answer = view(request, *args, **kwargs)
        if request.method == "POST":
            signing.note_proof(request, since_s)
        return answer

    return handle


def noting_ways(view: View) -> View:
    """Pages that change the ways in: the change and its record stand or fall together."""

    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            before = _ways(request)
            answer = view(request, *args, **kwargs)
            if request.user.is_authenticated and _ways(request) != before:
                services.change_way_in(by=person(request), at=platform_now(), account=signing.account(request))
        return answer

    return handle


def _ways(request: HttpRequest) -> set[tuple[str, int]]:
    if not request.user.is_authenticated:
        return set()
    account: Account = signing.account(request)
    factors = Authenticator.objects.filter(user_id=account.pk).values_list("pk", flat=True)
    linked = SocialAccount.objects.filter(user_id=account.pk).values_list("pk", flat=True)
    return {("factor", pk) for pk in factors} | {("hall", pk) for pk in linked}


def _locked_until(answer: HttpResponse) -> datetime | None:
    form = (getattr(answer, "context_data", None) or {}).get("form")
    if form is None or not form.is_bound:
        return None
    errors = [error for found in form.errors.as_data().values() for error in found]
    return next((error.params["until"] for error in errors if error.code == "locked"), None)
