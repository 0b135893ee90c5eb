"""The newest notices as a small page for an iframe of the government service hall, and as a JSON Feed. No script at all.

The only page of ours that may be framed, and only by the origin of the settings; everything else answers "nobody".
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tradehall.disclosure.listing import Item
from tradehall.disclosure.query import Query, parse_query
from tradehall.disclosure.search import Page, search
from tradehall.journal.clock import platform_now
from tradehall.kernel.times import rfc3339
from tradehall.reference.lines import lines
from tradehall.web.presenters.rows import rows_of

CONDITIONS = ("line", "district", "stage", "kind")
LEAST, MOST, USUAL = 3, 30, 8
NOBODY = "'none'"
VERSION = "https://jsonfeed.org/version/1.1"
POLICY = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    at, query = platform_now(), _query(request)
    page = search(query, at)
    context = {
        "rows": rows_of(page.items, {line.code: line for line in lines()}, at),
        "heading": _heading(query),
        "list_href": _list_address(query),
        "site_url": settings.SITE_URL,
        "at": at,
    }
    return framed(render(request, "web/widget.html", context))


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """JSON Feed 1.1; a page of the hall may read it from the browser."""
    query = _query(request)
    page = search(query, platform_now())
    answer = JsonResponse(
        feed_of(page, query), content_type="application/feed+json; charset=utf-8", json_dumps_params={"ensure_ascii": False}
    )  # fmt: skip
    if settings.HALL_ORIGIN:
        answer["Access-Control-Allow-Origin"] = settings.HALL_ORIGIN
    return answer


def framed(answer: HttpResponse) -> HttpResponse:
    """Names the hall and nobody else."""
    answer["Content-Security-Policy"] = f"{POLICY}; frame-ancestors {settings.HALL_ORIGIN or NOBODY}"
    return answer


def feed_of(page: Page, query: Query) -> dict[str, Any]:
    base = settings.SITE_URL
    return {
        "version": VERSION,
        "title": f"{settings.SITE_NAME}：{_heading(query)}",
        "home_page_url": _list_address(query),
        "feed_url": f"{base}/widget/notices.json{_suffix(query.parameters())}",
        "language": "zh-CN",
        "items": [_item(one) for one in page.items],
    }


def _item(one: Item) -> dict[str, Any]:
    named = {line.code: line.name for line in lines()}
    tags = (named.get(one.line), one.kind_label, one.district_name)
    return {
        "id": f"{settings.SITE_URL}{one.href}/v/{one.version}",
        "url": f"{settings.SITE_URL}{one.href}",
        "title": one.title,
        "content_text": "，".join(part for part in (one.principal, one.source) if part),
        "date_published": rfc3339(one.published_at),
        "tags": [tag for tag in tags if tag],
    }


def _query(request: HttpRequest) -> Query:
    """The conditions of the list, and how many; anything else is ignored, as on every page."""
    kept: Mapping[str, str] = {name: request.GET[name] for name in CONDITIONS if request.GET.get(name)}
    query = parse_query(kept)
    wanted = request.GET.get("count", "")
    count = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 4 else USUAL
    return replace(query, size=min(MOST, max(LEAST, count)))


def _heading(query: Query) -> str:
    chosen = next((line.name for line in lines() if line.code == query.line), "")
    return f"{chosen}最新公告"


def _list_address(query: Query) -> str:
    return f"{settings.SITE_URL}/notices{_suffix(query.parameters())}"


def _suffix(parameters: Mapping[str, str]) -> str:
    return f"?{urlencode(parameters)}" if parameters else ""
