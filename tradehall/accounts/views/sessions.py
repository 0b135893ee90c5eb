"""One's own account: how one comes in, where one is signed in, and the way out of all of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.views import PasswordChangeView
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tradehall.accounts import selectors, services, signing
from tradehall.accounts.devices import device_name
from tradehall.accounts.models import Account, SignIn
from tradehall.accounts.views.around import honest, noting_ways, person
from tradehall.accounts.views.entrance import hall
from tradehall.journal.clock import platform_now

WAYS = {
    "pwd": "口令", "otp": "动态码", "hwk": "通行密钥", "user": "本人验证", "sc": "数字证书", "mfa": "两步",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """One browser session that is signed in, as its owner sees it."""

    sid: str
    signed_in_at: datetime
    seen_at: datetime
    address: str
    device: str
    ways: str
    is_this: bool


@never_cache
@require_safe
@signing.signed_in
def home(request: HttpRequest) -> HttpResponse:
    account = signing.account(request)
    factors = list(Authenticator.objects.filter(user_id=account.pk).order_by("created_at"))
    codes = next((one for one in factors if one.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "account": account,
        "sign_in": signing.current(request),
        "totp": next((one for one in factors if one.type == Authenticator.Type.TOTP), None),
        "passkeys": [one for one in factors if one.type == Authenticator.Type.WEBAUTHN],
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "hall": hall(),
        "linked": SocialAccount.objects.filter(user_id=account.pk).exists(),
        "sessions": len(_standing(request)),
    }
    return render(request, "accounts/account.html", context)


@never_cache
@require_safe
@signing.signed_in
def sessions(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/sessions.html", {"sessions": _standing(request), "account": request.user})


@require_http_methods(["GET", "POST"])
@signing.signed_in
@signing.by_post("结束这次登录")
def end_sign_in(request: HttpRequest, sid: str) -> HttpResponse:
    found = next((one for one in selectors.sign_ins(signing.account(request)) if one.sid == sid), None)
    if found is None:
        raise Http404
    is_this = found == signing.current(request)
    services.end_sign_in(at=timezone.now(), sign_in=found)
    if is_this:
        logout(request)
    return HttpResponseRedirect(settings.LOGIN_URL if is_this else "/account/sessions")


@require_POST
@signing.signed_in
def end_all_sign_ins(request: HttpRequest) -> HttpResponse:
    """With `spare=this` the browser at hand stays."""
    spare = request.session.session_key if request.POST.get("spare") == "this" else None
    account = signing.account(request)
    services.end_all_sign_ins(by=person(request), at=platform_now(), account=account, spare=spare)
    if spare is None:
        logout(request)
    return HttpResponseRedirect("/account/sessions" if spare else settings.LOGIN_URL)


@never_cache
@signing.signed_in
def password(request: HttpRequest) -> HttpResponse:
    """A changed password ends every other sign-in: whoever knew the old one is out."""
    account, before = signing.account(request), request.session.session_key or ""
    answer = honest(PasswordChangeView.as_view(template_name="accounts/password.html"))(request)
    if request.method == "POST" and answer.status_code == 302:
        after = request.session.session_key or ""
        services.move_sign_in(from_key=before, to_key=after)
        services.end_all_sign_ins(by=person(request), at=platform_now(), account=account, spare=after)
        signing.remember(request, selectors.sign_in_of(after))
    return answer


@require_http_methods(["GET", "POST"])
@signing.require_recent
@signing.by_post("解除与统一身份认证的关联")
@noting_ways
def unlink_hall(request: HttpRequest) -> HttpResponse:
    SocialAccount.objects.filter(user_id=signing.account(request).pk).delete()
    return HttpResponseRedirect("/account")


@require_safe
def stay(request: HttpRequest) -> HttpResponse:
    """Asked by the page when its person wants to go on: being asked is what keeps the session."""
    seconds = settings.SESSION_COOKIE_AGE if request.user.is_authenticated else 0
    return JsonResponse({"seconds": seconds}, headers={"Cache-Control": "no-store"})


def _standing(request: HttpRequest) -> list[Standing]:
    account, this = signing.account(request), signing.current(request)
    seen = _seen(account)
    rows = [one for one in selectors.sign_ins(account) if one.session_hash in seen]
    return [_row(one, seen[one.session_hash], one == this) for one in rows]


def _seen(account: Account) -> dict[str, datetime]:
    """The browser sessions that have not run out, by the hash of their key, and when each was last used."""
    keys = [one.session_key for one in UserSession.objects.filter(user_id=account.pk)]
    life = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    alive = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return {selectors.session_hash(one.session_key): one.expire_date - life for one in alive}


def _row(one: SignIn, seen_at: datetime, is_this: bool) -> Standing:
    ahead = platform_now() - timezone.now()  # a demonstration's clock may be moved; the page shows one clock only
    ways: Any = [WAYS.get(way, way) for way in one.amr]
    return Standing(
        sid=one.sid,
        signed_in_at=one.signed_in_at + ahead,
        seen_at=max(seen_at, one.signed_in_at) + ahead,
        address=one.address or "未知",
        device=device_name(one.device),
        ways="、".join(ways) or "统一身份认证",
        is_this=is_this,
    )
