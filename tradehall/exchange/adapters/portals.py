"""What single portals write inside a full-text notice: parties, prices, dates, lots. Read as stated, judged nowhere."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tradehall.exchange.adapters import parts
from tradehall.exchange.adapters.blocks import labelled
from tradehall.exchange.adapters.prices import price_of
from tradehall.exchange.adapters.rows import Reading, amount, clean, drop_empty
from tradehall.exchange.adapters.words import method_in
from tradehall.kernel.money import Price
from tradehall.kernel.times import rfc3339
from tradehall.tenders.reports import LotClaim


@dataclass(slots=True)
class Told:
    project: str = ""
    code: str = ""
    principal: str = ""
    agency: str = ""
    method: str | None = None
    published: tuple[datetime, str] | None = None
    closes_at: datetime | None = None
    opens_at: datetime | None = None
    amount: Price | None = None
    amount_label: str | None = None
    lots: tuple[LotClaim, ...] = ()
    reason: str = ""
    facts: dict[str, object] = field(default_factory=dict)


def read(reading: Reading, source_id: str, kind: str, title: str, text: str) -> Told:
    fields = reading.mapping("fields")
    if "lots" in fields:
        return _land_deals(reading, fields, text)
    told = _labels(reading, text)
    _stated_fields(reading, fields, told)
    if kind in ("candidates", "result") and source_id.startswith("yc-"):
        _yichang(reading, kind, text, told)
    if kind in ("failure", "termination"):
        told.facts["ending"] = "废标" if kind == "failure" else "终止"
    told.facts = drop_empty(told.facts)
    return told


def _labels(reading: Reading, text: str) -> Told:
    told = Told(
        project=labelled(
            text, "项目名称", "采购项目名称", "原公告的采购项目名称", "招标项目名称", "工程名称", "标的名称"
        )[:300],
        code=labelled(text, "项目编号", "采购项目编号", "原公告的采购项目编号", "招标编号", r"标段（包）编号")[:80],
        principal=labelled(text, "采购人名称", "采购人", "招标人", "建设单位")[:200],
        agency=labelled(text, "采购代理机构", "招标代理机构", "招标机构", "代理机构")[:200],
        method=method_in(labelled(text, "采购方式", "招标方式")),
    )
    told.closes_at = _instant(labelled(text, "递交投标文件截止时间", "投标文件递交截止时间", "响应文件提交截止时间"))
    told.opens_at = _instant(labelled(text, "开标时间"))
    told.facts["basis"] = None
    for label, key in (("预算金额", "budget_cents"), ("最高限价", "ceiling_cents"), ("招标控制价", "ceiling_cents")):
        price = price_of(re.sub(r"[（(].*$", "", labelled(text, label)))
        if price is not None and price.form == "amount":
            told.facts.setdefault(key, price.cents)
    deal = re.search(r"(?:交易价格|成交价格)[:：]\s*([\d.,]+)\s*[（(]万元[)）]", text)
    if deal:
        told.amount, told.amount_label = amount(reading.cents_of(deal.group(1), "text", wan=True)), "成交价"
        traded = _instant(labelled(text, "成交日期").split(" ")[0])
        told.facts["traded_on"] = traded.date().isoformat() if traded else None
    return told


def _instant(text: str) -> datetime | None:
    found = parts.claimed(text)
    return found[0] if found else None


def _stated_fields(reading: Reading, fields: dict[str, object], told: Told) -> None:
    told.principal = (
        clean(fields.get("采购人名称") or fields.get("招标人") or fields.get("建设单位"))[:200] or told.principal
    )
    told.method = method_in(clean(fields.get("招标方式"))) or told.method
    supplier = clean(fields.get("中标（成交）供应商名称"))
    if supplier:
        told.facts["supplier"] = {"name": supplier[:200], "uscc": None}
    if stated := clean(fields.get("合同金额")):
        told.amount, told.amount_label = price_of(stated), "合同金额"
        if told.amount and told.amount.cents == 0:
            reading.find("zero_amount", "合同金额为 0 元，按来源原样公开", "合同金额", stated)
    signed = parts.claimed(clean(fields.get("合同签署时间")))
    told.facts["signed_at"] = rfc3339(signed[0]) if signed else None
    told.facts["expected_on"] = parts.month_of(clean(fields.get("预计招标时间")))
    estimate = price_of(clean(fields.get("投资额")).removeprefix("约").strip())
    if estimate and estimate.form == "amount":
        told.facts["estimate_cents"] = estimate.cents
    named = fields.get("中标候选人")
    if isinstance(named, list):
        pairs = [(clean(one.get("名称")), clean(one.get("报价"))) for one in named if isinstance(one, dict)]
        told.facts["candidates"] = parts.candidates(reading, pairs)


def _yichang(reading: Reading, kind: str, text: str, told: Told) -> None:
    if kind == "result":
        winner, stated = labelled(text, "中标人"), labelled(text, r"中标价\(元\)")
        words = stated or labelled(text, r"中标价\(报价承诺\)", r"中标价\(%\)")
        price = price_of(words)
        told.facts["winners"] = parts.winners([(winner, price)])
        told.amount, told.amount_label = price, "中标价"
        told.facts.update(quality=labelled(text, "质量目标"), period=labelled(text, r"履约期限\(天\)"))
        told.project = labelled(text, r"标段\(包\)名称")[:300] or told.project
        return
    names = _cells(text, "中标候选人名称")
    prices = _cells(text, r"投标报价(?:\(元/%\))?")
    told.facts["candidates"] = parts.candidates(reading, list(zip(names, prices + [""] * len(names), strict=False)))
    parts.review_period(reading, text, told.facts)


def _cells(text: str, label: str) -> list[str]:
    found = re.search(rf"^{label} \| (.+)$", text, re.MULTILINE)
    return [cell.strip() for cell in found.group(1).split(" | ")] if found else []


def _land_deals(reading: Reading, fields: dict[str, object], text: str) -> Told:
    stated = fields.get("lots")
    lots = [lot for lot in stated if isinstance(lot, dict)] if isinstance(stated, list) else []
    told = Told(published=parts.claimed(labelled(text, "发布时间")), amount_label="成交价")
    winners: list[tuple[str, Price | None]] = []
    total: int | None = 0
    claims: list[LotClaim] = []
    for lot in lots:
        words = clean(lot.get("成交价(万元)"))
        cents = reading.cents_of(words, "成交价(万元)", wan=True) if words else None
        total = None if total is None or cents is None else total + cents
        winners.append((clean(lot.get("受让单位")), amount(cents)))
        claims.append(_land_lot(reading, lot, cents))
    told.lots = tuple(claims)
    told.amount = amount(total) if claims else None
    told.facts = drop_empty({"winners": parts.winners(winners), "ending": "成交"})
    told.project = " ".join(one.name for one in claims[:3])[:300]
    told.method = method_in(*(clean(lot.get("出让方式")) for lot in lots)) or None
    return told


def _land_lot(reading: Reading, lot: dict[str, object], cents: int | None) -> LotClaim:
    number, place = clean(lot.get("宗地编号")), clean(lot.get("地块位置"))
    announced, traded = parts.claimed(clean(lot.get("公告时间"))), parts.claimed(clean(lot.get("成交时间")))
    if announced and traded and traded[0] - announced[0] < timedelta(days=20):
        days = (traded[0] - announced[0]).days
        reading.find("L02", f"公告后 {days} 日即成交，少于二十日", "成交时间", clean(lot.get("成交时间")))
    facts = {
        "area_m2": parts.hectares(reading, clean(lot.get("面积(公顷)")), "面积(公顷)"),
        "land_use": clean(lot.get("土地用途")),
        "price_cents": cents,
        "traded_on": traded[0].date().isoformat() if traded else None,
        "supply_method": clean(lot.get("出让方式")),
    }
    return LotClaim(name=(place or number or "宗地")[:300], source_no=number or None, facts=drop_empty(facts))
