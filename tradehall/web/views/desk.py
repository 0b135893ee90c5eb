"""The desk: what is to be done first, who I am and for whom; and the switch of the body acted for."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from tradehall.accounts import services as accounts
from tradehall.accounts.selectors import Account
from tradehall.journal.clock import platform_now
from tradehall.kernel.refusal import Stale
from tradehall.parties import selectors as parties
from tradehall.parties.roles import label
from tradehall.web.acting import acting_of, choose, signed_in
from tradehall.web.presenters.desk_page import doors, todos


@require_safe
@signed_in
def desk(request: HttpRequest) -> HttpResponse:
    at, acting = platform_now(), acting_of(request)
    held = parties.grants(request.user, at) if isinstance(request.user, Account) else []
    context: dict[str, Any] = {
        "account": request.user,
        "todos": todos(acting, at) if acting else (),
        "grants": [(label(one.role), one) for one in held],
        "doors": doors(acting) if acting else (),
    }
    return render(request, "web/desk.html", context)


@require_POST
@signed_in
def acting_for(request: HttpRequest) -> HttpResponse:
    """Keep the choice; one that was never granted changes nothing. Afterwards the page it was made on."""
    chosen = choose(request, request.POST.get("organisation", ""), request.POST.get("client", ""))
    if chosen is not None:
        _keep(request, chosen.actor.organisation or "")
    asked = request.POST.get("next") or "/desk"
    target = asked if url_has_allowed_host_and_scheme(asked, {request.get_host()}) else "/desk"
    return HttpResponseRedirect(target)


def _keep(request: HttpRequest, organisation: str) -> None:
    """The sign-in remembers it too, for the systems entered from here; a session without one has nothing to tell."""
    try:
        accounts.act_for(session_key=str(request.session.session_key), organisation=organisation)
    except Stale:
        return
