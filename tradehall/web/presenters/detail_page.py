"""A project and one of its notices as the values the detail page shows. Pure: renditions in, dicts for components out.

One template serves the project page, a notice at its newest version and a superseded version; only the focus differs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tradehall.kernel.money import format_wan
from tradehall.kernel.names import mention_no
from tradehall.kernel.times import format_minute, parse_rfc3339
from tradehall.reference import lines
from tradehall.tenders.kinds import METHODS
from tradehall.web.presenters.prices import price_words
from tradehall.web.presenters.stated import stated_rows

Rendition = Mapping[str, Any]
Row = dict[str, Any]
Due = tuple[datetime, datetime | None, str]

PRICE_FACTS = (
    ("ceiling_cents", "最高限价"),
    ("budget_cents", "预算金额"),
    ("starting_price_cents", "起始价"),
    ("estimate_cents", "估算金额"),
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the log knows of the version in focus."""

    digest_sha256: str
    digest_sm3: str
    index: int | None
    sealed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the page needs: `newest` is the newest version number of the focus notice."""

    focus: Rendition
    newest: int
    notices: Sequence[Rendition]
    state: tuple[str, str, bool]
    line_name: str
    principal_word: str


def closing_label(line: str) -> str:
    about = lines.line(line)
    return about.words["closing"] if about else "截止"


def closing(notices: Sequence[Rendition]) -> Due | None:
    """The deadline that counts now, the one it was moved from, and the notice that set it."""
    for rendition in reversed(notices):
        if rendition["closes_at"]:
            was = rendition["moved_from"]
            return parse_rfc3339(rendition["closes_at"]), parse_rfc3339(was) if was else None, rendition["notice_no"]
    return None


def fact_strip(page: Page) -> list[Row]:
    """The six facts, in the order of the design; what no notice states is said to be unstated."""
    return [
        _price_fact(page),
        _money_fact(page, "deposit_cents", "保证金"),
        _party_fact(page, "principal", page.principal_word),
        _party_fact(page, "agency", "代理机构"),
        {"label": "交易方式", "value": _method_words(page)},
        {"label": "行政监督", "value": _newest_fact(page, "regulator")},
    ]


def _price_fact(page: Page) -> Row:
    for code, label in PRICE_FACTS:
        cents = _newest_fact(page, code)
        if cents is not None:
            return {"label": label, "value": format_wan(int(cents)), "unit": "万元", "num": True}
    amount = next((r["amount"] for r in reversed(page.notices) if r["amount"]), None)
    if amount and amount["form"] == "amount" and amount["cents"] is not None:
        return {
            "label": amount.get("label") or "金额",
            "value": format_wan(amount["cents"]),
            "unit": "万元",
            "num": True,
        }
    return {"label": "限价或预算", "value": price_words(amount) if amount else None}


def _money_fact(page: Page, code: str, label: str) -> Row:
    cents = _newest_fact(page, code)
    if cents is None:
        return {"label": label, "value": None}
    return {"label": label, "value": format_wan(int(cents)), "unit": "万元", "num": True}


def _party_fact(page: Page, role: str, label: str) -> Row:
    named = next((r[role] for r in reversed(page.notices) if r[role]), None)
    if not named:
        return {"label": label, "value": None}
    return {"label": label, "value": named["name"], "href": org_href(named)}


def _method_words(page: Page) -> str | None:
    code = next((r["method"] for r in reversed(page.notices) if r["method"]), None)
    return METHODS.get(code or "") or _newest_fact(page, "supply_method")


def _newest_fact(page: Page, code: str) -> str | None:
    """As text: money facts are whole cents and lose nothing."""
    return next((str(r["facts"][code]) for r in reversed(page.notices) if r["facts"].get(code) is not None), None)


def org_href(named: Mapping[str, Any]) -> str:
    return f"/org/{named.get('uscc') or mention_no(named['name'])}"


def chain_items(steps: Sequence[Any], counts: Mapping[str, int], at_words: str | None) -> list[Row]:
    """Done, current and future steps; a step nobody reported although a later one stands is 未报送."""
    last = max((place for place, step in enumerate(steps) if step.is_done), default=-1)
    items = []
    for place, step in enumerate(steps):
        state = "current" if step.is_current else "done" if step.is_done else "missing" if place < last else "future"
        note = step.on[5:] if step.on else ""
        if step.is_current and at_words:
            note = at_words
        href = f"/n/{step.notice_no}" if step.notice_no else None
        items.append({"label": step.label, "state": state, "note": note, "href": href, "count": counts.get(step.code)})
    return items


def timeline(page: Page, at: datetime) -> list[Row]:
    """Newest first, what is still to come on top."""
    rows = [_future(page, at)] if _future(page, at) else []
    for rendition in reversed(page.notices):
        current = rendition["notice_no"] == page.focus["notice_no"]
        rows.append(
            {
                "at": shown_time(rendition),
                "title": rendition["title"],
                "href": f"/n/{rendition['notice_no']}",
                "note": _timeline_note(rendition),
                "state": "current" if current else "past",
            }
        )
    return rows


def _future(page: Page, at: datetime) -> Row:
    due = closing(page.notices)
    if due is None or due[0] <= at:
        return {}
    return {"at": due[0], "title": closing_label(str(page.focus["line"])), "state": "future"}


def shown_time(rendition: Rendition) -> datetime | str:
    text = str(rendition["published_at"])
    return text[:10] if rendition["published_precision"] == "day" else parse_rfc3339(text)


def short_minute(moment: datetime) -> str:
    return format_minute(moment)[5:]


def _timeline_note(rendition: Rendition) -> str:
    parts = [rendition["kind_label"]]
    if rendition["attempt"] > 1:
        parts.append(f"第 {rendition['attempt']} 次")
    if rendition["version"] > 1:
        parts.append(f"已变更 {rendition['version'] - 1} 次")
    if rendition["moved_from"] and rendition["closes_at"]:
        moved = format_minute(parse_rfc3339(rendition["closes_at"]))
        parts.append(f"截止改为 {moved}，原为 {format_minute(parse_rfc3339(rendition['moved_from']))[5:]}")
    return "，".join(parts)


def results(page: Page) -> list[Row]:
    """Tables of winners, candidates and bidders of every notice that states them, newest first."""
    found = []
    for rendition in reversed(page.notices):
        for code, label, columns in PARTY_TABLES:
            rows = rendition["facts"].get(code) or []
            if rows:
                table = {
                    "label": label,
                    "columns": [{"label": c} for c in columns],
                    "rows": [_party_row(r) for r in rows],
                }
                found.append(
                    {
                        "title": f"{label}（{rendition['kind_label']}）",
                        "href": f"/n/{rendition['notice_no']}",
                        "table": table,
                    }
                )
    return found


PARTY_TABLES = (
    ("winners", "中标（成交、受让）人", ("名次", "名称", "标段或标的", "价格")),
    ("candidates", "候选人", ("名次", "名称", "得分", "报价")),
    ("bidders", "投标（响应、竞买）人", ("序", "名称", "备注", "报价")),
)


def _party_row(party: Mapping[str, Any]) -> list[Any]:
    middle = party.get("lot") or party.get("score") or party.get("note") or ""
    name = {"text": party["name"], "href": org_href(party)}
    return [str(party.get("rank") or ""), name, str(middle), price_words(party.get("price"))]


def changes(page: Page) -> list[Row]:
    return [dict(change) for change in page.focus["changes"]]


def change_count(page: Page) -> int:
    """Versions after the first of every notice, and separate correction notices."""
    later = sum(rendition["version"] - 1 for rendition in page.notices)
    return later + sum(rendition["kind"] == "correction" for rendition in page.notices)


def authenticity(page: Page, evidence: Evidence) -> Row:
    focus = page.focus
    address = f"/n/{focus['notice_no']}/v/{focus['version']}"
    principal = focus["principal"]
    return {
        "verdict": "",
        "owner": principal["name"] if principal else None,
        "source": focus["source"]["name"] or focus["source"]["system"],
        "sealed_at": evidence.sealed_at,
        "index": evidence.index,
        "sha256": evidence.digest_sha256,
        "sm3": evidence.digest_sm3,
        "proof_href": f"{address}/proof.json",
        "check_href": f"{address}/check",
        "version": focus["version"],
    }


def files(page: Page) -> list[Row]:
    """Attachments of every notice; a file with the name of a newer one is marked superseded and comes last."""
    seen: set[str] = set()
    rows = []
    for rendition in reversed(page.notices):
        for attachment in rendition["attachments"]:
            old = attachment["name"] in seen
            seen.add(attachment["name"])
            rows.append(
                {
                    **attachment,
                    "href": f"/n/{rendition['notice_no']}/v/{rendition['version']}/files/{attachment['sha256']}",
                    "note": f"{attachment['media_type']}，{rendition['kind_label']}",
                    "published_at": parse_rfc3339(rendition["published_at"]),
                    "superseded": old,
                }
            )
    return sorted(rows, key=lambda row: row["superseded"])


def lot_rows(page: Page) -> list[Row]:
    lots: dict[str, Mapping[str, Any]] = {}
    for rendition in page.notices:
        for lot in rendition["lots"]:
            lots[lot["lot_no"]] = {**lots.get(lot["lot_no"], {}), **lot}
    return [
        {"lot_no": no, "name": lot["name"], "unified_code": lot.get("unified_code"), "rows": stated_rows(lot)}
        for no, lot in lots.items()
    ]
