"""Native trades to act with in tests; names and codes are invented."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tradehall.kernel.actor import PLATFORM, Actor, Scope
from tradehall.kernel.money import amount
from tradehall.kernel.times import BEIJING
from tradehall.parties.tests.bodies import code_of, mandated
from tradehall.procedures.services import load_definitions
from tradehall.tenders import selectors
from tradehall.tenders.models import Project
from tradehall.tenders.reports import Named
from tradehall.tenders.rules import NewLot, NoticePublished
from tradehall.tenders.services import publish_notice, register_project, state_lot_fact

HALL = Named("云河市水务建设管理中心", code_of("MA0000HA"))
DESK = Named("云河明诚工程咨询有限公司", code_of("MA0000DE"))
OWNER = Actor("person", "p-1", "张经办", HALL.uscc, frozenset({"principal"}))
AGENT = Actor("person", "a-1", "李代理", DESK.uscc, frozenset({"agency"}), client=HALL.uscc)
BIDDER = Actor("person", "b-1", "王投标", "云河第三建筑有限公司", frozenset({"bidder"}))
STRANGER = Actor("person", "p-2", "赵旁人", "青石市水务局", frozenset({"principal"}))
SUPERVISOR = Actor(
    "person", "s-1", "钱监督", "云河市住房和城乡建设局", frozenset({"supervisor"}), (Scope("supervisor"),)
)
WORKS, LAND = "works.open.post", "land.listing"
ENTRY_FACTS = {"approval": "云发改〔2026〕1号", "funds": "财政资金", "specification": "施工图", "estimate": "1500 万元"}
LAND_FACTS = {
    "supply_plan": "2026 年供地计划", "planning_conditions": "容积率 2.0", "appraisal": "评估报告",
    "reserve_decision": "集体决策纪要",
}  # fmt: skip
BODY = ({"type": "paragraph", "text": "本项目已具备招标条件，现公开招标。"},)


def on(month: int, day: int, hour: int = 9, minute: int = 30, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BEIJING)


# A Monday; twenty days on, the deadline may stand on Monday the 24th of August.
DAY = on(8, 3)
DATES = {"documents.until": on(8, 10, 17, 0), "bid_deadline": on(8, 24)}


def a_project(lots: Sequence[str] = ("施工一标段",), line: str = "works", **stated: Any) -> Project:
    load_definitions(by=PLATFORM, at=DAY)
    mandated(HALL.uscc, HALL.name, DESK.uscc, DESK.name, at=DAY - timedelta(days=30))
    values = {"principal": HALL, "agency": DESK, "title": "滨江路雨水泵站改造工程", "code": None, "by": OWNER, **stated}
    code = values.pop("lot_class", {"works": "A02", "land": "B01"}.get(line))
    return register_project(at=DAY, line=line, lots=[NewLot(name, code) for name in lots], **values)


def with_facts(project: Project, facts: dict[str, str] | None = None) -> Project:
    for lot in selectors.lots(project.project_no):
        for code, value in (ENTRY_FACTS if facts is None else facts).items():
            state_lot_fact(by=OWNER, at=DAY, lot_no=lot.lot_no, code=code, value=value)
    return project


def tender(project: Project, **stated: Any) -> NoticePublished:
    values: dict[str, Any] = {
        "by": AGENT, "at": DAY, "definition_id": WORKS, "kind": "tender_notice", "body": BODY, "dates": DATES,
        "title": "滨江路雨水泵站改造工程施工招标公告", "amount": amount(1_500_000_000), "amount_label": "最高投标限价",
        "facts": {"ceiling_cents": 1_500_000_000}, "method": "open",
    }  # fmt: skip
    return publish_notice(project_no=project.project_no, **{**values, **stated})


def announced(lots: Sequence[str] = ("施工一标段",), **stated: Any) -> tuple[Project, NoticePublished]:
    project = with_facts(a_project(lots))
    return project, tender(project, **stated)


def later(days: int, hours: int = 0) -> datetime:
    return DAY + timedelta(days=days, hours=hours)
