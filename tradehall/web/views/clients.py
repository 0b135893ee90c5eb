"""The desk of centre staff for systems that sign people in through us: list, register, disable. A secret is seen once."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tradehall.accounts import signing
from tradehall.accounts.oidc import clients, logout
from tradehall.accounts.oidc.clients import NewClient
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import NotVisible, Refusal, Violation
from tradehall.reference.lines import lines
from tradehall.web.acting import actor_of, only

STAFF = ("centre", "administrator")
# Name, label, hint. Several addresses stand one a line.
ADDRESSES = (
    ("redirect", "回调地址", "每行一个，https；本机可用 http://127.0.0.1"),
    ("backchannel", "后台退出通知地址", "用户退出时平台向它发送 logout_token"),
    ("logout", "退出后返回地址", "每行一个"),
    ("start", "入口地址", "点开后开始登录的地址；不填时用回调地址的根"),
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only(*STAFF)
@signing.require_recent(to_read=False)
def client_desk(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    try:
        made = _register(request, actor_of(request))
    except Refusal as refusal:
        return _page(request, violations=refusal.violations)
    return _page(request, made=made)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only(*STAFF)
@signing.require_recent
@signing.by_post("停用接入系统")
def disable(request: HttpRequest, client_id: str) -> HttpResponse:
    try:
        clients.disable_client(by=actor_of(request), at=platform_now(), client_id=client_id)
    except NotVisible as absent:
        raise Http404 from absent
    return HttpResponseRedirect("/desk/clients")


def _register(request: HttpRequest, by: Actor) -> NewClient:
    stated = request.POST
    return clients.register_client(
        by=by, at=platform_now(), name=stated.get("name", ""), redirects=stated.get("redirect", "").split(),
        backchannel=stated.get("backchannel", "").strip(), logouts=stated.get("logout", "").split(),
        start=stated.get("start", "").strip(), line=stated.get("line") or None, public=stated.get("kind") == "public",
    )  # fmt: skip


def _page(
    request: HttpRequest, *, violations: tuple[Violation, ...] = (), made: NewClient | None = None
) -> HttpResponse:
    shown = [
        {"system": one, "redirects": one.client.get_redirect_uris(), "last": logout.last_delivery(one)}
        for one in clients.client_systems()
    ]
    back = signing.kept(request) if request.method != "POST" else None
    given: Mapping[str, Any] = {} if made else back or request.POST
    context = {"systems": shown, "made": made, "violations": violations, "inputs": _inputs(given)}
    return render(request, "web/clients.html", context, status=400 if violations else 200)


def _inputs(given: Mapping[str, Any]) -> list[dict[str, Any]]:
    kinds = [("confidential", "有自己的服务器，能保守密钥"), ("public", "公共客户端，没有密钥")]
    markets = [("", "不属于单一市场"), *((line.code, line.name) for line in lines())]
    return [
        {"name": "name", "label": "名称", "required": True, "value": given.get("name", "")},
        {"name": "line", "label": "市场", "required": True, "choices": markets, "value": given.get("line", "")},
        *(
            {
                "name": name,
                "label": label,
                "hint": hint,
                "type": "textarea" if "每行" in hint else "url",
                "required": name == "redirect",
                "value": given.get(name, ""),
            }
            for name, label, hint in ADDRESSES
        ),
        {"name": "kind", "label": "种类", "required": True, "choices": kinds, "value": given.get("kind", "")},
    ]
