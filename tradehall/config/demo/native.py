"""Native trades of the demonstration city, by the acts of the platform: published, corrected, held, failed, re-run.

Every date goes through the law; what it would refuse is not shown here. Stages after the deadline are other systems'
reports until their own acts exist.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tradehall.config.demo import days, words
from tradehall.config.demo.cast import DISTRICTS, SUBJECTS, Cast
from tradehall.config.demo.papers import paper
from tradehall.documents import services as documents
from tradehall.kernel.actor import Actor
from tradehall.kernel.money import amount
from tradehall.kernel.times import to_beijing
from tradehall.tenders import selectors as tender_selectors
from tradehall.tenders import services as tenders
from tradehall.tenders.kinds import METHODS
from tradehall.tenders.reports import Attachment, Block, Named

FACTS = {
    "works.open.post": {
        "approval": "澄发改〔2026〕118 号", "funds": "区财政资金 100%",
        "specification": "施工图已审查", "estimate": "估算见公告",
    },
    "procurement.open": {"budget": "已列入年度预算", "specification": "需求已论证", "sme_policy": "面向中小企业预留"},
    "land.listing": {
        "supply_plan": "2026 年供地计划", "planning_conditions": "容积率 2.0",
        "appraisal": "评估已备案", "reserve_decision": "集体决策纪要",
    },
    "property.asset": {"approval": "澄国资〔2026〕31 号", "valuation": "评估已备案"},
}  # fmt: skip
METHOD = {
    "works.open.post": "open",
    "procurement.open": "open",
    "land.listing": "listing",
    "property.asset": "online_bidding",
}
CLASSES = {"works": "A02", "procurement": "D01", "land": "B01", "property": "C01"}


@dataclass(frozen=True, slots=True)
class Plot:
    """One native trade: its rules, how many days ago it was announced, and what happens to it."""

    definition_id: str
    line: str
    subject: str
    days_ago: int
    cents: int
    turn: str = "plain"


@dataclass(frozen=True, slots=True)
class Scene:
    plot: Plot
    project_no: str
    title: str
    by: Actor
    published_at: datetime
    notice_no: str
    closes: datetime


def build(cast: Cast, at: datetime) -> int:
    today = to_beijing(at).date()
    for place, plot in enumerate(PLOTS):
        _play(plot, place, cast, today, at)
    return len(PLOTS)


def _play(plot: Plot, place: int, cast: Cast, today: date, at: datetime) -> None:
    principal, district = cast.principals[plot.line][place % len(cast.principals[plot.line])]
    day = days.on_or_after(today - timedelta(days=plot.days_ago))
    if day >= today:
        day = days.on_or_after(today - timedelta(days=plot.days_ago + 5))
    by = Actor("person", "demo-principal", "林远（演示）", principal.uscc, frozenset({"principal"}))
    title = f"{DISTRICTS[district]}{plot.subject}" if district != "990199" else plot.subject
    project = tenders.register_project(
        by=by, at=days.at(day, 9, 0), line=plot.line, title=title, principal=principal,
        agency=cast.agencies[place % len(cast.agencies)],
        district=district, lots=[tenders.NewLot(title, CLASSES[plot.line])], operator_uscc=principal.uscc,
    )  # fmt: skip
    for lot in tender_selectors.lots(project.project_no):
        for code, value in FACTS[plot.definition_id].items():
            tenders.state_lot_fact(by=by, at=days.at(day, 9, 10), lot_no=lot.lot_no, code=code, value=value)
    scene = _announce(plot, project.project_no, title, principal, by, day)
    turn = TURNS.get(plot.turn)
    if turn:
        turn(scene, at)


def _dates(plot: Plot, day: date) -> dict[str, datetime]:
    if plot.line == "land":
        opens = days.at(days.after(day, 21), 9, 30)
        return {"listing.from": opens, "listing.until": days.at(days.after(opens.date(), 11), 15, 0)}
    if plot.line == "property":
        return {"listing.until": days.at(days.working_days(day, 21), 16, 0)}
    until = days.at(days.working_days(day, 6), 16, 0)
    return {
        "documents.from": days.at(day, 9, 30),
        "documents.until": until,
        "bid_deadline": days.at(days.after(day, 25), 9, 30),
    }


def _announce(plot: Plot, project_no: str, title: str, principal: Named, by: Actor, day: date) -> Scene:
    published_at = days.at(day, 9, 30)
    dates = _dates(plot, day)
    closes = dates.get("bid_deadline") or dates["listing.until"]
    label = {"land": "起始价", "property": "转让底价", "procurement": "预算金额"}.get(plot.line, "最高投标限价")
    key = {"works": "ceiling_cents", "procurement": "budget_cents"}.get(plot.line, "starting_price_cents")
    deposit = plot.cents // 50 // 1_000_000 * 1_000_000
    published = tenders.publish_notice(
        by=by,
        at=published_at,
        project_no=project_no,
        definition_id=plot.definition_id,
        kind="tender_notice",
        title=f"{title}公告",
        body=words.notice(
            subject=title, principal=principal.name, agency="代理机构", method=METHODS[METHOD[plot.definition_id]],
            cents=plot.cents, opens=closes, closes=closes,
        ),
        dates=dates,
        amount=amount(plot.cents),
        amount_label=label,
        facts={key: plot.cents, "deposit_cents": deposit, "regulator": "澄州市行政监督部门（演示）"},
        method=METHOD[plot.definition_id],
        attachments=(_file("招标文件.pdf", f"{project_no} tender document, version 1", by, published_at),),
    )  # fmt: skip
    return Scene(plot, project_no, title, by, published_at, published.notice_no, closes)


def _body(scene: Scene, closes: datetime) -> tuple[Block, ...]:
    project = tender_selectors.project(scene.project_no)
    return words.notice(
        subject=scene.title, principal=project.principal_name or "", agency="代理机构",
        method=METHODS[METHOD[scene.plot.definition_id]], cents=scene.plot.cents, opens=closes, closes=closes,
    )  # fmt: skip


def _file(name: str, text: str, by: Actor, at: datetime, version: int = 1) -> Attachment:
    stored = documents.store(content=paper(text), name=name, by=by, at=at)
    return Attachment(name, stored.sha256, stored.sm3, stored.size, stored.media_type, version)


def _correct(scene: Scene, at: datetime) -> None:
    """A clarification that affects bids: a new document, and the deadline moves as the rule says."""
    when = days.at(days.after(scene.published_at.date(), 12), 16, 2)
    moved = days.at(max(days.after(when.date(), 16), scene.closes.date()), 9, 30)
    file = _file("招标文件.pdf", f"{scene.project_no} tender document, version 2", scene.by, when, version=2)
    tenders.correct_notice(
        by=scene.by, at=when, notice_no=scene.notice_no, affects_bids=True, dates={"bid_deadline": moved},
        body=_body(scene, moved),
        reason="根据答疑调整工程量清单与资格条件，影响投标文件编制，截止时间顺延。", attachments=(file,),
    )  # fmt: skip


def _correct_words(scene: Scene, at: datetime) -> None:
    when = days.at(days.after(scene.published_at.date(), 3), 10, 20)
    cents = scene.plot.cents - 1_000_000_00
    tenders.correct_notice(
        by=scene.by, at=when, notice_no=scene.notice_no, affects_bids=False, amount=amount(cents),
        reason="更正公告所载金额的笔误，不影响响应文件编制。",
    )  # fmt: skip


def _suspend(scene: Scene, at: datetime) -> None:
    when = days.at(days.after(scene.published_at.date(), 6), 15, 0)
    tenders.suspend(
        by=scene.by, at=when, project_no=scene.project_no, reason="收到对文件的异议，作出答复前暂停后续活动。",
        basis="招标投标法实施条例第二十二条",
    )  # fmt: skip


def _resume(scene: Scene, at: datetime) -> None:
    _suspend(scene, at)
    when = days.at(days.after(scene.published_at.date(), 10), 10, 0)
    tenders.resume(by=scene.by, at=when, project_no=scene.project_no, reason="异议已答复，恢复后续活动。")


def _terminate(scene: Scene, at: datetime) -> None:
    when = days.at(days.after(scene.published_at.date(), 9), 11, 0)
    tenders.end_attempt(
        by=scene.by, at=when, project_no=scene.project_no, kind="终止",
        cause="建设条件变化，本次招标终止，文件费用与保证金退还。", basis="招标投标法实施条例第三十一条",
    )  # fmt: skip


def _fail(scene: Scene, at: datetime) -> None:
    cause = "至截止时间递交文件的单位不足三家，未开启。"
    kind = "废标" if scene.plot.line == "procurement" else "流标"
    tenders.end_attempt(
        by=scene.by, at=scene.closes.replace(hour=11), project_no=scene.project_no, kind=kind, cause=cause
    )


def _fail_and_rerun(scene: Scene, at: datetime) -> None:
    _fail(scene, at)
    day = days.after(scene.closes.date(), 5)
    tenders.rerun(by=scene.by, at=days.at(day, 9, 0), project_no=scene.project_no)
    principal = tender_selectors.project(scene.project_no)
    named = Named(principal.principal_name or "", principal.principal_uscc)
    _announce(scene.plot, scene.project_no, f"{scene.title}（第 2 次）", named, scene.by, day)


TURNS: dict[str, Callable[[Scene, datetime], None]] = {
    "corrected": _correct,
    "reworded": _correct_words,
    "suspended": _suspend,
    "resumed": _resume,
    "terminated": _terminate,
    "failed": _fail,
    "rerun": _fail_and_rerun,
}
PLOTS = (
    Plot("works.open.post", "works", "学苑路小学新建工程施工总承包", 18, 18_642_0000_00, "corrected"),
    Plot("works.open.post", "works", "云湖片区雨水泵站工程施工", 6, 6_210_0000_00),
    Plot("works.open.post", "works", "港湾路人行天桥工程施工", 20, 2_380_0000_00, "suspended"),
    Plot("works.open.post", "works", "社区卫生服务中心改扩建工程施工", 21, 4_115_0000_00, "resumed"),
    Plot("works.open.post", "works", "市民公园海绵化改造工程施工", 40, 1_960_0000_00, "terminated"),
    Plot("works.open.post", "works", "沿江慢行步道工程施工", 60, 3_470_0000_00, "rerun"),
    Plot("procurement.open", "procurement", SUBJECTS["procurement"][12], 10, 1_388_0000_00, "reworded"),
    Plot("procurement.open", "procurement", "急救中心车载设备采购项目", 4, 960_0000_00),
    Plot("procurement.open", "procurement", "公共机房整合服务采购项目", 45, 2_120_0000_00, "failed"),
    Plot("land.listing", "land", "LG-07-12 地块商业服务业用地", 14, 92_300_0000_00),
    Plot("land.listing", "land", "NT-03-05 地块住宅用地", 25, 136_500_0000_00),
    Plot("property.asset", "property", "旧厂区办公楼及附属设备转让", 8, 7_215_0000_00),
)
