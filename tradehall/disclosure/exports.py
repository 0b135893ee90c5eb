"""Lists as files: JSON to the letter, CSV that spreadsheets open, Atom, iCalendar.

Bytes out; makes no addresses of its own.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode
from xml.etree import ElementTree

from tradehall.kernel.money import format_yuan
from tradehall.kernel.times import format_minute, rfc3339, to_beijing
from tradehall.reference.lines import line
from tradehall.tenders.kinds import STAGES

from .listing import Item
from .search import Page

ATOM = "http://www.w3.org/2005/Atom"
COLUMNS = (
    "编号", "项目编号", "标题", "类型", "市场", "环节", "地区", "发布时间", "截止时间", "原截止时间",
    "金额（元）", "币种", "招标人", "版本", "来源", "网址",
)  # fmt: skip
ZONE = (
    "BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "BEGIN:STANDARD", "DTSTART:19910915T010000", "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800", "TZNAME:CST", "END:STANDARD", "END:VTIMEZONE",
)  # fmt: skip
EVENT_NAMES = {"closing": "截止", "opening": "开标", "auction": "竞价", "review": "公示截止"}


def item_json(item: Item) -> dict[str, object]:
    value: dict[str, object] = {} if item.notice_no is None else {"notice_no": item.notice_no}
    names = ("project_no", "title", "kind", "line", "stage", "district")
    value |= {name: getattr(item, name) for name in names}
    value |= {
        "published_at": rfc3339(item.published_at),
        "closes_at": rfc3339(item.closes_at) if item.closes_at else None,
        "amount": item.amount, "currency": item.currency, "principal": item.principal,
        "href": item.href, "project_href": item.project_href,
    }  # fmt: skip
    return value | {"version": item.version, "source": item.source}


def list_json(page: Page, path: str) -> bytes:
    """`path` is the list's own, without suffix: `/search`."""
    following = page.page < page.pages
    value = {
        "total": page.total,
        "total_is_exact": page.total_is_exact,
        "page": page.page,
        "pages": page.pages,
        "next": f"{path}.json?{urlencode(page.query.parameters(page=page.page + 1))}" if following else None,
        "facets": {name: {facet.value: facet.count for facet in facets} for name, facets in page.facets.items()},
        "items": [item_json(item) for item in page.items],
    }
    return json.dumps(value, ensure_ascii=False).encode()


def list_csv(items: Iterable[Item], base: str = "") -> bytes:
    """Opens in a spreadsheet with Chinese intact; a cell that a spreadsheet would run as a formula is quoted."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for item in items:
        writer.writerow([_cell(value) for value in _columns(item, base)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _columns(item: Item, base: str) -> list[object]:
    closing = [format_minute(moment) if moment else "" for moment in (item.closes_at, item.moved_from)]
    amount = "" if item.amount is None else format_yuan(item.amount).replace(",", "")
    return [
        item.notice_no or "", item.project_no, item.title, *_words(item),
        item.district_name or item.district or "", format_minute(item.published_at), *closing, amount, item.currency,
        item.principal or "", item.version or "", item.source, base + item.href,
    ]  # fmt: skip


def _words(item: Item) -> tuple[str, str, str]:
    """Kind, market and stage as people say them; the JSON has their codes."""
    found = line(item.line)
    market = found.name if found else item.line
    return item.kind_label or item.kind, market, STAGES.get(item.stage, item.stage)


def _cell(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _xml_text(text: str) -> str:
    return "".join(
        char
        for char in text
        if char in "\t\n\r" or " " <= char <= "\ud7ff" or "\ue000" <= char <= "\ufffd" or char > "\uffff"
    )


def list_atom(items: Iterable[Item], *, title: str, base: str, address: str, now: datetime) -> bytes:
    """An entry's id is the notice with its version, so a new version is a new entry in every reader."""
    entries = list(items)
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    updated = max((item.published_at for item in entries), default=now)
    for name, text in (("title", title), ("id", base + address), ("updated", rfc3339(updated))):
        ElementTree.SubElement(feed, f"{{{ATOM}}}{name}").text = _xml_text(text)
    ElementTree.SubElement(feed, f"{{{ATOM}}}link", rel="self", href=base + address)
    for item in entries:
        _entry(feed, item, base)
    return ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)


def _entry(feed: ElementTree.Element, item: Item, base: str) -> None:
    entry = ElementTree.SubElement(feed, f"{{{ATOM}}}entry")
    version = f"/v/{item.version}" if item.version else ""
    moved = _moved_words(item)
    texts: Mapping[str, str] = {
        "title": item.title + moved, "id": base + item.href + version, "updated": rfc3339(item.published_at),
        "published": rfc3339(item.published_at),
        "summary": f"{item.kind_label or item.kind} {item.principal or ''} {moved}".strip(),
    }  # fmt: skip
    for name, text in texts.items():
        ElementTree.SubElement(entry, f"{{{ATOM}}}{name}").text = _xml_text(text)
    ElementTree.SubElement(entry, f"{{{ATOM}}}link", href=base + item.href)
    author = ElementTree.SubElement(entry, f"{{{ATOM}}}author")
    ElementTree.SubElement(author, f"{{{ATOM}}}name").text = _xml_text(item.source)


def _moved_words(item: Item) -> str:
    if item.closes_at is None or item.moved_from is None:
        return ""
    return f"（截止 {format_minute(item.closes_at)}，原为 {format_minute(item.moved_from)[5:]}）"


def calendar_ics(events: Iterable[tuple[str, datetime, Item]], *, host: str, now: datetime) -> bytes:
    """Events as (kind of `EVENT_NAMES`, moment, item)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{host}//tradehall//ZH", "CALSCALE:GREGORIAN", *ZONE]
    for kind, moment, item in events:
        local = to_beijing(moment).strftime("%Y%m%dT%H%M%S")
        number = item.notice_no or item.project_no
        lines += [
            "BEGIN:VEVENT", f"UID:{number}-{kind}@{host}", f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;TZID=Asia/Shanghai:{local}", f"DTEND;TZID=Asia/Shanghai:{local}",
            f"SUMMARY:{_ics_text(EVENT_NAMES[kind] + ' ' + item.title)}", f"URL:https://{host}{item.href}",
            f"SEQUENCE:{(item.version or 1) - 1}", "END:VEVENT",
        ]  # fmt: skip
    return "".join(_fold(line) + "\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def list_ics(items: Iterable[Item], *, host: str, now: datetime) -> bytes:
    dates = [("closing", "closes_at"), ("opening", "opens_at"), ("review", "review_until")]
    found = [(kind, getattr(item, name), item) for item in items for kind, name in dates if getattr(item, name)]
    return calendar_ics(found, host=host, now=now)


def _ics_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return " ".join(escaped.split())


def _fold(line: str) -> str:
    """At most 75 octets a line, never inside a character."""
    parts, size = [""], 0
    for char in line:
        width = len(char.encode())
        if size + width > 74:
            parts.append(" ")
            size = 1
        parts[-1] += char
        size += width
    return "\r\n".join(parts)
