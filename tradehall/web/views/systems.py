"""Doors: the connected trading systems, one click each. Public to read; entering asks for a sign-in once."""

from typing import Any
from urllib.parse import urlsplit

from allauth.core.internal.httpkit import add_query_params
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tradehall.accounts import signing
from tradehall.accounts.oidc import clients
from tradehall.accounts.oidc.clients import ClientSystem
from tradehall.reference.lines import Line, lines
from tradehall.web.acting import acting_of
from tradehall.web.oidc import doors
from tradehall.web.oidc.capacities import acting_for, chosen, sign_in_of

OUTSIDE = ("cross-site", "same-site")


@never_cache
@require_safe
def systems(request: HttpRequest) -> HttpResponse:
    by_code = {line.code: line for line in lines()}
    acting = acting_of(request)
    context = {
        "doors": [_door(one, by_code) for one in clients.client_systems() if one.disabled_at is None],
        "account": request.user if sign_in_of(request) else None,
        "organisation": acting.organisation_name if acting else "",
    }
    return render(request, "web/systems.html", context)


@never_cache
@require_safe
def enter(request: HttpRequest, client_id: str) -> HttpResponse:
    """Going by our own door says for whom; a link on a foreign page leads to the system but says nothing."""
    system = clients.open_system(client_id)
    if system is None:
        raise Http404
    if sign_in_of(request) is None:
        return HttpResponseRedirect(f"/login?{urlencode({'next': request.get_full_path()})}")
    key = _own_choice(request)
    if key is not None and request.headers.get("Sec-Fetch-Site") not in OUTSIDE:
        doors.keep_choice(request, client_id, key)
    return HttpResponseRedirect(add_query_params(system.start_href, {"iss": settings.SITE_URL}))


def _door(system: ClientSystem, by_code: dict[str, Line]) -> dict[str, Any]:
    line = by_code.get(system.line or "")
    return {
        "name": system.name,
        "line": line.name if line else "",
        "icon": line.icon if line else "layers",
        "host": urlsplit(system.start_href).netloc,
        "href": reverse("web:enter-system", args=[system.client_id]),
    }


def _own_choice(request: HttpRequest) -> str | None:
    """The organisation this session acts for, where the person holds a role there; else the system's page asks."""
    now_for = acting_for(request)
    return now_for if chosen(signing.account(request), now_for) else None
