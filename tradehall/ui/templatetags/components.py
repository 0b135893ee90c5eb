"""The inclusion tags: what each component needs beyond the values the page hands over. Loaded through `hall`.

Keys of the dicts are listed in the first line of each template in `ui/components/`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.templatetags.static import static

from tradehall.ui import rules
from tradehall.ui.context import now as platform_now
from tradehall.ui.tones import BANNERS, FORMATS, NOTE_ICONS

Item = Mapping[str, Any]
Items = Sequence[Item]
Context = dict[str, Any]
Component = Callable[..., Context]


def _items(items: Items, label: str = "") -> Context:
    return {"items": items, "label": label}


def _one(item: Item) -> Context:
    return {"item": item}


def market_card(item: Item, slim: bool = False) -> Context:
    return {"item": item, "slim": slim}


def tabs(items: Items, label: str = "", in_page: bool = False) -> Context:
    """Links; `in_page` ones (#id) become ARIA tabs where script runs."""
    return {"items": items, "label": label, "in_page": in_page}


def exports(path: str, formats: str = "atom csv json", query: str = "") -> Context:
    """`path` without suffix; the query of the list goes along, so that the file is the list shown."""
    links = [
        {"href": f"{path}.{f}{query if query != '?' else ''}", "label": FORMATS[f][0], "icon": FORMATS[f][1]}
        for f in formats.split()
    ]
    return {"links": links}


def button(
    text: str,
    href: str = "",
    tone: str = "o",
    size: str = "",
    icon_name: str = "",
    why_disabled: str = "",
    name: str = "",
    value: str = "",
) -> Context:
    """tone p primary, d danger, o outline, t text; a disabled button always says why."""
    return {
        "text": text,
        "href": href,
        "tone": tone,
        "size": size,
        "icon_name": icon_name,
        "why_disabled": why_disabled,
        "name": name,
        "value": value,
    }


def countdown(
    at: datetime,
    label: str = "距截止（以平台时间为准）",
    at_label: str = "截止时间",
    was: datetime | None = None,
    was_note: str = "",
    was_href: str = "",
) -> Context:
    now = platform_now()
    return {
        "at": at,
        "label": label,
        "at_label": at_label,
        "was": was,
        "was_note": was_note,
        "was_href": was_href,
        "tone": rules.urgency(at, now),
        "left": rules.split_left(at, now),
    }


def change_table(changes: Items, title: str = "", against: str = "", href: str = "") -> Context:
    """Each change: label, old, new; equal words are shown plain, the rest struck out or marked as new."""
    rows = []
    for change in changes:
        olds, news = rules.word_diff(str(change["old"] or ""), str(change["new"] or ""))
        rows.append({"label": change["label"], "olds": olds, "news": news})
    return {"rows": rows, "title": title or f"本次变更 {len(rows)} 处", "against": against, "href": href}


def chart(item: Item) -> Context:
    rows = [
        {
            "name": name,
            "values": [series["values"][at] for series in item["series"]],
            "href": (item.get("links") or {}) and item["links"][at],
        }
        for at, name in enumerate(item["categories"])
    ]
    return {"item": item, "rows": rows, "library": static("ui/vendor/echarts.common.min.js")}


def note(text: str, tone: str = "info", href: str = "", link: str = "") -> Context:
    return {"text": text, "tone": tone, "icon_name": NOTE_ICONS[tone], "href": href, "link": link}


def banner(kind: str, text: str = "", title: str = "", href: str = "", link: str = "") -> Context:
    word, tone, sign = BANNERS[kind]
    return {"title": title or word, "tone": tone, "icon_name": sign, "text": text, "href": href, "link": link}


def pagination(context: template.Context, page: int, pages: int) -> Context:
    return {"page": page, "pages": pages, "numbers": rules.page_numbers(page, pages), "request": context.get("request")}


def empty_state(title: str, text: str = "", href: str = "", link: str = "", icon_name: str = "search-x") -> Context:
    return {"title": title, "text": text, "href": href, "link": link, "icon_name": icon_name}


def error_state(reason: str, request_no: str = "", retry_href: str = "") -> Context:
    return {"reason": reason, "request_no": request_no, "retry_href": retry_href}


def skeleton(lines: int = 3) -> Context:
    return {"lines": range(lines * 2)}


def error_summary(violations: Sequence[object]) -> Context:
    """Violations of a Refusal (message, field, basis, suggestion); links to `#id_<field>`."""
    return {"violations": violations}


def field(item: Item, violations: Sequence[Any] = ()) -> Context:
    """item: name, label, type|choices|boxes, value (of boxes: those ticked), hint, required, readonly, autocomplete."""
    return {"item": item, "errors": [v for v in violations if getattr(v, "field", None) == item["name"]]}


def data_table(item: Item) -> Context:
    return {"item": item}


def notice_body(blocks: Items, label: str = "公告表格") -> Context:
    return {"blocks": blocks, "label": label}


def search_band(
    scopes: Sequence[tuple[str, str]] = (),
    hot: Items = (),
    q: str = "",
    title: str = "公告、项目、标的、主体，一次搜到",
) -> Context:
    return {"scopes": scopes, "hot": hot, "q": q, "title": title}


def copy_button(value: str, label: str) -> Context:
    return {"value": value, "label": label}


PLAIN: dict[Component, str] = {
    _items: (
        "number_strip chips facets notice_list opening_timeline auction_list calendar_days kpis facts chain timeline"
        " file_table breadcrumb definition_list action_bar role_cards plain_list contacts"
    ),
    _one: "authenticity notice_row",
}
OWN: tuple[Component, ...] = (
    market_card,
    tabs,
    exports,
    button,
    countdown,
    change_table,
    chart,
    note,
    banner,
    empty_state,
    error_state,
    skeleton,
    error_summary,
    field,
    data_table,
    notice_body,
    search_band,
    copy_button,
)


def add_components(register: template.Library) -> None:
    for make, names in PLAIN.items():
        for name in names.split():
            register.inclusion_tag(f"ui/components/{name}.html", name=name)(make)
    for make in OWN:
        register.inclusion_tag(f"ui/components/{make.__name__}.html", name=make.__name__)(make)
    register.inclusion_tag("ui/components/pagination.html", takes_context=True, name="pagination")(pagination)
