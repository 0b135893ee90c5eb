"""Signing in to a system: prove yourself as it demands, choose for whom you act, and go back with a code.

The consent is a plain form with a button. It is skipped only for somebody who has just chosen: by a door, or in this
same sign-in for this same system.
"""

import time
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from tradehall.accounts.oidc import families
from tradehall.accounts.oidc.families import Capacity, SignInFacts
from tradehall.accounts.selectors import Account
from tradehall.journal.clock import platform_now
from tradehall.kernel.refusal import Violation
from tradehall.parties import selectors as parties
from tradehall.web.oidc import doors
from tradehall.web.oidc.asked import Asked, read
from tradehall.web.oidc.capacities import acting_for, capacities, chosen, facts_of, role_labels
from tradehall.web.oidc.demands import Need, missing

WAYS: dict[str, str] = {"sign_in": "/login", "prove": "/login/again", "certificate": "/login/certificate"}
NOT_CHOSEN = Violation("organisation", "请选择以哪个单位的身份进入", field="organisation")


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """A system may post its request; the browser's cookie does not come along then, so it is asked again by GET."""
    if request.method == "POST":
        return _see_other(f"{reverse('oidc:authorization')}?{request.POST.urlencode()}")
    asked = read(request)
    if isinstance(asked, HttpResponse):
        return asked
    facts = facts_of(request)
    need = missing(asked.demand, facts, time.time())
    if need == "unmet":
        return asked.error("unmet_authentication_requirements")
    if need or facts is None:
        return asked.error("login_required") if asked.demand.is_silent else _sent_to_prove(asked, need)
    capacity = _known_choice(request, asked, facts)
    if capacity is not None:
        return _granted(request, asked, facts, capacity)
    if asked.demand.is_silent:
        return asked.error("consent_required")
    return _consent_page(request, asked, ())


@never_cache
@require_POST
def consent(request: HttpRequest) -> HttpResponse:
    """The form of the page above. The request comes with it and is judged again: nothing the form says is trusted."""
    asked = read(request)
    if isinstance(asked, HttpResponse):
        return asked
    facts = facts_of(request)
    if facts is None or missing(asked.demand, facts, time.time()):
        return _see_other(f"{reverse('oidc:authorization')}?{asked.query}")
    if request.POST.get("action") == "refuse":
        return asked.error("access_denied", "the person declined")
    capacity = chosen(_account(request), request.POST.get("organisation", ""))
    if capacity is None:
        return _consent_page(request, asked, (NOT_CHOSEN,))
    return _granted(request, asked, facts, capacity)


def _sent_to_prove(asked: Asked, need: Need) -> HttpResponse:
    """The way back is this request, marked, so that only a proof made from now on counts."""
    back = f"{reverse('oidc:authorization')}?{asked.with_proof_asked()}"
    return _see_other(f"{WAYS[need or 'sign_in']}?{urlencode({'next': back})}")


def _known_choice(request: HttpRequest, asked: Asked, facts: SignInFacts) -> Capacity | None:
    """The organisation just chosen at a door, else the one this sign-in already let this system know."""
    account, key = _account(request), doors.take_choice(request, asked.system.client_id)
    if asked.demand.prompts & {"consent", "select_account"}:
        return None
    if key is not None:
        return chosen(account, key)
    before = families.latest(sid=facts.sid, system=asked.system)
    if before is None:
        return None
    key = before.organisation_code or before.organisation_name
    return chosen(account, key) if asked.demand.is_silent or acting_for(request) == key else None


def _granted(request: HttpRequest, asked: Asked, facts: SignInFacts, capacity: Capacity) -> HttpResponse:
    account = _account(request)
    at = platform_now()
    family = families.consent(
        by=parties.actor(account, capacity.key or None, at), at=at, account=account, system=asked.system, sign_in=facts,
        capacity=capacity,
    )  # fmt: skip
    data = {"redirect_uri": asked.redirect_uri, "nonce": asked.nonce or None, "challenge": asked.challenge}
    return asked.answer(code=families.new_code(family, asked.scopes, data))


def _consent_page(request: HttpRequest, asked: Asked, violations: tuple[Violation, ...]) -> HttpResponse:
    offered = capacities(_account(request))
    now_for = acting_for(request)
    preferred = next((one.key for one in offered if one.key == now_for), offered[0].key)
    context: dict[str, Any] = {
        "asked": asked,
        "account": request.user,
        "offered": [(one, role_labels(one)) for one in offered],
        "preferred": preferred,
        "violations": violations,
        "action": f"{reverse('oidc:consent')}?{asked.query}",
    }
    return render(request, "oidc/authorize.html", context, status=400 if violations else 200)


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def _see_other(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
