"""The desk: what is to be done first, who I am and for whom; and the switch of the body acted for."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from tradehall.accounts import services as accounts
from tradehall.accounts.selectors import Account
from tradehall.disclosure.organisations import open_closings, open_projects
from tradehall.journal.clock import platform_now
from tradehall.kernel.refusal import Stale
from tradehall.parties import selectors as parties
from tradehall.parties.roles import label
from tradehall.reference.lines import lines
from tradehall.web.acting import Acting, acting_of, choose, signed_in
from tradehall.web.desk_doors import doors
from tradehall.web.presenters.desk_page import Todo, certificate_todos, in_order, next_steps, scope_words, todos
from tradehall.web.presenters.rows import rows_of

MOST_PROJECTS = 8


@require_safe
@signed_in
def desk(request: HttpRequest) -> HttpResponse:
    at, acting = platform_now(), acting_of(request)
    held = parties.grants(request.user, at) if isinstance(request.user, Account) else []
    context: dict[str, Any] = {
        "account": request.user,
        "todos": _todos(acting, request.user, at) if acting and isinstance(request.user, Account) else [],
        "grants": [(label(one.role), scope_words(one.lines, one.districts), one) for one in held],
        **(_work(acting, at) if acting else {}),
    }
    return render(request, "web/desk.html", context)


def _work(acting: Acting, at: datetime) -> dict[str, Any]:
    """Projects of the body acted for by their next deadline, the pages of the desk, and what to do when nothing waits."""
    no = acting.actor.client or acting.actor.organisation or ""
    known = {one.code: one for one in lines()}
    return {
        "projects": rows_of(open_projects(no, at, MOST_PROJECTS), known, at) if no else [],
        "body_no": no,
        "doors": [{"icon": one.icon, "title": one.label, "text": one.note, "href": one.href} for one in doors(acting)],
        "next": next_steps(acting.actor),
    }


def _todos(acting: Acting, account: Account, at: datetime) -> list[Todo]:
    """Work of the body acted for, and the person's own certificates beside all those deadlines."""
    found = todos(acting, at)
    closings = open_closings(acting.actor.client or acting.actor.organisation or "", at)
    deadlines = [*closings, *(one.due_at for one in found if one.due_at)]
    return in_order([*found, *certificate_todos(account, deadlines, timezone.now())], at)


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
