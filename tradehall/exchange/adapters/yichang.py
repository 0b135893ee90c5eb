"""Three companions of the Yichang notices, joined by id: parsed award fields, candidate fields, and the page itself.

They enrich a notice that is known; alone, each still tells title, date and kind, or is refused for want of them.
"""

import re

from tradehall.exchange.adapters import parts, words
from tradehall.exchange.adapters.page import page_blocks
from tradehall.exchange.adapters.prices import price_of
from tradehall.exchange.adapters.rows import Adapter, Reading, Row, clean, drop_empty
from tradehall.tenders.reports import Block, Named, NoticeReport, ProjectClaim

SYSTEM, PLATFORM = "yichang", "宜昌市公共资源交易中心"
PRICE_KEYS = ("中标价(元)", "中标价(报价承诺)", "中标价(%)")


def convert_award(row: Row) -> NoticeReport:
    reading = Reading(row)
    title = reading.text("title", required=True, limit=500)
    when = reading.when("date", required=True)
    fields = {key: clean(value) for key, value in reading.mapping("fields").items()}
    key = next((key for key in PRICE_KEYS if fields.get(key)), "")
    stated = fields.get(key, "")
    if key == PRICE_KEYS[0] and re.fullmatch(r"-?[\d.,]+", stated):
        reading.cents_of(stated, key)
    reading.done()
    assert when is not None
    price = price_of(f"{stated}%" if key == "中标价(%)" and "%" not in stated else stated)
    winner = fields.get("中标人", "")
    if not winner or price is None or price.form != "amount":
        reading.find("no_amount", "来源没有以金额形式报送中标价", key or PRICE_KEYS[0], stated)
    code = fields.get("标段(包)编号", "")
    facts = drop_empty(
        {
            "winners": parts.winners([(winner, price)]),
            "quality": fields.get("质量目标", "")[:500],
            "period": fields.get("履约期限(天)", "")[:200],
        }
    )
    pairs = [[key, value] for key, value in fields.items() if key and value]
    return NoticeReport(
        system=SYSTEM, source_id=reading.text("id") or row.digest, source_digest=row.digest,
        kind=words.ending_in(title) or "result", line="works", title=title,
        published_at=when[0], published_precision=when[1],
        project=ProjectClaim(fields.get("标段(包)名称", "")[:300] or words.project_name(title), code or None),
        kind_as_reported="中标结果公告", body=({"type": "table", "rows": pairs},) if pairs else (),
        attempt=words.attempt_of(title, code),
        principal=_named(fields.get("招标人", "")), agency=_named(fields.get("招标机构", "")),
        district="420500", amount=price, amount_label="中标价" if price else None, facts=facts,
        source_name=PLATFORM, source_url=reading.text("url") or None, findings=tuple(reading.findings),
        raw=row.raw, enriches=True,
    )  # fmt: skip


def _named(name: str) -> Named | None:
    return Named(name[:300]) if name else None


def convert_candidates(row: Row) -> NoticeReport:
    reading = Reading(row)
    title = reading.text("title", required=True, limit=500)
    when = reading.when("date", required=True)
    fields = reading.mapping("fields")
    listed = fields.get("bidders_and_prices")
    entries = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    pairs = [(clean(one.get("bidder")), clean(one.get("price"))) for one in entries]
    facts: dict[str, object] = {"candidates": parts.candidates(reading, pairs)}
    parts.review_period(reading, clean(fields.get("publicity_period")), facts)
    reading.done()
    assert when is not None
    name = words.project_name(clean(fields.get("project_name"))[:400] or title)
    body: tuple[Block, ...] = ()
    if pairs:
        body = ({"type": "table", "rows": [["候选人", "投标报价"], *([a, b] for a, b in pairs)]},)
    return NoticeReport(
        system=SYSTEM, source_id=reading.text("id") or row.digest, source_digest=row.digest,
        kind=words.ending_in(title) or "candidates", line="works", title=title,
        published_at=when[0], published_precision=when[1], project=ProjectClaim(name),
        kind_as_reported="中标候选人公示", body=body, attempt=words.attempt_of(title), district="420500",
        facts=drop_empty(facts), source_name=PLATFORM, source_url=reading.text("url") or None,
        findings=tuple(reading.findings), raw=row.raw, enriches=True,
    )  # fmt: skip


def convert_page(row: Row) -> NoticeReport:
    reading = Reading(row)
    source_id = reading.text("id", required=True)
    body = page_blocks(reading.long_text("html"))
    if not body:
        reading.refuse("empty", "页面里没有可读的内容", "html")
    told = "\n".join(_lines(body))
    award = re.search(r"标段\(包\)名称[:：]?\n([^\n]+)", told)
    opening = re.search(r"\n?([^\n]{4,300}?)于\s*20\d\d年[^\n]{0,30}?在[^\n]{0,40}发布(?:招标|更正)?公告", told)
    named = award or opening
    name = named[1].strip() if named else next((line for line in _lines(body) if len(line) > 3), "")[:100]
    if not named:
        reading.find("title", "页面里没有读到项目名称，以首行代替", "html", name)
    dated = re.search(r"公告发布日期[:：]?\n([^\n]+)", told) or re.search(
        r"公示(?:期|时间|期限)[^\n]{0,20}?(20\d\d年\d{1,2}月\d{1,2}日)", told
    ) or re.search(r"[,，]\s*(20\d\d年\d{1,2}月\d{1,2}日)[^\n]{0,40}开标", told)  # fmt: skip
    when = reading.moment_of(dated[1].strip() if dated else "", "html", required=True)
    if not name:
        reading.refuse("required", "页面里没有读到项目名称，无法确认是哪一条公告", "html")
    reading.done()
    assert when is not None
    kind = "result" if award else "candidates"
    label = "中标结果公告" if award else "中标候选人公示"
    code = re.search(r"标段[(（]包[)）]编号[:：]?\s*([A-Z0-9()-]{8,40})", told)
    return NoticeReport(
        system=SYSTEM, source_id=source_id, source_digest=row.digest, kind=kind, line="works",
        title=f"{name}{label}", published_at=when[0], published_precision=when[1],
        project=ProjectClaim(words.project_name(name), code[1] if code else None), kind_as_reported=label, body=body,
        attempt=words.attempt_of(name, code[1] if code else ""), district="420500", source_name=PLATFORM,
        raw=row.raw, enriches=True,
    )  # fmt: skip


def _lines(body: tuple[Block, ...]) -> list[str]:
    lines: list[str] = []
    for block in body:
        rows = block.get("rows")
        lines += [cell for row in rows for cell in row] if isinstance(rows, list) else [str(block["text"])]
    return lines


AWARDS = Adapter(
    "yichang_awards", "宜昌中标结果字段", frozenset({"id", "url", "title", "date", "fields"}), convert_award
)
CANDIDATES = Adapter(
    "yichang_candidates", "宜昌中标候选人字段", frozenset({"id", "url", "title", "date", "fields"}), convert_candidates
)
PAGES = Adapter("yichang_pages", "宜昌公告网页", frozenset({"id", "html"}), convert_page)
