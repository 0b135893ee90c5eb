"""The desk of the national platform: what waits, what was refused and why, how the daily comparison came out."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tradehall.exchange.national import omitting, outbox, package, reading
from tradehall.journal.clock import platform_now
from tradehall.kernel.refusal import NotVisible, Refusal, Violation
from tradehall.kernel.times import to_beijing
from tradehall.web.acting import actor_of, only
from tradehall.web.presenters import exchange_page as show

DESK = "/desk/national"
DAYS = 14
LISTED = 50
STAFF = only("centre", "administrator")
CENTRE = only("centre")


@never_cache
@require_safe
@STAFF
def national(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@CENTRE
def resend(request: HttpRequest, message_no: str) -> HttpResponse:
    try:
        outbox.resend_message(by=actor_of(request), at=platform_now(), message_no=message_no)
    except NotVisible as absent:
        raise Http404 from absent
    except Refusal as refusal:
        return _page(request, refusal.violations)
    return HttpResponseRedirect(f"{DESK}?resent={message_no}")


def _page(request: HttpRequest, violations: tuple[Violation, ...] = ()) -> HttpResponse:
    at = platform_now()
    counts = outbox.counts()
    context = {
        "at": at,
        "violations": violations,
        "crumbs": show.desk_crumbs("国家平台"),
        "is_on": bool(settings.NATIONAL_URL),
        "resent": request.GET.get("resent", ""),
        "kpis": [
            {"label": "待送最久", "value": f"{outbox.lag_s():.0f}", "unit": "秒", "note": "最早一条未送达的记录"},
            {"label": "未读取", "value": reading.behind(), "unit": "条", "note": "日志中尚未转出的"},
            {"label": "待送", "value": counts.waiting, "unit": "条", "note": "还没有发送过"},
            {"label": "重试中", "value": counts.again, "unit": "条", "note": "没有得到明确应答"},
            {"label": "被退回", "value": counts.refused, "unit": "条", "note": "须查明原因"},
            {"label": "已接收", "value": counts.taken, "unit": "条", "note": "国家平台已确认"},
        ],
        "letters": [(one, show.market(one.line)) for one in outbox.dead_letters(LISTED)],
        "failing": [(one, show.market(one.line)) for one in outbox.failing(LISTED)],
        "omissions": [(one, show.market(one.line)) for one in omitting.not_sent(at)],
        "keys": package.signing_keys(),
        "days": outbox.comparisons(to_beijing(at).date() - timedelta(days=DAYS)),
        "may_act": actor_of(request).has("centre"),
    }
    return render(request, "web/national_desk.html", context, status=400 if violations else 200)
