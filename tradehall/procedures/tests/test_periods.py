"""Dates judged by definitions, with the vectors of the lawful calendar; schedules proposed are lawful."""

from datetime import UTC, datetime

import pytest

from tradehall.kernel.times import BEIJING
from tradehall.procedures import periods
from tradehall.procedures.loading import shape
from tradehall.procedures.tests.examples import definition, every_id, put, register, table
from tradehall.reference.codes import work_calendar


def _at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=BEIJING)


def _judge(name: str, conditions: frozenset[str] = frozenset(), **moments: str) -> periods.Judgement:
    times = {key.replace("__", "."): _at(text) for key, text in moments.items()}
    return periods.judge(definition(name), times, work_calendar(), register(), conditions)


def test_向量一_春节前发出招标文件() -> None:
    found = _judge("works.open.post", documents__from="2026-02-02 09:00", bid_deadline="2026-02-20 09:30")
    assert [(v.code, v.field, v.suggestion) for v in found.refused] == [("T04", "bid_deadline", "2026-02-24 09:30")]
    assert found.refused[0].basis == "招标投标法24" and not found.noted and not found.moves
    assert not _judge("works.open.post", documents__from="2026-02-02 09:00", bid_deadline="2026-02-24 09:30").refused


def test_向量二_澄清不足十五日的顺延而不拒绝() -> None:
    dates = {"correction__published": "2026-04-28 10:00", "bid_deadline": "2026-05-12 09:30"}
    found = _judge("works.open.post", frozenset({"affects_bids"}), **dates)
    assert not found.refused and not found.noted
    assert [(m.term, m.to) for m in found.moves] == [("bid_deadline", _at("2026-05-13 09:30"))]
    assert found.findings == (found.moves[0].violation,) and found.findings[0].code == "T05"
    assert _judge("works.open.post", **dates) == periods.Judgement()
    dates["correction__published"] = "2026-04-27 10:00"
    assert _judge("works.open.post", frozenset({"affects_bids"}), **dates) == periods.Judgement()


def test_向量五_公示期和迟到的公示() -> None:
    review = {"candidates__published": "2026-04-30 09:00", "review__ends": "2026-05-05 23:59"}
    late = _judge("works.open.post", report__received="2026-04-29 10:00", **review)
    assert [(v.code, v.suggestion) for v in late.refused] == [("T16b", "2026-05-06")]
    review = {"candidates__published": "2026-05-07 09:00", "review__ends": "2026-05-11 23:59"}
    late = _judge("works.open.post", report__received="2026-04-29 10:00", **review)
    assert [v.code for v in late.noted] == ["T16a"] and not late.refused


@pytest.mark.parametrize(
    ("name", "moments", "code", "nearest"),
    [
        pytest.param("procurement.open", ("documents.from", "2026-09-18", "documents.until", "2026-09-22"), "P02",
                     "2026-09-23", id="向量六_文件提供五个工作日"),
        pytest.param("procurement.open", ("documents.from", "2026-09-11", "bid_deadline", "2026-10-01"), "P05",
                     "2026-10-08 09:30", id="向量七_国庆顺延"),
    ],
)  # fmt: skip
def test_已核实的规则拒绝并给出最近日期(name: str, moments: tuple[str, ...], code: str, nearest: str) -> None:
    start, begun, end, ended = moments
    times = {start: _at(f"{begun} 09:30"), end: _at(f"{ended} 09:30")}
    found = periods.judge(definition(name), times, work_calendar(), register())
    assert [(v.code, v.suggestion) for v in found.refused] == [(code, nearest)]


@pytest.mark.parametrize(
    ("name", "moments", "code", "nearest"),
    [
        pytest.param("procurement.negotiation", ("documents.from", "2026-02-13", "bid_deadline", "2026-02-24"), "P07",
                     "2026-02-25 09:30", id="向量八_谈判三个工作日"),
        pytest.param("land.listing", ("notice.published", "2026-03-10", "listing.from", "2026-03-27"), "L02",
                     "2026-03-30 09:30", id="向量十_出让公告二十日"),
        pytest.param("mining.listing", ("notice.published", "2026-01-30", "listing.from", "2026-03-04"), "M02",
                     "2026-03-05 09:30", id="向量十二_矿业权二十个工作日"),
    ],
)  # fmt: skip
def test_待核实的规则只提醒(name: str, moments: tuple[str, ...], code: str, nearest: str) -> None:
    start, begun, end, ended = moments
    times = {start: _at(f"{begun} 09:30"), end: _at(f"{ended} 09:30")}
    found = periods.judge(definition(name), times, work_calendar(), register())
    assert [(v.code, v.suggestion) for v in found.noted] == [(code, nearest)] and not found.refused


