"""Land: national supply results 2012–2016, city auctions, and city records. 划拨, 协议 and other uncontested supply is
kind `allocation`; a price that was auctioned is a result. Undocumented status codes are never trusted alone.
"""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation

from tradehall.exchange.adapters import parts, words
from tradehall.exchange.adapters.blocks import facts_table
from tradehall.exchange.adapters.places import district_of
from tradehall.exchange.adapters.rows import Adapter, Reading, Row, amount, clean, drop_empty
from tradehall.tenders.reports import LotClaim, NoticeReport, ProjectClaim

CONTESTED = {"挂牌出让": "listing", "拍卖出让": "auction", "招标出让": "tender"}
UNCONTESTED = {
    "划拨": "allocation",
    "协议出让": "agreement",
    "租赁": "other",
    "授权经营": "other",
    "作价出资或入股": "other",
}
SHOWN = ("电子监管号", "项目位置", "面积(公顷)", "土地用途", "供地方式", "土地使用年限",
         "行业分类", "土地级别", "成交价格(万元)",
         "土地使用权人", "约定容积率下限", "约定容积率上限",
         "约定交地时间", "约定开工时间", "约定竣工时间", "批准单位", "合同签订日期")  # fmt: skip
LABELS = {
    "city": "城市", "district": "行政区", "announcement_no": "公告编号", "publication_date": "公告日期",
    "notice_date": "公告日期", "transaction_date": "交易日期", "trade_date": "交易日期", "plot_number": "地块",
    "parcel_name": "地块", "land_usage": "土地用途", "area_ha": "面积（公顷）", "starting_price_wan": "起始价（万元）",
    "start_price_wan": "起始价（万元）", "transaction_price_wan": "成交价（万元）", "deal_price_wan": "成交价（万元）",
    "premium_rate_raw": "溢价率", "winning_company": "竞得人", "winner": "竞得人", "trade_status": "交易状态",
}  # fmt: skip
SHORT_NOTICE = timedelta(days=20)


def convert_supply(row: Row) -> NoticeReport:
    reading = Reading(row)
    place = reading.text("项目位置")
    name = reading.text("项目名称", limit=500) or place
    if not name:
        reading.refuse("required", "缺少项目名称和位置，无法确认是哪一宗地", "项目名称")
    when = reading.when("合同签订日期", required=True)
    supply = reading.text("供地方式")
    if supply and supply not in CONTESTED and supply not in UNCONTESTED:
        reading.refuse("dictionary", f"供地方式不在字典中：{supply[:40]}", "供地方式")
    cents = reading.money("成交价格(万元)", wan=True)
    number, holder = reading.text("电子监管号"), reading.text("土地使用权人")
    area = parts.hectares(reading, reading.text("面积(公顷)"), "面积(公顷)")
    reading.done()
    assert when is not None
    kind = "result" if supply in CONTESTED else "allocation"
    for absent, key, value in (
        (not number, "电子监管号", number),
        (not supply, "供地方式", supply),
        (kind == "result" and not cents, "成交价格(万元)", ""),
    ):
        if absent:
            reading.find("missing", f"没有报送{key}", key, value)
    facts = {
        "winners": parts.winners([(holder, amount(cents))]) if kind == "result" else None,
        "supplier": {"name": holder, "uscc": None} if holder and kind == "allocation" else None,
        "traded_on": when[0].date().isoformat(), "area_m2": area, "land_use": reading.text("土地用途"),
        "term_years": reading.text("土地使用年限"), "supply_method": supply, "regulator": reading.text("批准单位"),
        "ending": "成交" if kind == "result" else None,
    }  # fmt: skip
    return NoticeReport(
        system="landchina", source_id=number or row.digest, source_digest=row.digest, kind=kind, line="land",
        title=f"{name}供地结果", published_at=when[0], published_precision=when[1],
        project=ProjectClaim(name if number else f"{name} {place}".strip(), number or None),
        kind_as_reported=supply or None, body=facts_table([(key, clean(row.fields.get(key))) for key in SHOWN]),
        district=_supply_district(number, reading), method={**CONTESTED, **UNCONTESTED}.get(supply),
        amount=amount(cents), amount_label="成交价" if cents is not None else None, facts=drop_empty(facts),
        source_name="中国土地市场网", findings=tuple(reading.findings), raw=row.raw,
    )  # fmt: skip


def _supply_district(number: str, reading: Reading) -> str | None:
    """The first six digits of the supervision number are the region; older codes fall back to words."""
    place = reading.text("行政区")
    if number[:2] == "31":
        return district_of("上海市", reading.text("批准单位"))
    return district_of(number[:6], f"{number[:4]}00", place) if number[:6].isdigit() else district_of(place)


def convert_auction(row: Row) -> NoticeReport:
    reading = Reading(row)
    number, plot = reading.text("announcement_no", required=True), reading.text("plot_number", required=True)
    announced, traded = reading.when("publication_date", required=True), reading.when("transaction_date")
    start, deal = reading.money("starting_price_wan", wan=True), reading.money("transaction_price_wan", wan=True)
    area = parts.hectares(reading, reading.text("area_ha"), "area_ha")
    status, winner = reading.text("transaction_status_code"), reading.text("winning_company")
    reading.done()
    assert announced is not None
    kind = "result" if deal is not None else ("tender_notice" if status == "1" else "failure")
    if status not in ("0", ""):
        reading.find("status_code", "来源的状态代码没有公开含义，按有无成交价判断", "transaction_status_code", status)
    facts = {"premium_rate": _premium(reading, start, deal), "land_use": reading.text("land_usage"), "area_m2": area}
    places = (reading.text("city"), reading.text("district"))
    return _parcel(
        row, reading, "land.auctions", kind, number, plot, announced, traded, start, deal, winner, facts, places,
    )  # fmt: skip


