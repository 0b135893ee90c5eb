"""What happens in connected systems now, for those who supervise: in their lines and districts, and never what is secret.

The link leads to the system's own read-only session; the platform neither follows nor checks it.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tradehall.accounts import selectors as accounts
from tradehall.exchange import following
from tradehall.journal.clock import platform_now
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import Refusal, Violation
from tradehall.parties import rules
from tradehall.parties import services as parties
from tradehall.web.acting import actor_of, only
from tradehall.web.presenters.exchange_page import desk_crumbs, market

SEEN_BY = ("supervisor", "discipline", "auditor", "authority")
ROLES = frozenset(SEEN_BY)


@never_cache
@require_safe
@only(*SEEN_BY)
def events(request: HttpRequest) -> HttpResponse:
    by, at = actor_of(request), platform_now()
    project = request.GET.get("q", "").strip()[:200]
    found = following.open_events(at, project=project)
    shown = [one for one in found if rules.sees(by, ROLES, one.line, one.district or None)]
    violations: tuple[Violation, ...] = ()
    if project and found and not shown:
        violations = _denied(request, project, found[0])
    names = {one.code: one.name for one in accounts.systems()}
    rows = [
        {
            "row": one, "kind": following.event_label(one.kind), "role": following.role_label(one.role),
            "system": names.get(one.system, one.system), "market": market(one.line),
            "link": one.link if one.link and (one.link_until is None or one.link_until > at) else "",
        }
        for one in shown
    ]  # fmt: skip
    context = {"at": at, "q": project, "rows": rows, "violations": violations, "crumbs": desk_crumbs("交易过程")}
    return render(request, "web/live_events.html", context, status=403 if violations else 200)


def _denied(request: HttpRequest, project: str, event: following.ProcessEvent) -> tuple[Violation, ...]:
    """Asked for by its number, a project out of reach is refused, and the asking is on record (S8)."""
    try:
        parties.demand_sight(
            by=actor_of(request), at=platform_now(), subject=Ref("event", event.event_no), roles=ROLES,
            line=event.line, district=event.district or None,
        )  # fmt: skip
    except Refusal as refusal:
        return refusal.violations
    return ()
