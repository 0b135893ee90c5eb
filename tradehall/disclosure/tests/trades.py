"""Invented trades of every line and stage, recorded and sealed, for stories about open data."""

from dataclasses import replace
from datetime import timedelta

from tradehall.journal.sealer import seal_pending
from tradehall.kernel.actor import Actor
from tradehall.kernel.money import amount
from tradehall.tenders.reports import Change, LotClaim, Named, NoticeReport, ProjectClaim
from tradehall.tenders.services import Receipt, record_notices
from tradehall.tenders.tests.samples import AT, TENDER

BY = Actor("system", "test-system", "测试交易系统")
BUILDER = Named("云河第三建筑有限公司", "91310115752982198B")
WINNERS = {"winners": [{"name": BUILDER.name, "uscc": None, "rank": 1, "price": None, "lot": None}]}


def notice(number: int, kind: str, line: str, name: str, **stated: object) -> NoticeReport:
    """One report of the project `name`; anything a report can state may be stated."""
    one = NoticeReport(
        system="test-system",
        source_id=f"{line}-{number}",
        source_digest=f"{number:064x}",
        kind=kind,
        line=line,
        title=f"{name}{kind}",
        published_at=AT + timedelta(days=number),
        project=ProjectClaim(name, f"{line}-{name}"),
        principal=Named("云河市水务建设管理中心"),
    )
    return replace(one, **stated)


def works() -> list[NoticeReport]:
    """A plan, a tender with two lots, a correction that moves the deadline, opening, candidates, result, contract."""
    name = "滨江路雨水泵站改造工程"
    bidders = [{"name": "云河第三建筑有限公司", "price": None, "note": None}, {"name": "青石建工集团", "price": None}]
    lots = (LotClaim("一标段", "1"), LotClaim("二标段", "2"))
    moved = (Change("截止时间", "2026-10-20 09:30", "2026-10-25 09:30"),)
    return [
        notice(1, "plan", "works", name, facts={"estimate_cents": 500_000_00}),
        notice(2, "tender_notice", "works", name, lots=lots, amount=amount(1_00)),
        notice(3, "correction", "works", name, changes=moved, reason="图纸更新", closes_at=AT + timedelta(days=40)),
        notice(4, "opening_record", "works", name, facts={"bidders": bidders}),
        notice(5, "candidates", "works", name, facts={"candidates": [{"name": bidders[0]["name"], "rank": 1}]}),
        notice(6, "result", "works", name, facts=WINNERS, amount=amount(450_000_25)),
        notice(7, "contract", "works", name, facts={"supplier": {"name": BUILDER.name, "uscc": None}}),
        notice(8, "acceptance", "works", name),
    ]


def others() -> list[NoticeReport]:
    """A contract without an award, land and property sales, an allocation, a failure, another line."""
    buyer = [{"name": "云河置业有限公司", "uscc": None, "rank": 1, "price": None, "lot": None}]
    asked = {"starting_price_cents": 9_000_000_00}
    sold = {"winners": buyer, "traded_on": "2026-09-20", **asked}
    return [
        notice(1, "contract", "procurement", "图书馆用车服务", facts={"supplier": {"name": "远行汽车服务有限公司"}}),
        notice(2, "tender_notice", "land", "2026-07号地块", method="listing", facts=asked),
        notice(3, "result", "land", "2026-07号地块", method="listing", facts=sold, amount=amount(9_500_000_00)),
        notice(4, "allocation", "land", "消防站用地", method="allocation", facts={"winners": buyer}),
        notice(5, "result", "property", "旧厂房转让", facts={"winners": []}, amount=amount(70_000_00)),
        notice(6, "failure", "procurement", "体检服务", facts={"ending": "流标", "cause": "投标人不足三家"}),
        notice(7, "tender_notice", "others", "排污权交易", method="listing"),
    ]


def recorded(reports: list[NoticeReport] | None = None) -> list[Receipt]:
    """Record and seal; by default a second version of one tender notice is among them."""
    changed = replace(TENDER, source_digest="d" * 64, closes_at=AT + timedelta(days=30))
    receipts = record_notices(reports or [*works(), *others(), TENDER, changed], by=BY, at=AT)
    seal_pending()
    return receipts
