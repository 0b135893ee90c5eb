"""Coming in with a certificate, and the certificates of one's own account.

Two answers in JSON for signing tools, the same two steps as pages without script. The JSON ones need no CSRF token: what
protects them is said in docs/threats.md.
"""

import base64
import binascii
import json
import logging
from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tradehall.accounts import certificate_reads, certificates, challenges, lockout, origins, signing
from tradehall.accounts.models import Account
from tradehall.accounts.views.around import person as actor
from tradehall.crypto import sm2
from tradehall.crypto.certificates import Person
from tradehall.journal.clock import platform_now
from tradehall.kernel.refusal import Refusal, Stale, Violation, refuse_if
from tradehall.kernel.times import rfc3339
from tradehall.ui.api_errors import error, plain_error

LOG = logging.getLogger(__name__)
LOG.info("SM2 by %s", sm2.provider().name)
LARGEST = 256 * 1024
VISIT_S = 900
SOON = timedelta(days=30)
# Longer than any login: a certificate is public, and whoever shows it must not be able to lock its holder out.
NOBODY = "a certificate was shown; whose it is counts only once the key is proved"
FIELDS = {"chain_pem", "signature_der_base64"}
UNREADABLE = Violation(
    "body", "请求内容须是 JSON 对象，且只有 chain_pem 和 signature_der_base64 两个文本字段；证书未被接受。"
)
NOT_BASE64 = Violation(
    "signature_der_base64", "签名不是 Base64 文本；证书未被接受，请重新编码。", field="signature_der_base64"
)
FOREIGN = "请求来自别的网站的页面；证书未被接受，请在本平台的页面或您的签名工具中操作。"


# ── for signing tools ──────────────────────────────────────────────────────────────────────────────────────────────
@csrf_exempt
@never_cache
@require_POST
def challenge(request: HttpRequest) -> HttpResponse:
    """Thirty-two bytes to sign, for this browser session and this site."""
    if origins.is_foreign(request):
        return error(403, "foreign_origin", FOREIGN)
    made = challenges.issue(
        at=timezone.now(), session_key=_session_key(request), site_url=origins.site_of(request), use=challenges.SIGN_IN
    )
    return JsonResponse({"challenge": made.value, "expires_at": rfc3339(made.expires_at)})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The page; and for tools, chain and signature in JSON."""
    if request.method != "POST":
        return _entrance(request, ())
    if origins.is_foreign(request):
        return error(403, "foreign_origin", FOREIGN)
    if request.content_type != "application/json":
        return plain_error(415)
    try:
        chain, signature = _body(request)
        found = _come_in(request, chain, signature)
    except Refusal as refused:
        first = refused.violations[0]
        status = 400 if first in (UNREADABLE, NOT_BASE64) else 403
        return error(status, first.code, str(refused), field=first.field)
    answer = {"name": found.name, "login": found.login, "href": signing.own_address(request, request.GET.get("next"))}
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


def _body(request: HttpRequest) -> tuple[str, bytes]:
    try:
        stated: Any = json.loads(request.body[:LARGEST])
    except (ValueError, RecursionError) as bad:
        raise Refusal([UNREADABLE]) from bad
    is_right = isinstance(stated, dict) and set(stated) == FIELDS and all(isinstance(v, str) for v in stated.values())
    refuse_if([] if is_right else [UNREADABLE])
    return stated["chain_pem"], _decoded(stated["signature_der_base64"])


# ── the pages ──────────────────────────────────────────────────────────────────────────────────────────────────────
@never_cache
@require_POST
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """The same as the tool's second step, from the form of the page."""
    try:
        chain, signature = _form(request)
        _come_in(request, chain, signature)
    except Refusal as refused:
        return _entrance(request, refused.violations)
    return HttpResponseRedirect(signing.own_address(request, request.POST.get("next")))


@never_cache
@require_safe
@signing.signed_in
def own(request: HttpRequest) -> HttpResponse:
    """One's own certificates, the first to expire first."""
    bound, now = certificate_reads.certificates(signing.account(request)), timezone.now()
    return render(request, "accounts/certificates.html", {"certificates": bound, "now": now, "soon": now + SOON})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signing.require_recent
def bind_certificate(request: HttpRequest) -> HttpResponse:
    """Only after a fresh proof of who one is: whoever finds an open screen must not leave his own key in the door."""
    violations: tuple[Violation, ...] = ()
    if request.method == "POST":
        try:
            chain, signature = _form(request)
            holder = _holder(request, chain, signature, challenges.BIND)
            account = signing.account(request)
            certificates.bind_certificate(by=actor(request), at=platform_now(), account=account, person=holder)
            return HttpResponseRedirect("/account/certificates")
        except Refusal as refused:
            violations = refused.violations
        except Stale:
            violations = (certificates.TAKEN,)
    return _sheet(request, "accounts/bind_certificate.html", challenges.BIND, violations)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signing.require_recent
