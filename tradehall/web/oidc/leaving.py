"""Signing out on behalf of a system (RP-initiated logout): ask the person, end the sign-in, go back if that is ours.

Where to go back is believed only together with a client, and only letter by letter.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from allauth.core.internal.httpkit import add_query_params
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from tradehall.accounts import services
from tradehall.accounts.oidc import clients, families, signing
from tradehall.accounts.oidc.clients import ClientSystem
from tradehall.web.oidc.asked import no_way_back
from tradehall.web.oidc.capacities import sign_in_of

NAMES = ("id_token_hint", "client_id", "post_logout_redirect_uri", "state")
AFTERWARDS = "/"


@dataclass(frozen=True, slots=True)
class Leaving:
    system: ClientSystem | None
    back: str  # where to go afterwards, "" when nothing was asked or nothing can be believed
    state: str
    problem: str

    @property
    def address(self) -> str:
        if not self.back:
            return AFTERWARDS
        return add_query_params(self.back, {"state": self.state} if self.state else {})


def read(stated: QueryDict) -> Leaving:
    hint, client_id = stated.get("id_token_hint", ""), stated.get("client_id", "")
    claims = signing.read(hint) if hint else None
    if hint and claims is None:
        return Leaving(None, "", "", "id_token_hint is not a token of ours")
    audience = str(claims["aud"]) if claims else client_id
    if client_id and client_id != audience:
        return Leaving(None, "", "", "client_id and id_token_hint name two clients")
    system = clients.open_system(audience) if audience else None
    back = stated.get("post_logout_redirect_uri", "")
    if back and (system is None or back not in system.client.get_post_logout_redirect_uris()):
        return Leaving(system, "", "", "post_logout_redirect_uri is not registered for this client")
    return Leaving(system, back, stated.get("state", ""), "")


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Asks. A system may post here; only our own form, which comes with its token, ends anything."""
    if request.method == "POST":
        return _see_other(f"{reverse('oidc:end_session')}?{_only_known(request.POST)}")
    leaving = read(request.GET)
    if leaving.problem:
        return no_way_back(request, leaving.problem)
    if not request.user.is_authenticated:
        return _see_other(leaving.address)
    action = f"{reverse('oidc:end_session_confirm')}?{_only_known(request.GET)}"
    return render(request, "oidc/logout.html", {"leaving": leaving, "account": request.user, "action": action})


@never_cache
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    leaving = read(request.GET)
    if leaving.problem:
        return no_way_back(request, leaving.problem)
    sign_in = sign_in_of(request)
    if request.POST.get("action") == "stay":
        if sign_in is not None and leaving.system is not None:
            families.end(cause="left_system", notify=False, sid=sign_in.sid, system=leaving.system)
        return _see_other(leaving.address)
    if sign_in is not None:
        services.end_sign_in(at=timezone.now(), sign_in=sign_in)
    logout(request)
    return _see_other(leaving.address)


def _only_known(stated: QueryDict) -> str:
    return urlencode({name: stated[name] for name in NAMES if stated.get(name)})


def _see_other(address: str) -> HttpResponse:
    """`address` was compared with what is registered, or is our own."""
    response = HttpResponse(status=303)
    response["Location"] = address
    return response if address else HttpResponseRedirect(AFTERWARDS)
