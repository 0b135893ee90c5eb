"""How a trade of the demonstration city goes, stage by stage, as the reference reports of its trading system.

A script yields every notice the trade will ever have; the city publishes those whose time has come, so each phase has
its projects. Dates come from `days` and keep the periods of the definitions.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from tradehall.config.demo import days, words
from tradehall.config.demo.cast import DISTRICTS, Cast
from tradehall.kernel.money import Price
from tradehall.kernel.times import format_minute, rfc3339
from tradehall.tenders.kinds import METHODS, kind_label
from tradehall.tenders.reports import Block, Change, LotClaim, Named, NoticeReport, ProjectClaim

PRICE_LABELS = {
    "works": "最高投标限价", "procurement": "预算金额", "land": "起始价", "property": "转让底价", "carbon": "底价",
    "others": "起始价",
}  # fmt: skip
REGULATORS = {
    "works": "住房和城乡建设局", "procurement": "财政局", "land": "自然资源和规划局",
    "property": "国资委", "carbon": "生态环境局", "others": "农业农村局",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trade:
    """One invented trade; `start` is the day of its first notice, `turn` what happens to it."""

    number: int
    line: str
    system: str
    system_name: str
    subject: str
    principal: Named
    agency: Named
    bidders: tuple[Named, ...]
    district: str
    method: str
    cents: int
    start: date
    turn: str
    attempt: int = 1

    @property
    def code(self) -> str:
        return f"{self.system}-{self.start:%Y}-{self.number:04d}"

    @property
    def title(self) -> str:
        return f"{DISTRICTS[self.district]}{self.subject}" if self.district != "990199" else self.subject


def amount(cents: int) -> Price:
    return Price("amount", cents, None, None)


def report(trade: Trade, kind: str, at: datetime, body: tuple[Block, ...], **stated: Any) -> NoticeReport:
    """A report of the trade's system; its identity is the trade's code, the kind and the day."""
    label = kind_label(trade.line, kind)
    again = f"（第 {trade.attempt} 次）" if trade.attempt > 1 else ""
    source_id = f"{trade.code}/{kind}/{at:%Y%m%d%H%M}"
    return NoticeReport(
        system=trade.system,
        source_id=source_id,
        source_digest=sha256(f"{source_id}/{trade.title}/{trade.cents}".encode()).hexdigest(),
        kind=kind,
        kind_as_reported=label,
        line=trade.line,
        title=f"{trade.title}{again}{label}",
        published_at=at,
        project=ProjectClaim(trade.title, trade.code),
        attempt=trade.attempt,
        lots=(LotClaim(trade.title, f"{trade.code}-001"),),
        principal=trade.principal,
        agency=trade.agency,
        district=trade.district,
        method=trade.method,
        body=body,
        source_name=trade.system_name,
        **stated,
    )


def opening_notice(trade: Trade, at: datetime, closes: datetime, **facts: Any) -> NoticeReport:
    body = words.notice(
        subject=trade.title, principal=trade.principal.name, agency=trade.agency.name, method=METHODS[trade.method],
        cents=trade.cents, opens=closes, closes=closes,
    )  # fmt: skip
    key = {"procurement": "budget_cents", "works": "ceiling_cents"}.get(trade.line, "starting_price_cents")
    deposit = trade.cents // 50 // 1_000_000 * 1_000_000
    stated = {key: trade.cents, "deposit_cents": deposit, "regulator": f"澄州市{REGULATORS[trade.line]}", **facts}
    return report(
        trade, "tender_notice", at, body, opens_at=closes, closes_at=closes,
        amount=amount(trade.cents), amount_label=PRICE_LABELS[trade.line], facts=stated,
    )  # fmt: skip


def correction(trade: Trade, at: datetime, old: datetime, new: datetime) -> NoticeReport:
    reason = "根据提问澄清，技术参数有调整，影响响应文件编制，截止时间按规定顺延。"
    change = Change("递交截止", format_minute(old), format_minute(new))
    body = words.change(reason=reason, label=change.label, old=change.old, new=change.new)
    return report(trade, "correction", at, body, opens_at=new, closes_at=new, changes=(change,), reason=reason)


def offers(trade: Trade, rng: random.Random, *, rising: bool = False) -> list[tuple[Named, int]]:
    """Who offered what, best first."""
    low, high = (101, 128) if rising else (88, 99)
    factors = [(who, rng.randint(low * 10, high * 10)) for who in trade.bidders]
    priced = [(who, trade.cents * factor // 1000 // 1_000_000 * 1_000_000) for who, factor in factors]
    return sorted(priced, key=lambda pair: pair[1], reverse=rising)


def party(who: Named, rank: int, cents: int) -> dict[str, Any]:
    return {"name": who.name, "uscc": who.uscc, "rank": rank, "price": amount(cents).as_json()}


def ranked_rows(ranked: list[tuple[Named, int]]) -> list[tuple[str, ...]]:
    return [(str(place), who.name, words.wan(cents)) for place, (who, cents) in enumerate(ranked, start=1)]


def result(trade: Trade, at: datetime, ranked: list[tuple[Named, int]], **facts: Any) -> NoticeReport:
    who, cents = ranked[0]
    body = words.ranking("结果", ranked_rows(ranked[:1]), f"{who.name}为成交单位。对结果有异议的，应在规定期限内提出。")
    stated = {"winners": [party(who, 1, cents)], "traded_on": at.date().isoformat(), "ending": "成交", **facts}
    return report(trade, "result", at, body, amount=amount(cents), amount_label="成交金额", facts=stated)


def contract(trade: Trade, at: datetime, winner: tuple[Named, int]) -> NoticeReport:
    who, cents = winner
    agreed = f"{trade.principal.name}与{who.name}签订合同，金额 {words.wan(cents)}，与成交结果一致。"
    body = words.plain("合同要点", agreed)
    facts = {"supplier": {"name": who.name, "uscc": who.uscc}, "signed_at": rfc3339(at), "period": "按合同约定"}
    return report(trade, "contract", at, body, amount=amount(cents), amount_label="合同金额", facts=facts)


def acceptance(trade: Trade, at: datetime, winner: tuple[Named, int]) -> NoticeReport:
    body = words.plain("验收结论", f"经验收小组核验，{winner[0].name}已按合同完成全部内容，验收合格。")
    facts = {"supplier": {"name": winner[0].name, "uscc": winner[0].uscc}, "quality": "合格"}
    return report(trade, "acceptance", at, body, facts=facts)


def failure(trade: Trade, at: datetime) -> NoticeReport:
    cause = "至截止时间递交文件的单位不足三家，未开启，文件原样退回。"
    facts = {"ending": "流标", "cause": cause, "basis": "招标投标法实施条例第四十四条"}
    return report(trade, "failure", at, words.plain("未成交原因", cause), facts=facts)


def termination(trade: Trade, at: datetime) -> NoticeReport:
    cause = "规划条件调整，项目不再实施，已收取的文件费用与保证金退还。"
    facts = {"ending": "终止", "cause": cause, "basis": "招标投标法实施条例第三十一条"}
    return report(trade, "termination", at, words.plain("终止原因", cause), facts=facts)


def suspension(trade: Trade, at: datetime) -> NoticeReport:
    cause = "收到对文件的异议，作出答复前暂停后续活动。"
    facts = {"cause": cause, "basis": "招标投标法实施条例第二十二条"}
    return report(trade, "suspension", at, words.plain("暂停原因", cause), facts=facts)


def bidding(trade: Trade, rng: random.Random) -> Iterator[NoticeReport]:
    """Works and procurement: plan, notice, perhaps changes, opening, candidates, result, contract, acceptance."""
    plan_day = days.after(trade.start, -45)
    estimate = {"estimate_cents": trade.cents, "expected_on": f"{trade.start:%Y-%m}"}
    body = words.plain("计划", f"拟于 {trade.start:%Y 年 %m 月} 发布公告，估算 {words.wan(trade.cents)}。")
    yield report(trade, "plan", days.at(plan_day, 9, 0), body, facts=estimate)
    yield from competition(trade, rng)


def competition(trade: Trade, rng: random.Random) -> Iterator[NoticeReport]:
    closes = days.at(days.after(trade.start, rng.randint(21, 29)))
    offered = {
        "documents_from": rfc3339(days.at(trade.start)),
        "documents_until": rfc3339(days.at(days.working_days(trade.start, 6), 17, 0)),
    }
    yield opening_notice(trade, days.at(trade.start, 9, rng.randint(0, 59)), closes, **offered)
    if trade.turn == "terminated":
        yield termination(trade, days.at(days.after(trade.start, 9), 15, 0))
        return
    if trade.turn == "suspended":
        yield suspension(trade, days.at(days.after(trade.start, 8), 16, 0))
        return
    if trade.turn in ("extended", "corrected"):
        moved_on = days.after(trade.start, 12)
        moved = days.at(max(days.after(moved_on, 16), closes.date()))
        yield correction(trade, days.at(moved_on, 16, 2), closes, moved)
        closes = moved
    if trade.turn in ("failed", "rerun"):
        yield failure(trade, closes.replace(hour=11))
        if trade.turn == "rerun":
            again = replace(trade, attempt=2, turn="plain", start=days.after(closes.date(), 7))
            yield from competition(again, rng)
        return
    yield from decided(trade, closes, rng)


def opening_record(trade: Trade, at: datetime, ranked: list[tuple[Named, int]]) -> NoticeReport:
    bids = [
        {"name": who.name, "uscc": who.uscc, "price": amount(cents).as_json(), "note": "解密成功"}
        for who, cents in ranked
    ]
    body = words.ranking("开标记录", ranked_rows(ranked), "当场无异议。")
    return report(trade, "opening_record", at, body, facts={"bidders": bids, "opening_place": "不见面开标大厅"})


def candidates(trade: Trade, at: datetime, until: date, ranked: list[tuple[Named, int]]) -> NoticeReport:
    facts = {
        "candidates": [party(who, place, cents) for place, (who, cents) in enumerate(ranked[:3], start=1)],
        "review_from": rfc3339(at),
        "review_until": rfc3339(days.end_of(until)),
    }
    body = words.ranking("中标候选人", ranked_rows(ranked[:3]), f"公示至 {until:%Y-%m-%d}。")
    first = amount(ranked[0][1])
    return report(trade, "candidates", at, body, amount=first, amount_label="第一候选人报价", facts=facts)


def decided(trade: Trade, closes: datetime, rng: random.Random) -> Iterator[NoticeReport]:
    ranked = offers(trade, rng)
    yield opening_record(trade, closes.replace(hour=11, minute=5), ranked)
    review_day = days.working_days(closes.date(), 2)
    if trade.line == "works":
        review_end = days.after(review_day, 4)
        yield candidates(trade, days.at(review_day, 10, 0), review_end, ranked)
        review_day = days.working_days(review_end, 1)
    yield result(trade, days.at(review_day, 15, 20), ranked)
    signed = days.working_days(review_day, rng.randint(8, 15))
    yield contract(trade, days.at(signed, 14, 0), ranked[0])
    yield acceptance(trade, days.at(days.after(signed, rng.randint(60, 150)), 10, 0), ranked[0])


def listing(trade: Trade, rng: random.Random) -> Iterator[NoticeReport]:
    """Land: notice, listing from 20 days on for at least 10 days, result or none, contract."""
    opens = days.at(days.after(trade.start, 20), 9, 0)
    closes = days.at(days.after(opens.date(), 11), 15, 0)
    facts = {
        "area_m2": str(rng.randint(80, 900) * 100),
        "land_use": trade.subject[-4:],
        "term_years": rng.choice(["40", "50", "70"]),
    }
    first = opening_notice(trade, days.at(trade.start, 10, 2), closes, **facts)
    yield replace(first, opens_at=opens)
    if trade.turn == "failed":
        yield failure(trade, closes.replace(hour=16))
        return
    ranked = offers(trade, rng, rising=True)
    premium = (ranked[0][1] - trade.cents) * 10000 // trade.cents
    yield result(trade, closes.replace(hour=17), ranked, premium_rate=f"{premium // 100}.{premium % 100:02d}", **facts)
    yield contract(trade, days.at(days.working_days(closes.date(), 8), 10, 0), ranked[0])


def disclosure(trade: Trade, rng: random.Random) -> Iterator[NoticeReport]:
    """State property: disclosure of at least 20 working days, extension or failure, result, contract."""
    if "股权" in trade.subject:
        body = words.plain("预披露", f"{trade.principal.name}拟转让{trade.title}，估值已备案，正式披露另行公告。")
        told = days.at(days.working_days(days.after(trade.start, -42), 0))
        yield report(trade, "pre_disclosure", told, body, facts={"estimate_cents": trade.cents})
    closes = days.at(days.working_days(trade.start, 21), 17, 0)
    yield opening_notice(trade, days.at(trade.start, 9, 45), closes)
    if trade.turn == "extended":
        longer = days.at(days.working_days(closes.date(), 6), 17, 0)
        yield correction(trade, closes.replace(hour=16), closes, longer)
        closes = longer
    if trade.turn == "failed":
        yield failure(trade, days.at(days.working_days(closes.date(), 1), 10, 0))
        return
    ranked = offers(trade, rng, rising=True)
    decided_on = days.working_days(closes.date(), 4)
    yield result(trade, days.at(decided_on, 16, 30), ranked)
    yield contract(trade, days.at(days.working_days(decided_on, 3), 11, 0), ranked[0])


def rights(trade: Trade, rng: random.Random) -> Iterator[NoticeReport]:
    closes = days.at(days.after(trade.start, 15), 15, 0)
    yield opening_notice(trade, days.at(trade.start, 9, 10), closes)
    if trade.turn == "failed":
        yield failure(trade, closes.replace(hour=16))
        return
    yield result(trade, days.at(days.working_days(closes.date(), 2), 10, 30), offers(trade, rng, rising=True))


SCRIPTS = {
    "works": bidding, "procurement": bidding, "land": listing, "property": disclosure, "carbon": rights, "others": rights,
}  # fmt: skip


def reports(trade: Trade, rng: random.Random) -> Iterator[NoticeReport]:
    yield from SCRIPTS[trade.line](trade, rng)


def all_codes(cast: Cast) -> list[Named]:
    named = [who for pairs in cast.principals.values() for who, _ in pairs]
    return [*named, *cast.agencies, *[who for group in cast.companies.values() for who in group]]