def unbind_certificate(request: HttpRequest, sha256: str) -> HttpResponse:
    """Asks first; then the certificate comes in no more, and what it had opened is closed."""
    account = signing.account(request)
    bound = [one for one in certificate_reads.certificates(account) if one.sha256 == sha256]
    if not bound:
        raise Http404(sha256)
    if request.method == "POST":
        this = signing.current(request)
        certificates.unbind_certificate(by=actor(request), at=platform_now(), account=account, sha256=sha256)
        if this is not None and this.certificate_sha256 == sha256:
            logout(request)
        return HttpResponseRedirect("/account/certificates")
    return render(request, "accounts/unbind_certificate.html", {"certificate": bound[0]})


@require_safe
def roots(request: HttpRequest) -> HttpResponse:
    """Every root the platform trusts."""
    return HttpResponse(certificate_reads.roots_pem(), content_type="application/x-pem-file; charset=utf-8")


# ── what both share ────────────────────────────────────────────────────────────────────────────────────────────────
def _come_in(request: HttpRequest, chain: str, signature: bytes) -> Account:
    """Signed in, or stronger than before for whoever was in already. Another's session on this browser ends first."""
    holder = _holder(request, chain, signature, challenges.SIGN_IN)
    found = _noting_refusal(request, holder)
    if request.user.is_authenticated and signing.account(request).pk == found.pk:
        signing.prove(request, amr=["sc"], certificate=holder.sha256)
        return found
    if request.user.is_authenticated:
        get_adapter(request).logout(request)
    signing.enter(request, found, amr=["sc"], certificate=holder.sha256)
    return found


def _holder(request: HttpRequest, chain: str, signature: bytes, use: str) -> Person:
    try:
        return certificates.prove_holder(
            at=timezone.now(), session_key=_session_key(request), use=use, chain_pem=chain, signature=signature
        )
    except Refusal as refused:
        _note(request, refused)
        raise


def _noting_refusal(request: HttpRequest, holder: Person) -> Account:
    try:
        return certificates.account_of(holder)
    except Refusal as refused:
        _note(request, refused)
        raise


def _note(request: HttpRequest, refused: Refusal) -> None:
    """Which rule said no, to the log; that somebody was refused, beside the other failed attempts. Nothing he sent."""
    LOG.warning("certificate refused: %s", ", ".join(violation.code for violation in refused.violations))
    lockout.note(request, NOBODY, "certificate")


def _session_key(request: HttpRequest) -> str:
    """Of a visitor too: his session is made now, and forgotten soon if nobody signs in with it."""
    if not request.session.session_key:
        request.session.create()
        request.session.set_expiry(VISIT_S)
    return str(request.session.session_key)


def _form(request: HttpRequest) -> tuple[str, bytes]:
    """Typed or chosen as files; a file wins over what is typed."""
    chain, signature = request.FILES.get("chain_file"), request.FILES.get("signature_file")
    text = chain.read(LARGEST).decode("utf-8", "replace") if chain else request.POST.get("chain_pem", "")
    made = signature.read(LARGEST) if signature else _decoded(request.POST.get("signature_der_base64", ""))
    return text, made


def _decoded(text: str) -> bytes:
    """Line breaks are allowed: tools put them in."""
    try:
        made = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as bad:
        raise Refusal([NOT_BASE64]) from bad
    refuse_if([] if made else [NOT_BASE64])
    return made


def _entrance(request: HttpRequest, violations: tuple[Violation, ...]) -> HttpResponse:
    return _sheet(request, "accounts/certificate_sign_in.html", challenges.SIGN_IN, violations)


def _sheet(request: HttpRequest, template: str, use: str, violations: tuple[Violation, ...]) -> HttpResponse:
    """The form that shows what to sign, with what was typed. A spent challenge has been replaced by a new one."""
    shown = challenges.standing(
        at=timezone.now(), session_key=_session_key(request), site_url=origins.site_of(request), use=use
    )
    typed = request.POST or (signing.kept(request) if use == challenges.BIND else None) or request.POST
    is_same = typed.get("challenge") == shown.value
    values = {
        "chain_pem": typed.get("chain_pem", "")[:LARGEST],
        "signature_der_base64": typed.get("signature_der_base64", "")[:LARGEST] if is_same else "",
    }
    context = {
        "challenge": shown, "fields": _fields(values), "violations": violations,
        "is_new": bool(violations) and not is_same,
        "target": signing.own_address(request, request.POST.get("next") or request.GET.get("next")),
    }  # fmt: skip
    return render(request, template, context, status=400 if violations else 200)


def _fields(values: dict[str, str]) -> list[dict[str, object]]:
    """Each of the two as text or as a file."""
    chain = ("证书链", "PEM 格式，本人证书在前，上级证书在后；与下面的文件任选其一")
    made = ("签名", "DER 格式的签名，Base64 编码；与下面的文件任选其一")
    return [
        {"name": "chain_pem", "label": f"{chain[0]}文本", "hint": chain[1], "type": "textarea", "value": values["chain_pem"]},
        {"name": "chain_file", "label": f"{chain[0]}文件", "type": "file"},
        {
            "name": "signature_der_base64", "label": f"{made[0]}文本", "hint": made[1], "type": "textarea",
            "value": values["signature_der_base64"],
        },
        {"name": "signature_file", "label": f"{made[0]}文件", "type": "file"},
    ]  # fmt: skip
