"""Lists of notices and projects: one search behind three addresses and five formats. Reads only; works without script."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tradehall.disclosure.query import Query, parse_query
from tradehall.disclosure.search import Page, search
from tradehall.disclosure.windows import Limits
from tradehall.journal.clock import platform_now
from tradehall.reference.lines import lines
from tradehall.reference.places import region
from tradehall.web import formats
from tradehall.web.presenters import conditions
from tradehall.web.presenters.addresses import query_of
from tradehall.web.presenters.rows import rows_of
from tradehall.web.subjects import follow_search

TITLES = {"search": "检索", "notices": "公告", "projects": "项目"}
# A file may take longer than a page, never for ever.
FILE_LIMITS = Limits(cap=formats.CSV_ROWS + 1, budget_ms=10_000, hard_ms=10_000)


@require_safe
def show(request: HttpRequest, name: str, suffix: str = "") -> HttpResponse:
    at = platform_now()
    query = parse_query(request.GET.dict(), "projects" if name == "projects" else "notices")
    if suffix:
        if suffix not in formats.TYPES:
            raise Http404(suffix)
        page = file_page(query, at, suffix)
        return formats.list_file(request, page, path=f"/{name}", suffix=suffix, title=title_of(name, page), now=at)
    page = search(query, at)
    if page.redirect:
        return HttpResponseRedirect(page.redirect)
    return render(request, "web/list.html", context_of(name, page, at))


def file_page(query: Query, at: datetime, suffix: str) -> Page:
    """Files never redirect: a number finds the rows that state it. CSV holds the whole list, whatever the page."""
    plain = replace(query, q="")
    if suffix != "csv":
        return search(plain, at)
    return search(replace(plain, page=1, size=formats.CSV_ROWS), at, FILE_LIMITS)


def title_of(name: str, page: Page) -> str:
    names = {line.code: line for line in lines()}
    chosen = [chip["label"] for chip in conditions.chips(f"/{name}", page.query, names, district_labels(page))]
    return " · ".join([TITLES[name], *chosen])


def district_labels(page: Page) -> dict[str, str]:
    chosen = {code: found.name for code in (f"{code:06d}" for code in page.query.districts) if (found := region(code))}
    return {**chosen, **{facet.value.removeprefix("only-"): facet.label for facet in page.facets.get("district", ())}}


def context_of(name: str, page: Page, at: datetime) -> dict[str, Any]:
    path = f"/{name}"
    by_code = {line.code: line for line in lines()}
    query = page.query
    return {
        "path": path,
        "title": title_of(name, page),
        "heading": TITLES[name],
        "q": query.given.get("q", ""),
        "page": page,
        "total_words": page.total if page.total_is_exact else page.total_words,
        "thing": "个项目" if query.view == "projects" else "条公告",
        "chips": conditions.chips(path, query, by_code, district_labels(page)),
        "hints": conditions.hints(path, page),
        "facets": conditions.facets(path, page, by_code),
        "sorts": conditions.sorts(path, query),
        "views": conditions.views(query),
        "form": conditions.form(path, query),
        "rows": rows_of(page.items, by_code, at),
        "empty": conditions.empty(path, page),
        "file_query": query_of(query),
        "follow_href": follow_search(query),
        "csv_words": formats.CSV_WORDS,
        "at": at,
        "crumbs": crumbs(name, query.given),
    }


def crumbs(name: str, given: Mapping[str, str]) -> list[dict[str, str]]:
    line = next((line for line in lines() if line.code == given.get("line")), None)
    above = [{"label": "首页", "href": "/"}]
    if line is None:
        return [*above, {"label": TITLES[name], "href": ""}]
    return [*above, {"label": TITLES[name], "href": f"/{name}"}, {"label": line.name, "href": ""}]