def test_待核实的澄清期限不顺延() -> None:
    found = _judge("procurement.negotiation", frozenset({"affects_bids"}), correction__published="2026-02-13 09:00",
                   bid_deadline="2026-02-24 09:30")  # fmt: skip
    assert not found.moves and [v.code for v in found.noted] == ["P07"]


def test_跨年放假安排未公布时不给出确定的顺延日期() -> None:
    affects, year_end = frozenset({"affects_bids"}), "2026-12-25 10:00"
    found = _judge("works.open.post", affects, correction__published=year_end, bid_deadline="2027-01-05 09:30")
    assert [(m.to, m.earliest_at) for m in found.moves] == [(None, _at("2027-01-11 09:30"))] and not found.refused
    found = _judge("works.open.post", affects, correction__published=year_end, bid_deadline="2027-01-12 09:30")
    assert not found.moves and [v.code for v in found.noted] == ["T05"]


def test_向量三_往前推的期限() -> None:
    changed = table("works.open.post")
    rule = {"rule": "T06", "from": "bid.submitted", "to": "bid_deadline", "measure": "back", "min": 10, "unit": "日",
            "breach": "refuse"}  # fmt: skip
    one = shape(put(changed, "law.periods", [rule]), "甲.toml")
    late = {"bid.submitted": _at("2026-10-11 09:00"), "bid_deadline": _at("2026-10-20 09:30")}
    found = periods.judge(one, late, work_calendar(), register())
    assert [(v.code, v.field, v.suggestion) for v in found.refused] == [("T06", "bid.submitted", "2026-10-10")]
    in_time = {**late, "bid.submitted": _at("2026-10-10 23:00")}
    assert periods.judge(one, in_time, work_calendar(), register()) == periods.Judgement()


def test_排期_公开招标() -> None:
    start = _at("2026-02-02 10:00")
    found = periods.propose_schedule(definition("works.open.post"), start, work_calendar(), register())
    terms = {term.term: term for term in found}
    assert terms["bid_deadline"].at == _at("2026-02-24 09:30") and terms["bid_deadline"].rule == "T04"
    assert terms["documents.until"].at == _at("2026-02-06 17:00") and not terms["documents.until"].is_provisional


def test_排期_资格预审接续计算() -> None:
    one = definition("works.open.prequal")
    found = periods.propose_schedule(one, _at("2026-03-02 10:00"), work_calendar(), register())
    terms = {term.term: term for term in found}
    assert terms["prequal_documents.until"].at.date().isoformat() == "2026-03-06"
    assert terms["application_deadline"].at == _at("2026-03-11 09:30")
    assert "bid_deadline" not in terms


def test_排期_挂牌两段相接且标为暂定() -> None:
    found = periods.propose_schedule(definition("land.listing"), _at("2026-03-10 10:00"), work_calendar(), register())
    assert [(t.term, t.at, t.is_provisional) for t in found] == [
        ("listing.from", _at("2026-03-30 09:30"), True),
        ("listing.until", _at("2026-04-09 09:30"), True),
    ]


def test_排期_按底价分档() -> None:
    one, start = definition("property.asset"), _at("2026-09-15 10:00")
    small = periods.propose_schedule(one, start, work_calendar(), register(), frozenset({"floor < 1000万"}))
    large = periods.propose_schedule(one, start, work_calendar(), register(), frozenset({"floor >= 1000万"}))
    assert small[0].at < large[0].at == _at("2026-10-20 09:30")


def test_排期_超出已公布的放假安排标为暂定() -> None:
    start = _at("2026-12-21 10:00")
    found = periods.propose_schedule(definition("works.open.post"), start, work_calendar(), register())
    deadline = next(term for term in found if term.term == "bid_deadline")
    assert deadline.is_provisional and deadline.at.date().isoformat() >= "2027-01-11"


@pytest.mark.parametrize("name", every_id())
@pytest.mark.parametrize("start", ["2026-02-02 10:00", "2026-09-18 16:30", "2026-10-01 00:05", "2026-12-24 09:00"])
def test_排出的日期都合法(name: str, start: str) -> None:
    one, published = definition(name), _at(start).astimezone(UTC)
    for conditions in (frozenset[str](), frozenset({"floor < 1000万"})):
        found = periods.propose_schedule(one, published, work_calendar(), register(), conditions)
        first = next(link for link in one.chain if link in periods.AT_FIRST)
        moments = dict.fromkeys(periods.AT_FIRST[first], published) | {term.term: term.at for term in found}
        assert periods.judge(one, moments, work_calendar(), register(), conditions) == periods.Judgement()
