"""Full-text notices of several portals in one schema (`id, title, market, type, date, …, fields, text`).

The envelope is read here; what only one portal writes is read in `portals`. Kinds follow the words of the title where
they contradict the column: a 废标公示 filed under 中标候选人公示 is a failure.
"""

from tradehall.exchange.adapters import portals, words
from tradehall.exchange.adapters.blocks import blocks_of, mend
from tradehall.exchange.adapters.places import district_of
from tradehall.exchange.adapters.rows import Adapter, Reading, Row
from tradehall.tenders.kinds import KINDS
from tradehall.tenders.reports import Named, NoticeReport, ProjectClaim

LINES = {
    "engineering": "works", "government_procurement": "procurement", "land": "land", "property": "property",
    "other": "others",
}  # fmt: skip
KINDS_BY_TYPE = {
    "招标公告": "tender_notice", "招标/资审公告": "tender_notice", "采购/资审公告": "tender_notice",
    "交易公告": "tender_notice", "挂牌出让公告": "tender_notice", "招标计划": "plan", "开标记录": "opening_record",
    "招标/资审文件澄清": "correction", "更正事项": "correction", "中标候选人公示": "candidates",
    "中标结果公告": "result", "中标公告": "result", "交易结果公示": "result", "成交公示": "result",
    "采购合同": "contract", "资格预审结果": "prequalification_result",
}  # fmt: skip
SYSTEMS = {"ggzy": "ggzy.gov.cn", "yc": "yichang", "jx": "ggzy.jiangxi", "lc": "landchina.deals", "hz": "zrzyjy.zj"}


def convert(row: Row) -> NoticeReport:
    reading = Reading(row)
    title = words.plain_title(reading.text("title", required=True, limit=500))
    reported = reading.text("type", required=True)
    line = LINES.get(reading.text("market"))
    if line is None:
        reading.refuse("dictionary", f"market 不是已知的交易类别：{reading.text('market')[:40]}", "market")
    text = reading.long_text("text")
    when = reading.when("date", required=True)
    source_id = reading.text("id")
    kind = _kind(title, reported, text)
    if kind is None:
        reading.refuse("dictionary", f"type 不是已知的公告类型：{reported[:40]}", "type")
    mended = mend(text)
    told = portals.read(reading, source_id, kind or "other", title, mended)
    reading.done()
    assert when is not None and line is not None and kind is not None
    code = reading.text("project_code") or told.code or words.code_in(title)
    name = told.project or words.project_name(title)
    return NoticeReport(
        system=SYSTEMS.get(source_id.split("-")[0], "announcements"),
        source_id=source_id or row.digest,
        source_digest=row.digest,
        kind=kind,
        line=line,
        title=title,
        published_at=told.published[0] if told.published else when[0],
        published_precision=told.published[1] if told.published else when[1],
        project=ProjectClaim(name=name, code=code or None),
        kind_as_reported=reported,
        body=blocks_of(mended, title=title),
        attempt=words.attempt_of(title, code or ""),
        lots=told.lots,
        principal=Named(told.principal) if told.principal else None,
        agency=Named(told.agency) if told.agency else None,
        district=district_of(reading.text("region_code"), reading.text("region")),
        method=told.method or words.method_in(title),
        closes_at=told.closes_at,
        opens_at=told.opens_at,
        amount=told.amount,
        amount_label=told.amount_label,
        facts=told.facts,
        reason=told.reason or None,
        source_name=reading.text("platform") or None,
        source_url=reading.text("url") or None,
        findings=tuple(reading.findings),
        raw=row.raw,
    )


def _kind(title: str, reported: str, text: str) -> str | None:
    kind = KINDS_BY_TYPE.get(reported)
    if kind is None:
        return None
    ending = words.ending_in(title)
    if ending and ending in KINDS and kind not in ("contract", "plan"):
        return ending
    if kind == "plan" and "文件" in title:
        return "consultation"
    if kind == "correction" and "因故暂停" in text:
        return "suspension"
    if kind == "result" and words.names_candidates(title):
        return "candidates"
    if kind in ("tender_notice", "result") and words.is_correction(title):
        return "correction"
    if kind == "tender_notice" and "资格预审" in title:
        return "prequalification_notice"
    return kind


ADAPTER = Adapter(
    "announcements", "各地交易平台公告全文",
    frozenset({"id", "title", "market", "type", "date", "text", "fields", "text_kind"}), convert,
)  # fmt: skip
