"""Organisations named in public notices, by code or, without one, by name. One organisation's page is in `parties`."""

import csv
import io
import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tradehall.disclosure import selectors
from tradehall.disclosure.organisations import OrganisationItem, OrganisationPage
from tradehall.journal.clock import platform_now
from tradehall.kernel.times import format_minute, rfc3339
from tradehall.web import formats
from tradehall.web.presenters.addresses import address

ROLE_WORDS = {
    "principal": "招标采购出让方", "agency": "代理机构", "winner": "中标成交方", "candidate": "候选人",
    "bidder": "投标竞买人", "supplier": "合同相对方",
}  # fmt: skip


@require_safe
def orgs(request: HttpRequest, suffix: str = "") -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100]
    role = request.GET.get("role") if request.GET.get("role") in ROLE_WORDS else None
    given = {"q": words, "role": role}
    number = request.GET.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    if suffix == "csv":
        return formats.answer(orgs_csv(words, role), "csv", "orgs")
    found = selectors.organisations(words, page, role)
    if suffix == "json":
        return formats.answer(orgs_json(found, given), "json", "orgs")
    if suffix:
        raise Http404(suffix)
    context = {
        "q": words,
        "role": role,
        "found": found,
        "table": table(found, role),
        "roles": [{"title": "角色", "items": role_links(words, role)}],
        "file_query": address("", given),
        "at": platform_now(),
        "crumbs": [{"label": "首页", "href": "/"}, {"label": "主体信用", "href": ""}],
    }
    return render(request, "web/orgs.html", context)


def role_links(words: str, role: str | None) -> list[dict[str, object]]:
    every = [("", "全部角色"), *ROLE_WORDS.items()]
    return [
        {"label": label, "href": address("/orgs", {"q": words, "role": code}), "current": (role or "") == code}
        for code, label in every
    ]


def table(found: OrganisationPage, role: str | None) -> dict[str, object]:
    shown = ["principal", "agency", "winner", "supplier"]
    if role and role not in shown:
        shown = [role, *shown[:3]]
    columns = [{"label": "名称"}, {"label": "统一社会信用代码"}, {"label": "项目", "right": True}]
    columns += [{"label": ROLE_WORDS[name], "right": True} for name in shown]
    columns.append({"label": "最近公告"})
    rows = [
        [
            {"text": item.name, "href": item.href, "nowrap": True},
            {"text": item.uscc or "未报送，按名称归集", "nowrap": True},
            *({"text": str(count), "right": True} for count in (item.projects, *(item.counts.get(name, 0) for name in shown))),
            {"text": format_minute(item.published_at)[:10], "nowrap": True},
        ]
        for item in found.items
    ]  # fmt: skip
    return {"label": "主体", "columns": columns, "rows": rows}


def orgs_json(found: OrganisationPage, given: dict[str, str | None]) -> bytes:
    following = address("/orgs.json", {**given, "page": found.page + 1}) if found.page < found.pages else None
    value = {
        "total": found.total, "total_is_exact": True, "page": found.page, "pages": found.pages, "next": following,
        "items": [item_json(item) for item in found.items],
    }  # fmt: skip
    return json.dumps(value, ensure_ascii=False).encode()


def item_json(item: OrganisationItem) -> dict[str, object]:
    return {
        "no": item.no, "name": item.name, "uscc": item.uscc, "projects": item.projects, "roles": item.counts,
        "published_at": rfc3339(item.published_at), "href": item.href,
    }  # fmt: skip


def orgs_csv(words: str, role: str | None) -> bytes:
    """The whole list up to the stated number of rows."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["名称", "统一社会信用代码", "项目", *ROLE_WORDS.values(), "最近公告", "网址"])
    page, written = 1, 0
    while written < formats.CSV_ROWS:
        found = selectors.organisations(words, page, role)
        for item in found.items:
            counts = [item.counts.get(name, 0) for name in ROLE_WORDS]
            writer.writerow(
                [
                    _plain(item.name),
                    item.uscc or "",
                    item.projects,
                    *counts,
                    format_minute(item.published_at),
                    item.href,
                ]
            )
        written += len(found.items)
        if page >= found.pages:
            break
        page += 1
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
