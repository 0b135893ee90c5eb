"""Trade figures with their definitions: the same numbers on the home page, here, and as files."""

import csv
import io
import json
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tradehall.disclosure import counts, selectors
from tradehall.disclosure.figures import Figures, midnight
from tradehall.disclosure.suggestions import district_names
from tradehall.journal.clock import platform_now
from tradehall.reference.lines import lines
from tradehall.web import formats
from tradehall.web.presenters import figures_page as show
from tradehall.web.presenters.addresses import address

DEFINITIONS = (
    ("成交宗数、成交总额", ""),
    ("公告数", "统计期内发布的全部公告，按公告计，更正、结果、合同各计一条；不因项目而合并。"),
    ("异常终止", "统计期内发布的流标、废标、终止和投诉处理公告，按公告计。"),
    ("同比", "与上一年相同起止日期相比；本月未结束的，上年同期也只算到同一天。"),
)


@require_safe
def figures(request: HttpRequest, suffix: str = "") -> HttpResponse:
    version = selectors.projection_version()
    at = platform_now()
    first, after = span_of(request, at)
    line = next((line.code for line in lines() if line.code == request.GET.get("line")), None)
    found = counts.deals(at, midnight(first), midnight(after), line, version)
    if suffix:
        return figures_file(found, first, after, suffix)
    by_code = {line.code: line for line in lines()}
    names = district_names(bar.district for bar in found.bars if bar.district)
    given = {"from": request.GET.get("from"), "to": request.GET.get("to")}
    chips = [
        {"label": name, "href": address("/figures", {**given, "line": code}), "current": (line or "") == code}
        for code, name in [("", "全部市场"), *((each.code, each.name) for each in lines())]
    ]
    context = {
        "first": first,
        "last": after - timedelta(days=1),
        "at": at,
        "line": line,
        "chips": chips,
        "kpis": indicators(at, found, first, after, version, line),
        "months": show.monthly_chart(found, first, after, by_code, line),
        "places": show.district_chart(found, first, after, names, line),
        "month_table": show.month_table(found, first, after, by_code, line),
        "place_table": show.place_table(found, first, after, names, line),
        "definitions": [(name, text or found.definition) for name, text in DEFINITIONS],
        "file_query": address("", {"from": given["from"], "to": given["to"], "line": line}),
        "crumbs": [{"label": "首页", "href": "/"}, {"label": "交易数据", "href": ""}],
    }
    return render(request, "web/figures.html", context)


def span_of(request: HttpRequest, at: datetime) -> tuple[date, date]:
    """The days asked for, whole and in order, else the twelve months up to this one."""
    first, after = show.window(at)
    begin, end = _day(request.GET.get("from", "")), _day(request.GET.get("to", ""))
    chosen = begin or first, end + timedelta(days=1) if end else after
    return chosen if chosen[0] < chosen[1] and chosen[1].year - chosen[0].year <= 20 else (first, after)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2100 else None


def indicators(
    at: datetime, found: Figures, first: date, after: date, version: int, line: str | None = None
) -> list[dict[str, Any]]:
    """The four numbers that the home page shows as well."""
    same_days = min(midnight(after), at)
    before = counts.deals(at, _year_before(midnight(first)), _year_before(same_days), line, version)
    every, abnormal = counts.published(midnight(first), midnight(after), line, version)
    days = {
        "from": first.isoformat(),
        "to": (after - timedelta(days=1)).isoformat(),
        **({"line": line} if line else {}),
    }
    ended = {**days, "stage": "abnormal"}
    return [
        *show.deal_indicators(found, before, first, after, line),
        show.count_indicator("公告数", every, "条", "全部环节", address("/notices", days)),
        show.count_indicator("异常终止", abnormal, "条", "流标、废标、终止", address("/notices", ended)),
    ]


def _year_before(moment: datetime) -> datetime:
    day = 28 if (moment.month, moment.day) == (2, 29) else moment.day
    return moment.replace(year=moment.year - 1, day=day)


def figures_file(found: Figures, first: date, after: date, suffix: str) -> HttpResponse:
    if suffix == "json":
        content = json.dumps(show.as_json(found, first, after), ensure_ascii=False).encode()
    elif suffix == "csv":
        names = district_names(bar.district for bar in found.bars if bar.district)
        out = io.StringIO()
        csv.writer(out).writerows(show.as_rows(found, names, {line.code: line for line in lines()}))
        content = b"\xef\xbb\xbf" + out.getvalue().encode()
    else:
        raise Http404(suffix)
    return formats.answer(content, suffix, "figures")
