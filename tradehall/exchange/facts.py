"""Typed facts, the price and the lawful distances of a notice, read from clean values. Pure.

What breaks a rule of law is found here and published beside the notice, never refused.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from tradehall.exchange.registry.shape import DataSet
from tradehall.kernel.identifiers import is_uscc
from tradehall.kernel.money import Price
from tradehall.kernel.times import parse_claimed
from tradehall.tenders.reports import Finding

Values = Mapping[str, object]
CURRENCIES = {"156": "CNY", "344": "HKD", "392": "JPY", "826": "GBP", "840": "USD", "978": "EUR"}
LABELS = (("ceiling", "最高限价"), ("budget", "预算金额"), ("starting_price", "起始价"), ("estimate", "合同估算价"))
ENDINGS = {"failure": "流标", "termination": "终止"}
# Fact of a notice ← clean name, where the value is the same.
SAME = {
    "budget_cents": "budget", "ceiling_cents": "ceiling", "starting_price_cents": "starting_price",
    "deposit_cents": "deposit", "estimate_cents": "estimate", "area_m2": "area", "land_use": "land_use",
    "term_years": "term_years", "quality": "quality", "period": "period", "basis": "basis", "cause": "cause",
    "opening_place": "opening_place", "expected_on": "expected_on", "regulator": "regulator", "signed_at": "signed_at",
    "supply_method": "supply_method", "about_record": "about_record", "traded_on": "traded_on",
    "review_from": "review_from", "review_until": "review_until", "documents_from": "documents_from",
    "documents_until": "documents_until",
}  # fmt: skip


def facts_of(data_set: DataSet, values: Values, kind: str, price: Price | None) -> dict[str, object]:
    facts: dict[str, object] = {fact: values.get(name) for fact, name in SAME.items()}
    if kind in ("result", "other", "registration_notice"):
        facts["winners"] = _winners(values, price)
    if kind in ("contract", "acceptance"):
        facts["supplier"] = _supplier(values)
    facts["ending"] = ENDINGS.get(kind)
    return facts


def price_of(data_set: DataSet, values: Values, kind: str) -> tuple[Price | None, str]:
    """The price a notice is about: what was agreed for a result or contract, what is expected before that."""
    if data_set.amount and kind in ("result", "contract", "acceptance"):
        return _agreed(values), data_set.amount
    for name, label in LABELS:
        cents = values.get(name)
        if isinstance(cents, int):
            return Price("amount", cents=cents, currency=_currency(values)), data_set.amount or label
    return None, ""


def law_findings(data_set: DataSet, values: Values, kind: str) -> list[Finding]:
    found = []
    starts, ends = _at(values, "review_from"), _at(values, "review_until")
    if starts and ends and ends < starts:
        found.append(Finding("review_period", "公示结束早于开始", "PUBLICITY_END_TIME"))
    elif starts and ends and (ends.date() - starts.date()).days < 3:
        found.append(Finding("T16", "公示期少于 3 日（招标投标法实施条例第五十四条）", "PUBLICITY_END_TIME"))
    issued, closes = _at(values, "documents_from"), _at(values, "closes_at")
    is_tender = data_set.line == "works" and kind == "tender_notice"
    if is_tender and issued and closes and closes - issued < timedelta(days=20):
        message = "文件发出至投标截止少于 20 日（招标投标法第二十四条）"
        found.append(Finding("T04", message, "BID_DOC_REFER_END_TIME"))
    return found


def drop_empty(facts: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in facts.items() if value not in (None, "", [])}


def _agreed(values: Values) -> Price | None:
    cents, rate, other = values.get("amount"), values.get("rate"), values.get("other_price")
    form = str(values.get("price_form") or "")
    if isinstance(cents, int):
        return Price("amount", cents=cents, currency=_currency(values))
    if isinstance(rate, str) and len(rate.partition(".")[0]) <= 9 and len(rate.partition(".")[2]) <= 9:
        return Price("discount" if form == "3" else "rate", rate=rate)
    if isinstance(other, str) and other:
        return Price("unit_list" if form == "4" else "text", text=other)
    return None


def _currency(values: Values) -> str:
    return CURRENCIES.get(str(values.get("currency") or "156"), "CNY")


def _winners(values: Values, price: Price | None) -> list[dict[str, object]]:
    names = [one.strip() for one in str(values.get("winner_name") or "").split(";") if one.strip()]
    code = str(values.get("winner_code") or "")
    is_one = len(names) == 1
    uscc = code if is_one and is_uscc(code) else None
    stated = price.as_json() if price and is_one else None
    return [{"name": name, "uscc": uscc, "rank": None, "price": stated, "lot": None} for name in names]


def _supplier(values: Values) -> dict[str, object] | None:
    name, code = str(values.get("supplier_name") or ""), str(values.get("supplier_code") or "")
    return {"name": name, "uscc": code if is_uscc(code) else None} if name else None


def _at(values: Values, name: str) -> datetime | None:
    text = values.get(name)
    return parse_claimed(text)[0] if isinstance(text, str) else None
