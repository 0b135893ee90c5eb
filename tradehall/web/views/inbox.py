"""A person's messages and what he follows: read, switch off, end; and the one address to which they are mailed."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tradehall.journal.clock import platform_now
from tradehall.kernel.refusal import NotVisible, Refusal, Violation
from tradehall.messages import selectors, services
from tradehall.messages.selectors import PAGE_SIZE, Holder
from tradehall.web.acting import actor_of, signed_in
from tradehall.web.presenters import following_page as show
from tradehall.web.presenters.exchange_page import desk_crumbs
from tradehall.web.views.following import posted_wish

INBOX, SUBSCRIPTIONS = "/desk/messages", "/desk/subscriptions"


@never_cache
@require_safe
@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    number = request.GET.get("page", "1")
    page = max(1, int(number)) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    only_unread = request.GET.get("show") == "unread"
    rows, total = selectors.inbox(account_of(request), page, only_unread=only_unread)
    context = {
        "rows": by_event(rows),
        "page": page,
        "pages": max(1, -(-total // PAGE_SIZE)),
        "total": total,
        "only_unread": only_unread,
        "chips": [
            {"label": "全部", "href": INBOX, "current": not only_unread},
            {"label": "未读", "href": f"{INBOX}?show=unread", "current": only_unread},
        ],
        "crumbs": desk_crumbs("消息"),
    }
    return render(request, "web/inbox.html", context)


@never_cache
@require_safe
@signed_in
def message(request: HttpRequest, message_no: str) -> HttpResponse:
    """Opening it is its receipt: the first time counts, another time changes nothing."""
    try:
        one = services.read_message(
            by=actor_of(request), at=platform_now(), account_id=account_of(request), message_no=message_no
        )  # fmt: skip
    except NotVisible as error:
        raise Http404(message_no) from error
    words, tone = selectors.mail_state(one.delivery)
    trail = [*desk_crumbs("消息")[:-1], {"label": "消息", "href": INBOX}, {"label": "详情", "href": ""}]
    context = {"one": one, "mail_words": words, "mail_tone": tone, "crumbs": trail}
    return render(request, "web/message.html", context)


@require_POST
@signed_in
def read_all(request: HttpRequest) -> HttpResponse:
    services.read_all_messages(by=actor_of(request), at=platform_now(), account_id=account_of(request))
    return HttpResponseRedirect(INBOX)


@never_cache
@require_safe
@signed_in
def subscriptions(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@signed_in
def change(request: HttpRequest, subscription_no: str) -> HttpResponse:
    wish = posted_wish(request)
    holder, at = Holder(account_of(request)), platform_now()
    try:
        services.change_subscription(
            by=actor_of(request), at=at, holder=holder, subscription_no=subscription_no, wish=wish
        )  # fmt: skip
    except NotVisible as error:
        raise Http404(subscription_no) from error
    except Refusal as refusal:
        return _page(request, refusal.violations)
    return HttpResponseRedirect(SUBSCRIPTIONS)


@require_POST
@signed_in
def unsubscribe(request: HttpRequest, subscription_no: str) -> HttpResponse:
    holder, at = Holder(account_of(request)), platform_now()
    try:
        services.unsubscribe(by=actor_of(request), at=at, subscription_no=subscription_no, holder=holder)
    except NotVisible as error:
        raise Http404(subscription_no) from error
    return HttpResponseRedirect(SUBSCRIPTIONS)


@require_http_methods(["POST"])
@signed_in
def state_contact(request: HttpRequest) -> HttpResponse:
    address = request.POST.get("address", "")
    try:
        services.state_contact(
            by=actor_of(request), at=platform_now(), account_id=account_of(request), address=address
        )  # fmt: skip
    except Refusal as refusal:
        return _page(request, refusal.violations)
    return HttpResponseRedirect(f"{SUBSCRIPTIONS}?asked=1")


@require_POST
@signed_in
def end_contact(request: HttpRequest) -> HttpResponse:
    try:
        services.end_contact(by=actor_of(request), at=platform_now(), holder=Holder(account_of(request)))
    except NotVisible as error:
        raise Http404("contact") from error
    return HttpResponseRedirect(SUBSCRIPTIONS)


def by_event(rows: Sequence[selectors.Message]) -> list[dict[str, object]]:
    """What several subscriptions tell of is one row that names them all."""
    found: dict[str, dict[str, Any]] = {}
    for one in rows:
        row = found.setdefault(one.event_key, {"one": one, "reasons": [], "mail": "", "tone": ""})
        row["reasons"] += [one.subscription.title] if one.subscription else []
        if one.delivery and not row["mail"]:
            row["mail"], row["tone"] = selectors.mail_state(one.delivery)
    return list(found.values())


def account_of(request: HttpRequest) -> int:
    return int(request.user.pk or 0)


def _page(request: HttpRequest, violations: Sequence[Violation] = ()) -> HttpResponse:
    account_id = account_of(request)
    contact = selectors.contact_of(account_id)
    rows = show.subscription_rows(selectors.subscriptions(Holder(account_id)), may_do_without_mail=True)
    followed = request.GET.get("followed", "")
    context = {
        "rows": rows,
        "followed": next((row["title"] for row in rows if row["no"] == followed), ""),
        "contact": contact,
        "address": selectors.shown_address(contact) if contact else "",
        "is_reachable": selectors.is_reachable(contact),
        "asked": "asked" in request.GET,
        "address_input": {
            "name": "address", "label": "邮件地址", "type": "email", "required": True, "autocomplete": "email",
            "value": request.POST.get("address", ""),
        },
        "mail_is_on": selectors.mail_is_on(),
        "sms_absence": selectors.sms_absence(),
        "violations": violations,
        "crumbs": desk_crumbs("订阅"),
    }  # fmt: skip
    return render(request, "web/subscriptions.html", context, status=400 if violations else 200)
