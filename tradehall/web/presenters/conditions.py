"""The conditions of a list in words: chips to remove, hints with one click, facets, orders and the filter form. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from tradehall.disclosure.query import STATES, Note, Query
from tradehall.disclosure.search import Facet, Page
from tradehall.kernel.money import format_yuan
from tradehall.reference.lines import Line
from tradehall.tenders.kinds import KINDS, METHODS, STAGES, kind_label
from tradehall.web.presenters.addresses import address, with_changes

Row = dict[str, Any]
Lines = Mapping[str, Line]

SORTS = {"newest": "最新发布", "closing": "最近截止", "amount": "金额最高", "relevance": "标题最相关"}
GROUPS = {"line": "市场", "stage": "环节", "kind": "公告类型", "district": "地区"}
FACETS_SHOWN = 12
WARNING_CODES = frozenset({"unknown_value", "bad_date", "bad_amount", "too_long", "too_many_words", "cut", "past_end"})
LINKS = {
    "district_word": "取消地区条件", "drop": "去掉这个条件", "drop_word": "去掉这个词", "typo": "按建议检索",
    "cut": "继续检索更早的", "sorted_part": "改按发布时间排序", "past_end": "回到第 1 页",
}  # fmt: skip


def chips(path: str, query: Query, lines: Lines, districts: Mapping[str, str]) -> list[Row]:
    """Every chosen condition as a chip that takes it away."""
    found = [(name, _chosen(name, value, query, lines, districts)) for name, value in query.given.items()]
    return [
        {"label": label, "href": with_changes(path, query, **{name: None}), "removable": True}
        for name, label in found
        if label
    ]


def _chosen(name: str, value: str, query: Query, lines: Lines, districts: Mapping[str, str]) -> str:
    named: dict[str, Mapping[str, str]] = {
        "line": {code: line.name for code, line in lines.items()},
        "stage": STAGES,
        "kind": {code: _kind(code, query.line, lines) for code in KINDS},
        "method": METHODS,
        "state": STATES,
    }
    if name in named:
        return named[name].get(value, "")
    if name == "district":
        return _place(value, districts)
    words = {"q": "关键词：{}", "principal": "招标采购出让方：{}", "from": "发布不早于 {}", "to": "发布不晚于 {}"}
    if name in words:
        return words[name].format(value)
    cents = {"amount_min": query.amount_min, "amount_max": query.amount_max}.get(name)
    edge = "不低于" if name == "amount_min" else "不高于"
    return f"金额{edge} {format_yuan(cents)} 元" if cents is not None else ""


def _place(value: str, districts: Mapping[str, str]) -> str:
    if value == "none":
        return "未注明地区"
    is_only = value.startswith("only-")
    codes = value.removeprefix("only-").split(",")
    names = "、".join(dict.fromkeys(districts.get(code, code) for code in codes))
    return f"{names}（不含下辖）" if is_only else names


def _kind(code: str, line: str | None, lines: Lines) -> str:
    return kind_label(line, code) if line in lines and line else KINDS[code].label


def hints(path: str, page: Page) -> list[Row]:
    """What the reader should know about this answer, each with the one click that acts on it."""
    return [_hint(path, page.query, note) for note in page.notes]


def _hint(path: str, query: Query, note: Note) -> Row:
    tone = "warn" if note.code in WARNING_CODES else "info"
    row: Row = {"text": note.message, "tone": tone, "href": "", "link": ""}
    changes: dict[str, str | None] = {}
    if note.code in ("typo", "drop_word"):
        changes = {"q": note.instead}
    elif note.code == "cut":
        changes = {"to": note.instead}
    elif note.drop:
        changes = {note.drop: None}
    if changes:
        row |= {"href": with_changes(path, query, **changes), "link": LINKS.get(note.code, "去掉这个条件")}
    return row


def facets(path: str, page: Page, lines: Lines) -> list[Row]:
    groups = [_group(path, page.query, name, page.facets.get(name, ()), lines) for name in GROUPS]
    return [group for several in groups for group in several if group["items"]]


def _group(path: str, query: Query, name: str, found: Iterable[Facet], lines: Lines) -> list[Row]:
    """The commonest values open, the rest folded below; together they add up to the total."""
    items = [_facet(path, query, name, facet, lines) for facet in found]
    first = {"title": GROUPS[name], "open": True, "items": items[:FACETS_SHOWN]}
    rest = {"title": f"其余{GROUPS[name]}（{len(items) - FACETS_SHOWN}）", "open": False, "items": items[FACETS_SHOWN:]}
    return [first, rest]


def _facet(path: str, query: Query, name: str, facet: Facet, lines: Lines) -> Row:
    value = facet.value
    is_chosen = bool(value) and query.given.get(name) == value
    label = facet.label
    if name == "line" and facet.value in lines:
        label = lines[facet.value].name
    if name == "kind" and facet.value in KINDS:
        label = _kind(facet.value, query.line, lines)
    target = with_changes(path, query, **{name: None if is_chosen or not value else value})
    return {"label": label, "count": facet.count, "href": target, "current": is_chosen}


def sorts(path: str, query: Query) -> list[Row]:
    shown = [name for name in SORTS if name != "relevance" or query.words]
    return [
        {"label": SORTS[name], "href": with_changes(path, query, sort=name), "current": query.sort == name}
        for name in shown
    ]


def form(path: str, query: Query) -> Row:
    """The conditions that are typed, and the chosen ones that a new submission must keep."""
    typed = ("state", "method", "principal", "from", "to", "amount_min", "amount_max")
    given = {name: query.given.get(name, "") for name in typed}
    kept = [(name, value) for name, value in query.given.items() if name not in (*typed, "page")]
    return {
        "path": path,
        "given": {**given, "since": given["from"], "until": given["to"]},
        "kept": kept,
        "typed": [(name, value) for name, value in given.items() if value],
        "states": [("", "不限"), *((code, label) for code, label in STATES.items())],
        "methods": [("", "不限"), *METHODS.items()],
    }


def views(query: Query) -> list[Row]:
    """The same conditions over notices or over projects."""
    words = (("notices", "公告"), ("projects", "项目"))
    return [
        {"label": label, "href": with_changes(f"/{view}", query), "current": query.view == view}
        for view, label in words
    ]


def empty(path: str, page: Page) -> Row:
    """Nothing found: what was asked, and the one condition whose removal finds something."""
    thing = "项目" if page.query.view == "projects" else "公告"
    ways = [_hint(path, page.query, note) for note in page.notes if note.code in ("typo", "drop", "drop_word")]
    advice = next((way for way in ways if way["href"]), None)
    if advice:
        return {"title": f"没有符合全部条件的{thing}", **advice}
    text = "可以减少关键词、放宽日期或金额，或者看看全部。"
    return {"title": f"没有符合条件的{thing}", "text": text, "href": address(path, {}), "link": "清除全部条件"}
