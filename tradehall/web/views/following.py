"""Following something: the form, and the pages behind the links of mails, which need no account.

What a link asks for is done by a button, never by opening it: mail programs open links to look at them. The page after the
form is the same for every address: whether one is known here is nobody's business.
"""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from tradehall.accounts.selectors import Account
from tradehall.accounts.signing import address_of
from tradehall.journal.clock import platform_now
from tradehall.kernel.refusal import NotVisible, Refusal, Violation
from tradehall.messages import selectors, services, tokens
from tradehall.messages.rules import VISITOR, Subject, Wish, moment_words
from tradehall.messages.selectors import Holder
from tradehall.web.acting import actor_of
from tradehall.web.presenters import following_page as show
from tradehall.web.subjects import subject_of

FORM = require_http_methods(["GET", "HEAD", "POST"])
DESK = "/desk/subscriptions"


@never_cache
@FORM
def subscribe(request: HttpRequest, kind: str) -> HttpResponse:
    """The form of one thing that can be followed; a POST follows it, or asks the address whether it wants to."""
    subject = subject_of(kind, request.GET.dict())
    if request.method != "POST":
        return _form(request, subject, _standing(request, subject))
    wish = posted_wish(request)
    try:
        return HttpResponseRedirect(_follow(request, subject, wish))
    except Refusal as refusal:
        return _form(request, subject, wish, refusal.violations)


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "web/follow_asked.html", {"crumbs": crumbs("查收邮件")})


@never_cache
@FORM
def confirm_contact(request: HttpRequest, token: str) -> HttpResponse:
    at = platform_now()
    context: dict[str, object]
    try:
        no = tokens.read(tokens.CONFIRM, token, at)
        if request.method == "POST":
            by = actor_of(request) if request.user.is_authenticated else VISITOR
            contact = services.confirm_contact(by=by, at=at, token=token)
            context = {"is_done": True, "is_account": contact.account_id is not None}
        else:
            context = {"is_done": False, **_asked_for(token, no)}
    except NotVisible:
        return _over(request)
    return render(request, "web/follow_confirm.html", {**context, "crumbs": crumbs("确认订阅")})