def _premium(reading: Reading, start: int | None, deal: int | None) -> str | None:
    """Per cent as decimal text: `17.33%` in some rows, `0.1733` in others; checked against the two prices."""
    text = reading.text("premium_rate_raw")
    if not text:
        return None
    try:
        rate = Decimal(text.removesuffix("%")) * (1 if text.endswith("%") else 100)
    except InvalidOperation:
        reading.find("premium", "溢价率不是数字，按原文保留", "premium_rate_raw", text)
        return None
    if not rate.is_finite() or abs(rate) > 10**6:
        return None
    if start and deal and abs(Decimal(deal - start) * 100 / start - rate) > Decimal("0.6"):
        reading.find("premium", "溢价率与起始价、成交价不符", "premium_rate_raw", text)
    return f"{rate.normalize():f}"


def convert_record(row: Row) -> NoticeReport:
    reading = Reading(row)
    number, plot = reading.text("announcement_no", required=True), reading.text("parcel_name", required=True)
    announced, traded = reading.when("notice_date"), reading.when("trade_date")
    if not announced and not traded:
        reading.refuse("required", "既没有公告日期也没有成交日期，无法确认发布日期", "notice_date")
    start, deal = reading.money("start_price_wan", wan=True), reading.money("deal_price_wan", wan=True)
    area = parts.hectares(reading, reading.text("area_ha"), "area_ha")
    status, winner = reading.text("trade_status"), reading.text("winner")
    kind = {
        "已成交": "result",
        "成交": "result",
        "待交易": "tender_notice",
        "终止": "termination",
        "未成交": "failure",
    }.get(status)
    if kind is None:
        reading.refuse("dictionary", f"trade_status 不在字典中：{status[:40]}", "trade_status")
    reading.done()
    assert kind is not None
    if winner == "终止":
        reading.find("kind_as_reported", "来源列为已成交，受让方一栏写明终止，按终止处理", "winner", winner)
        kind, winner, deal = "termination", "", None
    if kind == "result" and not deal:
        reading.find("no_amount", "没有报送成交价", "deal_price_wan")
    facts = {"land_use": reading.text("land_usage"), "area_m2": area}
    places = (reading.text("city"), reading.text("district"))
    return _parcel(
        row, reading, "land.records", kind, number, plot, announced, traded, start, deal, winner, facts, places,
    )  # fmt: skip


def _parcel(
    row: Row, reading: Reading, system: str, kind: str, number: str, plot: str, announced: parts.When,
    traded: parts.When, start: int | None, deal: int | None, winner: str, facts: Mapping[str, object],
    places: tuple[str, str],
) -> NoticeReport:  # fmt: skip
    ends = kind != "tender_notice"
    when = (traded if ends and traded else announced) or traded
    assert when is not None
    if kind == "result" and announced and traded and timedelta(0) <= traded[0] - announced[0] < SHORT_NOTICE:
        reading.find("L02", f"公告后 {(traded[0] - announced[0]).days} 日即成交，少于二十日", "transaction_date")
    if announced and traded and traded[0] < announced[0]:
        reading.find("order", "成交日期早于公告日期", "transaction_date")
    if kind == "result" and not winner:
        reading.find("missing", "没有报送受让方", "winner")
    label = {"result": "成交公示", "tender_notice": "出让公告", "failure": "未成交公告", "termination": "终止公告"}[
        kind
    ]
    price = deal if kind == "result" else start
    facts = {
        **facts, "starting_price_cents": start,
        "winners": parts.winners([(winner, amount(deal))]) if kind == "result" else None,
        "traded_on": traded[0].date().isoformat() if traded and kind == "result" else None,
        "expected_on": traded[0].date().isoformat() if traded and not ends else None,
        "ending": {"result": "成交", "failure": "流标", "termination": "终止"}.get(kind),
    }  # fmt: skip
    body = facts_table([(LABELS[key], clean(value)) for key, value in row.fields.items() if key in LABELS])
    url = reading.text("result_url") or reading.text("notice_url")
    return NoticeReport(
        system=system, source_id=reading.text("id") or row.digest, source_digest=row.digest, kind=kind, line="land",
        title=f"{plot}{label}（{number}）", published_at=when[0], published_precision=when[1],
        project=ProjectClaim(f"{plot}（{number}）", f"{number}/{plot}"), body=body,
        kind_as_reported=reading.text("trade_status") or reading.text("transaction_status_code") or None,
        lots=(LotClaim(name=plot, source_no=plot),), district=district_of(*places),
        method=words.method_in(number) or ("listing" if "挂" in number else "auction" if "拍" in number else None),
        amount=amount(price), amount_label=("成交价" if kind == "result" else "起始价") if price is not None else None,
        facts=drop_empty(facts), source_url=url or None, findings=tuple(reading.findings), raw=row.raw,
    )  # fmt: skip


SUPPLY = Adapter(
    "landchina",
    "全国供地结果",
    frozenset({"行政区", "电子监管号", "项目名称", "供地方式", "合同签订日期"}),
    convert_supply,
)
AUCTIONS = Adapter(
    "land_auctions",
    "土地拍卖挂牌",
    frozenset({"id", "announcement_no", "plot_number", "publication_date"}),
    convert_auction,
)
RECORDS = Adapter(
    "land_records", "土地交易记录", frozenset({"id", "announcement_no", "parcel_name", "trade_status"}), convert_record
)
