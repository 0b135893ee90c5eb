"""The project page and, at a version, the notice page: one template, one order, every notice of the project on it.

Reads renditions, journal positions and derived state; judges nothing. What does not exist is a 404 with a search box.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tradehall.disclosure.query import parse_query
from tradehall.disclosure.suggestions import direct_hit
from tradehall.journal import selectors as journal
from tradehall.journal.clock import platform_now
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible
from tradehall.reference.lines import installed_line
from tradehall.tenders import selectors as tenders
from tradehall.web.presenters import detail_page
from tradehall.web.presenters.detail_page import Due, Evidence, Page, Rendition
from tradehall.web.presenters.prices import price_words
from tradehall.web.presenters.stated import stated_rows

BANNER_OF_STATE = {"suspended": "suspended", "ended": "terminated"}


@require_safe
def project(request: HttpRequest, project_no: str) -> HttpResponse:
    try:
        notices = tenders.project_notices(project_no)
    except NotVisible:
        notices = []
    if not notices:
        return _elsewhere(request, project_no)
    return _page(request, notices, notices[-1], as_project=True)


@require_safe
def lot(request: HttpRequest, lot_no: str) -> HttpResponse:
    """A lot is shown on its project's page, by our number or by the unified deal code."""
    try:
        found = tenders.lot(lot_no)
    except NotVisible:
        return _elsewhere(request, lot_no)
    return project(request, found.project_id)


@require_safe
def notice(request: HttpRequest, notice_no: str, version: int | None = None) -> HttpResponse:
    try:
        focus = tenders.rendition(notice_no, version)
    except NotVisible:
        return _elsewhere(request, notice_no)
    notices = tenders.project_notices(str(focus["project_no"]))
    return _page(request, notices, focus, as_project=False)


def _elsewhere(request: HttpRequest, number: str) -> HttpResponse:
    """A number used in the wrong address leads to the right one; an unknown one is a 404 that offers a search."""
    target = direct_hit(parse_query({"q": number}))
    if target is None or target == request.path:
        raise Http404(number)
    return HttpResponseRedirect(target)


def _page(
    request: HttpRequest, notices: list[tenders.Rendition], focus: Rendition, *, as_project: bool
) -> HttpResponse:
    at = platform_now()
    project_no = str(focus["project_no"])
    about = installed_line(str(focus["line"]))
    state, steps = tenders.state_and_chain(project_no, notices, at)
    newest: Rendition = next((n for n in notices if n["notice_no"] == focus["notice_no"]), focus)
    page = Page(
        focus=focus,
        newest=int(newest["version"]),
        notices=notices,
        state=state,
        line_name=about.name,
        principal_word=about.words["principal"],
    )
    due = detail_page.closing(notices)
    evidence = _evidence(focus)
    context = {
        "page": page,
        "focus": focus,
        "as_project": as_project,
        "is_superseded": int(focus["version"]) < page.newest,
        "state_banner": BANNER_OF_STATE.get(page.state[0]),
        "crumbs": _crumbs(page, as_project),
        "due": due,
        "closing_label": detail_page.closing_label(str(focus["line"])),
        "facts": detail_page.fact_strip(page),
        "chain": detail_page.chain_items(steps, _counts(notices), _due_words(due, at)),
        "changes": detail_page.changes(page),
        "change_count": detail_page.change_count(page),
        "earlier": [number for number in range(page.newest, 0, -1)],
        "results": detail_page.results(page),
        "files": detail_page.files(page),
        "lots": detail_page.lot_rows(page),
        "stated": stated_rows(focus["facts"]),
        "timeline": detail_page.timeline(page, at),
        "proof": detail_page.authenticity(page, evidence),
        "shown_time": detail_page.shown_time(focus),
        "price": price_words(focus["amount"]),
    }
    context |= _words(page, context, at) | {"panes": _panes(context)}
    return render(request, "web/detail.html", context)


def _words(page: Page, context: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The sentences and addresses that the template only places."""
    focus, due = page.focus, context["due"]
    number, version = focus["notice_no"], focus["version"]
    over = bool(due) and due[0] <= at
    return {
        "superseded_words": f"本版本（v{version}）已被 v{page.newest} 取代，原文保留供查阅。",
        "newest_href": f"/n/{number}",
        "change_words": f"已变更 {context['change_count']} 次",
        "attempt_words": f"第 {focus['attempt']} 次",
        "unified_code": next((lot["unified_code"] for lot in context["lots"] if lot["unified_code"]), None),
        "due_ahead": not over,
        "countdown_label": ("已经截止" if over else f"距{context['closing_label']}") + "（以平台时间为准）",
        "was_note": "已变更" if due and due[1] else "",
        "due_href": f"/n/{due[2]}" if due else "",
        "calendar_href": f"/notices.ics?q={number}",
        "follow_href": f"/follow/project?no={focus['project_no']}",
        "feed_href": f"/notices.atom?q={focus['project_no']}",
        "ocds_href": f"/api/v1/ocds/records/{settings.OCID_PREFIX}-{focus['project_no']}",
        "against_words": f"v{focus['replaces']}" if focus["replaces"] else "变更前",
        "compare_href": f"/n/{number}/compare?to={version}" if focus["replaces"] else "",
        "corrections": [n for n in page.notices if n["stage"] == "change"],
        "parties": [fact for fact in context["facts"] if fact.get("href")],
    }


def _evidence(focus: Rendition) -> Evidence:
    number, version = str(focus["notice_no"]), int(focus["version"])
    found = tenders.version_of(number, version)
    position = journal.position_of(Ref("notice", number, version))
    return Evidence(found.digest_sha256, found.digest_sm3, position - 1 if position else None, found.recorded_at)


def _counts(notices: Sequence[Rendition]) -> dict[str, int]:
    changed = sum(1 for rendition in notices if rendition["stage"] == "change")
    changed += sum(int(rendition["version"]) - 1 for rendition in notices)
    return {"change": changed} if changed > 1 else {}


def _due_words(due: Due | None, at: datetime) -> str | None:
    return f"截止 {detail_page.short_minute(due[0])}" if due and due[0] > at else None


def _crumbs(page: Page, as_project: bool) -> list[dict[str, str]]:
    focus = page.focus
    trail = [
        {"label": "首页", "href": "/"},
        {"label": page.line_name, "href": f"/notices?line={focus['line']}"},
        {"label": focus["kind_label"], "href": f"/notices?line={focus['line']}&kind={focus['kind']}"},
    ]
    return [*trail, {"label": "项目详情" if as_project else f"公告 {focus['notice_no']}", "href": ""}]


def _panes(context: dict[str, Any]) -> list[dict[str, Any]]:
    """The tabs of the detail page, in the order of the information architecture; empty ones say so inside."""
    counted = (
        ("text", "公告正文", None),
        ("changes", "变更对比", context["change_count"]),
        ("files", "文件", len(context["files"])),
        ("lots", "标段与要素", len(context["lots"])),
        ("results", "开评标与结果", len(context["results"])),
        ("objections", "异议投诉", None),
    )
    return [{"label": label, "count": count, "href": f"#{name}"} for name, label, count in counted]
