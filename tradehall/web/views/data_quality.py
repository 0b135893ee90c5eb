"""The public figure of data quality: how complete, timely and valid what each connected system reports is."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tradehall.accounts import selectors as accounts
from tradehall.exchange import following
from tradehall.journal.clock import platform_now
from tradehall.kernel.times import rfc3339
from tradehall.web import formats
from tradehall.web.presenters import exchange_page as show

DAYS = {"1": "最近 24 小时", "7": "最近 7 天", "30": "最近 30 天"}


@require_safe
def quality(request: HttpRequest, suffix: str = "") -> HttpResponse:
    at = platform_now()
    days = request.GET.get("days") if request.GET.get("days") in DAYS else "7"
    since = at - timedelta(days=int(str(days)))
    rows = following.totals(since, at, only_public=True)
    names = {one.code: one.name for one in accounts.systems()}
    if suffix:
        return _file(rows, names, suffix)
    total = show.summed(rows)
    context = {
        "at": at,
        "table": show.quality_table(rows, names),
        "kpis": [
            {"label": "收下的公开记录", "value": total["accepted"], "unit": "条", "note": DAYS[str(days)]},
            *(
                {"label": label, "value": show.share(total[name], total["accepted"]), "unit": "", "note": "占收下的"}
                for name, label in show.SHARES.items()
            ),
        ],
        "chips": [
            {"label": label, "href": f"/figures/quality?days={code}", "current": code == days}
            for code, label in DAYS.items()
        ],
        "file_query": f"?days={days}",
        "definitions": show.DEFINITIONS,
        "crumbs": [
            {"label": "首页", "href": "/"},
            {"label": "交易数据", "href": "/figures"},
            {"label": "数据质量", "href": ""},
        ],
    }
    return render(request, "web/data_quality.html", context)


def _file(rows: list[dict[str, Any]], names: dict[str, str], suffix: str) -> HttpResponse:
    fields = ("system", *show.COLUMNS, *show.SHARES)
    if suffix == "json":
        items = [{name: row[name] for name in fields} | {"name": names.get(row["system"])} for row in rows]
        content = json.dumps({"at": rfc3339(platform_now()), "items": items}, ensure_ascii=False).encode()
    elif suffix == "csv":
        out = io.StringIO()
        csv.writer(out).writerows([fields, *([row[name] for name in fields] for row in rows)])
        content = b"\xef\xbb\xbf" + out.getvalue().encode()
    else:
        raise Http404(suffix)
    return formats.answer(content, suffix, "data-quality")
