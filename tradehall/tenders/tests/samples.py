"""Reports to act with in tests; every value is invented."""

from dataclasses import replace
from datetime import datetime

from tradehall.kernel.actor import Actor
from tradehall.kernel.money import amount
from tradehall.kernel.times import BEIJING
from tradehall.tenders.reports import LotClaim, Named, NoticeReport, ProjectClaim

AT = datetime(2026, 9, 18, 10, 0, tzinfo=BEIJING)
SYSTEM = Actor("system", "test-system", "测试交易系统")

TENDER = NoticeReport(
    system="test-system",
    source_id="1",
    source_digest="a" * 64,
    kind="tender_notice",
    line="works",
    title="滨江路雨水泵站改造工程施工招标公告",
    published_at=datetime(2026, 9, 1, 9, 0, tzinfo=BEIJING),
    project=ProjectClaim("滨江路雨水泵站改造工程", "BJ2026-001"),
    principal=Named("云河市水务建设管理中心"),
    lots=(LotClaim("施工一标段", "1"), LotClaim("施工二标段", "2")),
    closes_at=datetime(2026, 9, 25, 9, 30, tzinfo=BEIJING),
    amount=amount(123_456_00),
    body=({"type": "paragraph", "text": "联系人电话13812345678，座机021-12345678。"},),
    raw='{"电话":"13812345678"}',
)


def result_of(report: NoticeReport) -> NoticeReport:
    """The award notice of the same project, which names no lots and no code."""
    return replace(
        report,
        source_id=report.source_id + "-result",
        source_digest="b" * 64,
        kind="result",
        title="滨江路雨水泵站改造工程中标结果公告",
        project=ProjectClaim(report.project.name),
        lots=(),
        closes_at=None,
        body=(),
        facts={"winners": [{"name": "云河第三建筑有限公司", "uscc": None, "rank": 1, "price": None, "lot": None}]},
    )
