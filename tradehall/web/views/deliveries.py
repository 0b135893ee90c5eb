"""The desk of the mails: what waits, what was refused or given up and why, and a second try."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tradehall.disclosure import matcher
from tradehall.journal.clock import platform_now
from tradehall.kernel.refusal import NotVisible, Refusal, Violation
from tradehall.messages import selectors, services
from tradehall.web.acting import actor_of, only
from tradehall.web.presenters.exchange_page import desk_crumbs

DESK = "/desk/deliveries"
LISTED = 50
STAFF = only("centre", "administrator")
CENTRE = only("centre")
PURPOSES = {"confirm": "确认", "already": "已订阅提示", "message": "提醒", "digest": "汇总"}


@never_cache
@require_safe
@STAFF
def deliveries(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@CENTRE
def resend_delivery(request: HttpRequest, delivery_no: str) -> HttpResponse:
    try:
        services.resend_delivery(by=actor_of(request), at=platform_now(), delivery_no=delivery_no)
    except NotVisible as absent:
        raise Http404 from absent
    except Refusal as refusal:
        return _page(request, refusal.violations)
    return HttpResponseRedirect(f"{DESK}?resent={delivery_no}")


def _page(request: HttpRequest, violations: tuple[Violation, ...] = ()) -> HttpResponse:
    counts = selectors.mail_counts()
    context = {
        "at": platform_now(),
        "violations": violations,
        "crumbs": desk_crumbs("邮件"),
        "is_on": selectors.mail_is_on(),
        "is_folder": not settings.MAIL_HOST,
        "resent": request.GET.get("resent", ""),
        "kpis": [
            {"label": "未读取", "value": matcher.behind(), "unit": "条", "note": "日志中尚未对照订阅的"},
            {"label": "待发最久", "value": f"{selectors.mail_lag_s():.0f}", "unit": "秒", "note": "最早一封到期未发的"},
            {"label": "待发", "value": counts.waiting, "unit": "封", "note": "还没有发送过"},
            {"label": "重试中", "value": counts.again, "unit": "封", "note": "对方暂不接收或没有应答"},
            {"label": "被拒收", "value": counts.refused, "unit": "封", "note": "含被退回的"},
            {"label": "放弃", "value": counts.abandoned, "unit": "封", "note": "多次未能送出，或地址已停用"},
            {"label": "已送达", "value": counts.accepted, "unit": "封", "note": "对方服务器已接收"},
        ],
        "letters": [_row(one) for one in selectors.dead_letters(LISTED)],
        "failing": [_row(one) for one in selectors.failing(LISTED)],
        "may_act": actor_of(request).has("centre"),
    }
    return render(request, "web/deliveries.html", context, status=400 if violations else 200)


def _row(one: selectors.Delivery) -> dict[str, object]:
    """The address is shown as far as it takes to know the mail server it belongs to."""
    words, tone = selectors.mail_state(one)
    shown = selectors.shown_address(one.contact) if one.contact.cipher else "已停用"
    return {
        "one": one,
        "purpose": PURPOSES.get(one.purpose, one.purpose),
        "address": shown,
        "words": words,
        "tone": tone,
    }
