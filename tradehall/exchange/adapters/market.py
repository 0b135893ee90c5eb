"""Two structured collections of purchase notices: hospital procurement (剑鱼), telecom operators' own portals."""

from datetime import datetime

from tradehall.exchange.adapters import parts, words
from tradehall.exchange.adapters.blocks import facts_table, paragraph
from tradehall.exchange.adapters.places import district_of
from tradehall.exchange.adapters.prices import price_of
from tradehall.exchange.adapters.rows import Adapter, Reading, Row, amount, clean, drop_empty
from tradehall.tenders.reports import Named, NoticeReport, ProjectClaim

PURCHASE_KINDS = {
    "招标": "tender_notice", "竞谈": "tender_notice", "询价": "tender_notice", "竞价": "tender_notice",
    "邀标": "invitation", "单一": "single_source_review", "预告": "consultation", "需求公示": "consultation",
    "论证意见": "consultation", "变更": "correction", "结果变更": "correction", "成交": "result", "中标": "result",
    "合同": "contract", "验收": "acceptance", "废标": "failure", "流标": "failure", "其它": "other", "": "other",
}  # fmt: skip
PURCHASE_METHODS = {
    "招标": "open",
    "竞谈": "negotiation",
    "询价": "inquiry",
    "竞价": "online_bidding",
    "邀标": "invited",
    "单一": "single_source",
}
OPERATOR_KINDS = {
    "采购意见征求公告": "consultation", "采购需求公示": "consultation", "采购项目预公告": "plan",
    "询比公告": "tender_notice",
    "采购公告": "tender_notice", "招标公告": "tender_notice", "直接采购公告": "single_source_review",
    "比选公告": "tender_notice", "2": "tender_notice", "49": "plan",
}  # fmt: skip


def convert_purchase(row: Row) -> NoticeReport:
    reading = Reading(row)
    title = words.plain_title(reading.text("title", required=True, limit=500))
    when = reading.when("publish_time", required=True)
    reported = reading.text("type")
    kind = PURCHASE_KINDS.get(reported)
    if kind is None:
        reading.refuse("dictionary", f"type 不是已知的公告类型：{reported[:40]}", "type")
    opens, closes = reading.when("bid_open_time"), reading.when("bid_end_time")
    budget, deal = reading.money("budget"), reading.money("bid_amount")
    listed = row.fields.get("winners")
    names = [clean(name) for name in listed] if isinstance(listed, list) else []
    buyer, agency = reading.text("buyer"), reading.text("agency")
    excerpt = reading.text("excerpt")
    reading.done()
    assert when is not None and kind is not None
    if not buyer:
        reading.find("missing", "没有报送采购人", "buyer")
    if kind in ("failure", "other"):
        kind = words.ending_in(title) or kind
    stated = deal if kind in ("result", "contract") else budget
    price = amount(stated)
    facts = {
        "winners": parts.winners([(name, price if len(names) == 1 else None) for name in names])
        if kind == "result"
        else None,
        "supplier": {"name": names[0], "uscc": None} if names and kind == "contract" else None,
        "budget_cents": budget,
        "ending": {"failure": "废标", "termination": "终止"}.get(kind),
    }
    if stated == 0:
        reading.find("zero_amount", "金额为 0 元，按来源原样公开", "bid_amount", "0")
    return NoticeReport(
        system="jianyu", source_id=reading.text("id") or row.digest, source_digest=row.digest, kind=kind,
        line="procurement", title=title, published_at=when[0], published_precision=when[1],
        project=ProjectClaim(words.project_name(title), words.code_in(title)), kind_as_reported=reported or None,
        body=(paragraph(excerpt),) if excerpt else (), attempt=words.attempt_of(title),
        principal=Named(buyer) if buyer else None, agency=Named(agency) if agency else None,
        district=district_of(reading.text("area"), reading.text("city"), reading.text("district")),
        method=words.method_in(title) or PURCHASE_METHODS.get(reported),
        opens_at=opens[0] if opens else None, closes_at=closes[0] if closes else None, amount=price,
        amount_label=("成交金额" if kind in ("result", "contract") else "预算金额") if price else None,
        facts=drop_empty(facts), source_name=reading.text("site") or None, findings=tuple(reading.findings),
        raw=row.raw,
    )  # fmt: skip


def convert_operator(row: Row) -> NoticeReport:
    reading = Reading(row)
    title = reading.text("title", required=True, limit=500)
    when = reading.when("createDate" if reading.text("createDate") else "date", required=True)
    reported = reading.text("category") or reading.text("noticeType")
    kind = OPERATOR_KINDS.get(reported)
    if kind is None:
        reading.refuse("dictionary", f"category 不是已知的公告类型：{reported[:40]}", "category")
    budget_words = reading.text("budget")
    price = price_of(budget_words)
    if budget_words.startswith(("-", "−")) or (price is not None and price.form == "text" and price_like(budget_words)):
        reading.refuse("money", f"budget 不是可能的金额：{budget_words[:40]}", "budget")
    operator, deadline = reading.text("operator"), _deadline(reading)
    contents = [(label, reading.text(key, limit=20_000)) for label, key in CONTENTS]
    reading.done()
    assert when is not None and kind is not None
    kind = words.ending_in(title) or ("correction" if words.is_correction(title) and kind == "tender_notice" else kind)
    sale = parts.period(reading.text("saleTime"))
    ending = "流标" if kind == "failure" else None
    facts: dict[str, object] = {"documents_from": sale[0], "documents_until": sale[1], "ending": ending}
    if price is not None and price.form == "amount":
        facts["budget_cents"] = price.cents
    return NoticeReport(
        system="telecom", source_id=reading.text("id") or row.digest, source_digest=row.digest, kind=kind,
        line="others", title=title, published_at=when[0], published_precision=when[1],
        project=ProjectClaim(words.project_name(title), reading.text("projectNo") or None),
        kind_as_reported=reported or None, body=facts_table(contents), attempt=words.attempt_of(title),
        principal=Named(operator) if operator else None, district=district_of(reading.text("region")),
        method=words.method_in(title, reported), closes_at=deadline, amount=price,
        amount_label="预算金额" if price else None, facts=drop_empty(facts),
        source_name=reading.text("sourceName") or None, source_url=reading.text("url") or None,
        findings=tuple(reading.findings), raw=row.raw,
    )  # fmt: skip


CONTENTS = (("采购内容", "purchaseContent"), ("资格条件", "qualification"), ("业绩要求", "performance"))


def price_like(text: str) -> bool:
    return text.rstrip("元万亿").replace(",", "").replace(".", "").isdigit()


def _deadline(reading: Reading) -> datetime | None:
    """Machine-extracted: only a clean date counts, and one with a time."""
    found = reading.moment_of(reading.text("deadline"), "deadline")
    return found[0] if found else None


PURCHASES = Adapter(
    "jianyu", "医院采购公告", frozenset({"id", "title", "publish_time", "buyer", "winners"}), convert_purchase
)
OPERATORS = Adapter(
    "telecom",
    "通信运营商采购公告",
    frozenset({"id", "operator", "title", "createDate", "sourceName"}),
    convert_operator,
)
