"""A notice made on this platform → clean values of the data set of its kind: the way back of `mapping`.

Works from the published rendition alone, so nothing leaves that is not public. A kind that a line's part of the norm has
no data set for goes to the nearest one that carries a whole text, or not at all; `data_set_of` says which.
"""

from collections.abc import Mapping
from functools import cache

from tradehall.exchange.facts import SAME
from tradehall.exchange.mapping import NATURES, PURCHASE_MODES, TENDER_MODES
from tradehall.exchange.registry.load import data_sets
from tradehall.exchange.registry.shape import DataSet

# Kinds without a data set of their own in a line: where their whole text is carried instead.
_NEAREST = {
    "prequalification_notice": "tender_notice", "invitation": "tender_notice", "single_source_review": "tender_notice",
    "consultation": "plan", "suspension": "correction", "resumption": "correction", "termination": "failure",
    "failure": "termination", "allocation": "result", "correction": "tender_notice", "candidates": "result",
}  # fmt: skip
_FACT_OF = {name: fact for fact, name in SAME.items()}
_PRICE_FORMS = {"discount": "3", "unit_list": "4"}
Rendition = Mapping[str, object]


@cache
def data_set_of(line: str, kind: str) -> DataSet | None:
    """The first of the line with this kind, then the nearest; None when the norm carries nothing like it."""
    for wanted in (kind, _NEAREST.get(kind, "")):
        for one in data_sets().values():
            if one.meaning == "notice" and one.line == line and one.kind == wanted:
                return one
    return None


def values_of(data_set: DataSet, notice: Rendition, href: str) -> dict[str, object]:
    """Only what the notice says; names that a data set does not carry fall away when it is written."""
    values = {
        "title": notice["title"], "content": _body(notice["body"]), "published_at": notice["published_at"],
        "published_on": str(notice["published_at"])[:10], "project_name": notice["project_title"],
        "tender_project_name": notice["project_title"], "region": notice["district"], "trade_region": notice["district"],
        "classification": notice["classification"], "method": _method(data_set, notice["method"]),
        "opens_at": notice["opens_at"], "closes_at": notice["closes_at"], "reason": notice["reason"], "url": href,
        "nature": next((code for code, word in NATURES.items() if word == notice["nature"]), "1"),
    }  # fmt: skip
    code = notice["project_code"] or notice["project_no"]
    values |= {"project_code": code, "tender_project_code": code}
    for role in ("principal", "agency"):
        values |= _party(role, notice[role])
    return {**_facts(data_set, notice), **_amount(notice["amount"]), **values, **_lots(notice["lots"])}


def _facts(data_set: DataSet, notice: Rendition) -> dict[str, object]:
    facts = notice["facts"]
    if not isinstance(facts, dict):
        return {}
    found: dict[str, object] = {name: facts.get(fact) for name, fact in _FACT_OF.items()}
    winners = [one for one in facts.get("winners", ()) if isinstance(one, dict)]
    found["winner_name"] = ";".join(str(one["name"]) for one in winners)
    if len(winners) == 1:
        found["winner_code"] = winners[0].get("uscc")
    return found | _party("supplier", facts.get("supplier"))


def _amount(stated: object) -> dict[str, object]:
    if not isinstance(stated, dict):
        return {}
    if stated.get("form") == "amount":
        return {"amount": stated.get("cents"), "currency": "156" if stated.get("currency") == "CNY" else None}
    form = _PRICE_FORMS.get(str(stated.get("form")))
    return {"rate": stated.get("rate"), "other_price": stated.get("text"), "price_form": form}


def _lots(stated: object) -> dict[str, object]:
    lots = [one for one in stated if isinstance(one, dict)] if isinstance(stated, list) else []
    codes = [str(one["unified_code"]) for one in lots if one.get("unified_code")]
    found: dict[str, object] = {"lot_codes": ";".join(str(one["lot_no"]) for one in lots), "unified_codes": codes}
    if len(lots) == 1:
        found |= {"lot_code": lots[0]["lot_no"], "lot_name": lots[0]["name"], "unified_code": codes[0] if codes else ""}
    return found


def _party(role: str, stated: object) -> dict[str, object]:
    if not isinstance(stated, dict):
        return {}
    return {f"{role}_name": stated.get("name"), f"{role}_code": stated.get("uscc")}


def _method(data_set: DataSet, method: object) -> str | None:
    table = PURCHASE_MODES if data_set.line == "procurement" else TENDER_MODES
    return next((code for code, word in table.items() if word == method), None)


def _body(blocks: object) -> str:
    """Plain text; a table has one row a line."""
    parts = []
    for block in blocks if isinstance(blocks, list) else ():
        rows = block.get("rows")
        parts.append("\n".join("\t".join(map(str, row)) for row in rows) if rows else str(block.get("text", "")))
    return "\n".join(parts)
