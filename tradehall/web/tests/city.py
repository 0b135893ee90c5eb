"""A small invented city for stories about lists: a dozen notices around one morning, recorded, sealed and followed."""

from dataclasses import replace
from datetime import timedelta

from tradehall.disclosure import follower
from tradehall.journal.clock import platform_now
from tradehall.journal.sealer import seal_pending
from tradehall.journal.services import set_platform_clock
from tradehall.kernel.actor import Actor
from tradehall.kernel.money import amount
from tradehall.tenders.reports import Named, NoticeReport, ProjectClaim
from tradehall.tenders.services import record_notices
from tradehall.tenders.tests.samples import AT

BY = Actor("system", "test-system", "测试交易系统")
SCHOOL, BRIDGE, PARCEL = "第二实验学校施工", "跨港大桥检测加固", "临港 LG-07 地块"


def notice(number: int, kind: str, line: str, name: str, **stated: object) -> NoticeReport:
    """One report of the project `name`; anything a report can state may be stated."""
    one = NoticeReport(
        system="test-system",
        source_id=str(number),
        source_digest=f"{number:064x}",
        kind=kind,
        line=line,
        title=f"{name}{kind}",
        published_at=AT - timedelta(days=10, minutes=number),
        project=ProjectClaim(name, f"XM-2026-{number // 10:04d}"),
        principal=Named("云河市教育局"),
        district="990102",
    )
    return replace(one, **stated)


def reports() -> list[NoticeReport]:
    soon, later = AT + timedelta(hours=30), AT + timedelta(days=5)
    won = {"winners": [{"name": "云河第三建筑有限公司", "uscc": None, "rank": 1, "price": None, "lot": None}]}
    review = {"candidates": [], "review_until": (AT + timedelta(days=2)).isoformat()}
    return [
        notice(10, "tender_notice", "works", SCHOOL, amount=amount(600_000_000_00), closes_at=soon - timedelta(days=3)),
        notice(11, "correction", "works", SCHOOL, closes_at=soon, opens_at=soon, published_at=AT - timedelta(hours=1)),
        notice(20, "tender_notice", "works", BRIDGE, closes_at=later, opens_at=later, district="990101"),
        notice(30, "candidates", "works", "体育馆改造", facts=review),
        notice(40, "result", "works", "图书馆修缮", amount=amount(123_456_78), facts=won),
        notice(
            50, "result", "land", PARCEL, amount=amount(9_000_000_00), method="listing", facts=won, district="990105"
        ),
        notice(
            60, "tender_notice", "land", "A37 地块", method="listing", opens_at=AT - timedelta(days=1), closes_at=later
        ),
        notice(70, "failure", "procurement", "校服采购", published_at=AT - timedelta(hours=2)),
    ]


def build() -> None:
    """Everything is public and the platform's clock stands at `AT`."""
    record_notices(reports(), by=BY, at=AT)
    seal_pending()
    follower.catch_up()
    set_platform_clock(AT - platform_now())
