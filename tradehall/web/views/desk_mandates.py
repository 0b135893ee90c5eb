"""Mandates at the desk: what the organisation gave or holds, and the form by which a principal gives one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tradehall.accounts import signing
from tradehall.documents import services as documents
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import NotVisible, Refusal, Stale, Violation
from tradehall.kernel.times import to_beijing
from tradehall.parties import selectors as parties
from tradehall.parties import services
from tradehall.parties.mandates import MandateAt
from tradehall.reference.lines import line, lines
from tradehall.web.acting import actor_of, only
from tradehall.web.desk_doors import MANDATE_DESK
from tradehall.web.views.desk_grants import parse_day

DESK = "/desk/mandates"
TONES = {"current": "ok", "future": "info", "expired": "warn", "ended": "quiet"}
WORDS = ("agency_uscc", "line", "projects", "from_on", "until_on")
MOST_BYTES = 10 * 2**20
seen_by = only(*sorted(MANDATE_DESK))


@require_http_methods(["GET", "HEAD", "POST"])
@seen_by
@signing.require_recent(to_read=False)
def mandates(request: HttpRequest) -> HttpResponse:
    """The list; a POST gives one."""
    actor, at = actor_of(request), platform_now()
    if request.method != "POST":
        return _page(request, actor, at)
    try:
        _give(request, actor, at)
    except Refusal as refusal:
        return _page(request, actor, at, refusal.violations)
    return HttpResponseRedirect(DESK)


@require_http_methods(["GET", "HEAD", "POST"])
@seen_by
@signing.require_recent
@signing.by_post("终止委托")
def end_mandate(request: HttpRequest, mandate_no: str) -> HttpResponse:
    actor, at = actor_of(request), platform_now()
    reason = request.POST.get("reason", "")
    try:
        services.end_mandate(by=actor, at=at, mandate_no=mandate_no, reason=reason)
    except Refusal as refusal:
        return _page(request, actor, at, refusal.violations)
    except Stale as stale:
        return _page(request, actor, at, (Violation("stale", str(stale)),), status=409)
    except NotVisible as error:
        raise Http404(str(error)) from error
    return HttpResponseRedirect(DESK)


def _give(request: HttpRequest, actor: Actor, at: datetime) -> None:
    typed = _typed(request)
    today = to_beijing(at).date()
    from_on = parse_day(typed["from_on"], "from_on") or today
    until_on = parse_day(typed["until_on"], "until_on")
    if until_on is None:
        raise Refusal([Violation("day", "请填写截止日期", "until_on")])
    services.give_mandate(
        by=actor, at=at, agency_uscc=typed["agency_uscc"], from_on=from_on, until_on=until_on,
        lines=[typed["line"]] if typed["line"] else [], projects=typed["projects"].split(),
        document_sha256=_stored(request.FILES.get("document"), actor, at),
    )  # fmt: skip


def _stored(paper: UploadedFile | None, actor: Actor, at: datetime) -> str:
    """The digest of the paper; empty when none came, which the act refuses together with what else is wrong."""
    if paper is None:
        return ""
    if (paper.size or 0) > MOST_BYTES:
        raise Refusal([Violation("paper", f"委托书不能超过 {MOST_BYTES // 2**20} MB", "document")])
    return documents.store(content=paper.read(), name=paper.name or "委托书", by=actor, at=at).sha256


def _page(
    request: HttpRequest, actor: Actor, at: datetime, violations: Sequence[Violation] = (), status: int = 400
) -> HttpResponse:
    may_give = bool(actor.roles & {"principal", "steward"})
    context = {
        "mandates": [_row(one) for one in parties.mandates(actor.organisation or "", at)],
        "inputs": _inputs(request) if may_give else [],
        "violations": violations,
        "organisation": actor.organisation,
    }
    return render(request, "web/desk_mandates.html", context, status=status if violations else 200)


def _row(one: MandateAt) -> dict[str, Any]:
    named = [found.name for found in (line(code) for code in one.mandate.lines) if found]
    return {
        "row": one.mandate,
        "scope": "、".join([*named, *one.mandate.projects]),
        "state": one.label,
        "tone": TONES[one.state],
        "ending": one.ending.reason if one.ending else "",
        "may_end": one.state in ("current", "future"),
    }


def _typed(request: HttpRequest) -> dict[str, str]:
    """What was sent, or what was kept of it while its sender proved who he is."""
    sent = request.POST if request.method == "POST" else signing.kept(request) or request.POST
    return {name: sent.get(name, "").strip() for name in WORDS}


def _inputs(request: HttpRequest) -> list[dict[str, Any]]:
    typed = _typed(request)
    offered = [("", "只委托下列项目"), *((one.code, one.name) for one in lines())]
    inputs: list[dict[str, Any]] = [
        {
            "name": "agency_uscc",
            "label": "代理机构的统一社会信用代码",
            "required": True,
            "hint": "18 位；在“主体信用”页按名称查得到。",
        },
        {"name": "line", "label": "委托的交易类别", "choices": offered},
        {"name": "projects", "label": "委托的项目编号", "hint": "多个编号以空格分开；已选交易类别时可以不填。"},
        {"name": "from_on", "label": "起始日期", "hint": "留空表示今日。", "type": "date"},
        {"name": "until_on", "label": "截止日期", "required": True, "hint": "当日仍然有效。", "type": "date"},
    ]
    shown = [{**one, "value": typed[one["name"]]} for one in inputs]
    return [
        *shown,
        {
            "name": "document",
            "label": "签章的委托书",
            "type": "file",
            "required": True,
            "hint": "PDF 或 OFD，不超过 10 MB。",
        },
    ]