@csrf_exempt
@never_cache
@FORM
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The link is the right to it: mail programs send the POST themselves (RFC 8058), and may send it twice."""
    at = platform_now()
    try:
        no = tokens.read(tokens.END, token, at)
    except NotVisible as error:
        raise Http404("link") from error
    title, is_done = "", request.method == "POST"
    try:
        if is_done:
            _end(no, token)
        else:
            title = _ending(no, token)
    except NotVisible:
        is_done = True
    context = {"title": title, "is_done": is_done, "crumbs": crumbs("退订")}
    return render(request, "web/follow_end.html", context)


@never_cache
@FORM
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """All subscriptions of one address, without an account."""
    try:
        contact = selectors.contact_by_link(tokens.MANAGE, token, platform_now())
    except NotVisible:
        return _over(request)
    holder = selectors.holder_of(contact)
    violations: tuple[Violation, ...] = ()
    if request.method == "POST":
        try:
            _change(request, holder)
        except NotVisible as error:
            raise Http404("subscription") from error
        except Refusal as refusal:
            violations = refusal.violations
        else:
            is_left = selectors.subscriptions(holder)
            return HttpResponseRedirect(request.path) if is_left else render(
                request, "web/follow_end.html", {"is_done": True, "crumbs": crumbs("退订")}
            )  # fmt: skip
    context = {
        "rows": show.subscription_rows(selectors.subscriptions(holder), may_do_without_mail=False),
        "address": selectors.shown_address(contact),
        "violations": violations,
        "crumbs": crumbs("管理订阅"),
    }
    return render(request, "web/follow_manage.html", context, status=400 if violations else 200)


def posted_wish(request: HttpRequest) -> Wish:
    return show.wish_of(request.POST.getlist("moments"), request.POST.get("mail", ""))


def crumbs(label: str) -> list[dict[str, str]]:
    return [{"label": "首页", "href": "/"}, {"label": label, "href": ""}]


def _follow(request: HttpRequest, subject: Subject, wish: Wish) -> str:
    """Where to go afterwards."""
    at = platform_now()
    if isinstance(request.user, Account):
        row = services.subscribe(
            by=actor_of(request), at=at, account_id=request.user.pk, subject=subject, wish=wish
        )  # fmt: skip
        return f"{DESK}?followed={row.subscription_no}"
    services.request_subscription(
        by=VISITOR, at=at, address=request.POST.get("address", ""), subject=subject, wish=wish,
        origin=address_of(request) or "",
    )  # fmt: skip
    return "/follow/asked"


def _form(
    request: HttpRequest, subject: Subject, wish: Wish, violations: tuple[Violation, ...] = ()
) -> HttpResponse:  # fmt: skip
    user = request.user
    contact = selectors.contact_of(user.pk) if isinstance(user, Account) else None
    is_followed = isinstance(user, Account) and selectors.following(Holder(user.pk), subject.kind, subject.no)
    context = {
        "subject": subject,
        "subject_href": show.href_of(subject),
        "wish": show.wish_inputs(wish, may_do_without_mail=isinstance(user, Account)),
        "is_person": isinstance(user, Account),
        "is_followed": bool(is_followed),
        "address": selectors.shown_address(contact) if contact and selectors.is_reachable(contact) else "",
        "address_input": {
            "name": "address", "label": "邮件地址", "type": "email", "required": True, "autocomplete": "email",
            "value": request.POST.get("address", ""), "hint": "确认邮件发到这里，按其中的链接确认后才开始提醒。",
        },
        "mail_is_on": selectors.mail_is_on(),
        "sms_absence": selectors.sms_absence(),
        "next": request.get_full_path(),
        "violations": violations,
        "crumbs": crumbs("关注"),
    }  # fmt: skip
    return render(request, "web/follow.html", context, status=400 if violations else 200)


def _standing(request: HttpRequest, subject: Subject) -> Wish:
    if isinstance(request.user, Account):
        known = selectors.following(Holder(request.user.pk), subject.kind, subject.no)
        if known is not None:
            return Wish(tuple(known.moments), known.mail)
    return show.first_wish()


def _asked_for(token: str, no: str) -> dict[str, object]:
    """What is confirmed: one subscription, or the address of an account."""
    at = platform_now()
    if no.startswith("F"):
        row = selectors.by_link(tokens.CONFIRM, token, at)
        return {"title": row.title, "words": moment_words(row.moments), "is_account": False}
    contact = selectors.contact_by_link(tokens.CONFIRM, token, at)
    return {"title": selectors.shown_address(contact), "words": "", "is_account": True}


def _ending(no: str, token: str) -> str:
    if no.startswith("F"):
        return selectors.by_link(tokens.END, token, platform_now()).title
    selectors.contact_by_link(tokens.END, token, platform_now())
    return "发往这个地址的全部提醒"


def _end(no: str, token: str) -> None:
    at = platform_now()
    if no.startswith("F"):
        services.unsubscribe(by=VISITOR, at=at, subscription_no=no)
    else:
        contact = selectors.contact_by_link(tokens.END, token, at)
        services.end_contact(by=VISITOR, at=at, holder=selectors.holder_of(contact))


def _change(request: HttpRequest, holder: Holder) -> None:
    at, no = platform_now(), request.POST.get("subscription", "")
    act = request.POST.get("act", "")
    if act == "end-all":
        services.end_contact(by=VISITOR, at=at, holder=holder)
    elif act == "end":
        services.unsubscribe(by=VISITOR, at=at, subscription_no=no, holder=holder)
    else:
        wish = posted_wish(request)
        services.change_subscription(by=VISITOR, at=at, holder=holder, subscription_no=no, wish=wish)


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "web/follow_over.html", {"crumbs": crumbs("链接已失效")}, status=404)
