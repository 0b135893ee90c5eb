"""The centre's exchange monitor (O4): what came, what was refused and why, what was mended, what lags, what can be resent."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tradehall.accounts import selectors as accounts
from tradehall.exchange import following
from tradehall.exchange.national.sharing import NATIONAL
from tradehall.exchange.rejudging import rejudge_record
from tradehall.exchange.webhooks import resend_webhook, shown_address
from tradehall.journal.clock import platform_now
from tradehall.kernel.refusal import NotVisible, Refusal, Violation
from tradehall.web.acting import actor_of, only
from tradehall.web.presenters import exchange_page as show

DESK = "/desk/exchange"
HOURS = 24
LISTED = 50
STAFF = only("centre", "administrator")
CENTRE = only("centre")


@never_cache
@require_safe
@STAFF
def monitor(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@CENTRE
def rejudge(request: HttpRequest, refusal_no: str) -> HttpResponse:
    try:
        outcome = rejudge_record(by=actor_of(request), at=platform_now(), refusal_no=refusal_no)
    except NotVisible as absent:
        raise Http404 from absent
    except Refusal as refusal:
        return _page(request, refusal.violations)
    return HttpResponseRedirect(f"{DESK}?judged={outcome.status}#refusals")


@require_POST
@CENTRE
def resend(request: HttpRequest, webhook_no: str) -> HttpResponse:
    text = request.POST.get("after", "").strip()
    try:
        if text and not (text.isascii() and text.isdigit() and len(text) <= 18):
            raise Refusal([Violation("after", "位置应为非负整数；没有重新推送", "after")])
        after = int(text) if text else None
        resend_webhook(by=actor_of(request), at=platform_now(), webhook_no=webhook_no, after=after)
    except NotVisible as absent:
        raise Http404 from absent
    except Refusal as refusal:
        return _page(request, refusal.violations)
    return HttpResponseRedirect(f"{DESK}#webhooks")


def _page(request: HttpRequest, violations: tuple[Violation, ...] = ()) -> HttpResponse:
    at = platform_now()
    since = at - timedelta(hours=HOURS)
    names = {**{one.code: one.name for one in accounts.systems()}, NATIONAL.id: NATIONAL.name}
    chosen = request.GET.get("system", "")
    system = chosen if chosen in names else ""
    by_system = following.totals(since, at, only_public=False)
    lag = following.lag()
    context = {
        "at": at,
        "violations": violations,
        "crumbs": show.desk_crumbs("数据交换监控"),
        "judged": request.GET.get("judged", ""),
        "kpis": _indicators(show.summed(by_system), lag),
        "systems": show.quality_table(by_system, names),
        "hours": show.traffic_table(following.totals(since, at, only_public=False, by=("hour_at", "line"))),
        "chips": [
            {
                "label": label,
                "href": f"{DESK}?system={code}#refusals" if code else f"{DESK}#refusals",
                "current": code == system,
            }
            for code, label in [("", "全部系统"), *names.items()]
        ],
        "refusals": [
            {"row": one, "system": names.get(one.system, one.system), "fields": list(one.clean.items())[:20]}
            for one in following.refusals(system=system, limit=LISTED)
        ],
        "webhooks": [
            {
                "row": one,
                "system": names.get(one.system, one.system),
                "address": shown_address(one.url),
                "behind": lag.position - one.position,
            }
            for one in following.all_webhooks()
        ],
        "may_act": actor_of(request).has("centre"),
    }
    return render(request, "web/exchange_monitor.html", context, status=400 if violations else 200)


def _indicators(total: dict[str, int], lag: following.Lag) -> list[dict[str, object]]:
    counted: list[dict[str, object]] = [
        {"label": label, "value": total[name], "unit": "条", "note": f"最近 {HOURS} 小时"}
        for name, label in show.COLUMNS.items()
    ]
    lagging: list[dict[str, object]] = [
        {"label": "封存滞后", "value": f"{lag.sealer_s:.1f}", "unit": "秒", "note": "最早未封存的一条"},
        {"label": "推送滞后", "value": lag.behind, "unit": "条", "note": "最慢的一个订阅"},
        {"label": "暂停的订阅", "value": lag.paused, "unit": "个", "note": "多日未送达，须与系统联系"},
    ]
    return [*counted, *lagging]
