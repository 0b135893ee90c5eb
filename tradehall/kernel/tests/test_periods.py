"""The lawful calendar against vectors counted by hand (2026), and laws that must hold for any of them."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradehall.kernel.canonical import canonical_json
from tradehall.kernel.periods import (
    Bound,
    Measure,
    Outage,
    PeriodRule,
    Suspension,
    Unit,
    WorkdayCalendar,
    after_outages,
    back_limit,
    check_back,
    check_closing,
    check_period,
    correction_deadline,
    effective_end,
    extend,
    nearest_lawful,
)
from tradehall.kernel.replay import is_reproduced, written
from tradehall.kernel.times import BEIJING

OFF_2026 = (
    ("01-01", "01-03"), ("02-15", "02-23"), ("04-04", "04-06"), ("05-01", "05-05"),
    ("06-19", "06-21"), ("09-25", "09-27"), ("10-01", "10-07"),
)  # fmt: skip
ON_2026 = ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}" if len(text) == 5 else text)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING)


def _off_days() -> frozenset[date]:
    spans = [(day(first), day(last)) for first, last in OFF_2026]
    return frozenset(first + timedelta(days=n) for first, last in spans for n in range((last - first).days + 1))


CALENDAR = WorkdayCalendar("2026", _off_days(), frozenset(map(day, ON_2026)), day("01-01"), day("12-31"))


def rule(
    code: str,
    measure: Measure,
    length: int,
    unit: Unit = "day",
    bound: Bound = "min",
    closes_at: time | None = None,
    resume_floor: int | None = None,
) -> PeriodRule:
    return PeriodRule(code, code, measure, length, unit, bound, closes_at=closes_at, resume_floor=resume_floor)


def between(length: int, unit: Unit = "day") -> PeriodRule:
    return rule("between", "between", length, unit)


def full(
    length: int,
    unit: Unit = "day",
    bound: Bound = "min",
    closes_at: time | None = None,
    resume_floor: int | None = None,
) -> PeriodRule:
    return rule("full", "full", length, unit, bound, closes_at, resume_floor)


ENDS = [
    ("1 招标文件发出至投标截止20日，第20日在春节", between(20), "02-02", "02-24"),
    ("4 异议答复3日，第3日为清明", full(3), "04-03", "04-07"),
    ("5 收到评标报告后3日内公示", full(3), "04-29", "05-06"),
    ("5 候选人公示3日，落在劳动节", full(3), "04-30", "05-06"),
    ("6 采购文件提供5个工作日，首日计入", rule("P02", "open", 5, "workday"), "09-18", "09-23"),
    ("7 采购招标20日，第20日为国庆", between(20), "09-11", "10-08"),
    ("8 谈判文件3个工作日，调休上班日计入", between(3, "workday"), "02-13", "02-25"),
    ("9 结果公告1个工作日", full(1, "workday"), "04-27", "04-28"),
    ("9 质疑7个工作日", full(7, "workday"), "04-28", "05-11"),
    ("9 质疑答复7个工作日", full(7, "workday"), "05-11", "05-20"),
    ("9 投诉15个工作日", full(15, "workday"), "05-20", "06-10"),
    ("10 出让公告20日后挂牌", between(20), "03-10", "03-30"),
    ("10 挂牌10日，第10日为国庆", between(10), "09-21", "10-08"),
    ("11 产权披露20个工作日", full(20, "workday"), "09-15", "10-19"),
    ("11 延长5个工作日", full(5, "workday"), "10-19", "10-26"),
    ("12 矿业权公告20个工作日", between(20, "workday"), "01-30", "03-05"),
    ("12 矿业权挂牌10个工作日", between(10, "workday"), "03-05", "03-19"),
    ("13 评审报告2个工作日", full(2, "workday"), "09-29", "10-08"),
    ("13 确定成交5个工作日", full(5, "workday"), "10-08", "10-14"),
    ("13 结果公告2个工作日", full(2, "workday"), "10-14", "10-16"),
    ("14 签订合同30日，第30日为周日", full(30), "09-04", "10-08"),
    ("18 投诉处理30个工作日", full(30, "workday"), "09-03", "10-21"),
]


@pytest.mark.parametrize(("limit", "start", "end"), [case[1:] for case in ENDS], ids=[case[0] for case in ENDS])
def test_ends(limit: PeriodRule, start: str, end: str) -> None:
    computed = effective_end(limit, day(start), CALENDAR)
    assert computed.ends_on == computed.earliest_on == day(end)
    if limit.measure == "full":
        assert computed.ends_at == at(end) + timedelta(days=1)
        assert computed.next_act_from == day(end) + timedelta(days=1)


def test_the_calendar_of_2026_has_248_working_days() -> None:
    assert CALENDAR.workdays_between(date(2025, 12, 31), day("12-31")) == 248


def test_correction_moves_the_deadline_to_the_same_hour() -> None:
    moved = correction_deadline(between(15), day("04-28"), at("05-12 09:30"), CALENDAR)
    assert (moved.deadline_at, moved.moved, moved.days_left) == (at("05-13 09:30"), True, 14)
    stands = correction_deadline(between(15), day("04-27"), at("05-12 09:30"), CALENDAR)
    assert (stands.deadline_at, stands.moved, stands.days_left) == (at("05-12 09:30"), False, 15)


def test_a_correction_never_brings_a_deadline_forward() -> None:
    kept = correction_deadline(between(15), day("04-01"), at("05-12 09:30"), CALENDAR)
    assert kept.deadline_at == at("05-12 09:30")


@pytest.mark.parametrize(
    ("deadline", "last"), [("10-20", "10-10"), ("10-15", "10-05")], ids=["3 调休日", "3 假日不顺延"]
)
def test_back_limits_are_not_rolled(deadline: str, last: str) -> None:
    objection = rule("T06", "between", 10)
    limit = back_limit(objection, day(deadline), CALENDAR)
    assert limit.ends_on == day(last) and limit.ends_at == at(last) + timedelta(days=1)
    assert check_back(objection, at(f"{last} 23:59"), day(deadline), CALENDAR) is None
    late = check_back(objection, day(last) + timedelta(days=1), day(deadline), CALENDAR)
    assert late is not None and late.suggestion == f"2026-{last}"


def test_back_limits_in_working_days_beyond_the_horizon_are_provisional() -> None:
    limit = back_limit(between(3, "workday"), date(2027, 1, 5), CALENDAR)
    assert limit.is_provisional and limit.open_because == "horizon"


STOPS = [
    ("15 暂停后剩余15日顺延", between(20), "06-30", "06-15", "06-26", "07-13"),
    ("暂停在结束之后，无影响", between(20), "06-10", "06-15", "06-26", "06-10"),
]


@pytest.mark.parametrize(
    ("limit", "old", "stopped", "resumed", "end"), [case[1:] for case in STOPS], ids=[case[0] for case in STOPS]
)
def test_suspension_of_an_announced_deadline(limit: PeriodRule, old: str, stopped: str, resumed: str, end: str) -> None:
    stop = Suspension(at(f"{stopped} 10:00"), at(f"{resumed} 16:00"))
    assert extend(limit, day("06-01"), day(old), CALENDAR, [stop]).ends_on == day(end)


@pytest.mark.parametrize(
    ("floor", "end"), [(10, "04-21"), (None, "04-16")], ids=["16 恢复后不少于10个工作日", "只补足20个工作日"]
)
def test_disclosure_stopped_and_resumed(floor: int | None, end: str) -> None:
    disclosure = full(20, "workday", resume_floor=floor)
    stop = Suspension(at("03-20 09:00"), at("04-07 09:00"))
    assert effective_end(disclosure, day("03-02"), CALENDAR, [stop]).ends_on == day(end)


def test_while_it_stands_still_no_end_is_known() -> None:
    computed = effective_end(full(20, "workday"), day("03-02"), CALENDAR, [Suspension(at("03-20 09:00"))])
    assert computed.open_because == "suspended" and computed.ends_on is None and computed.ends_at is None


OUTAGES = [
    ("17 补足60分钟，进到半点", "11-06 09:30", "11-06 08:50", "11-06 10:20", "11-06 11:30"),
    ("17 下班后，次一工作日9:30", "04-30 16:30", "04-30 15:40", "04-30 16:50", "05-06 09:30"),
    ("不足5分钟不动", "11-06 09:30", "11-06 09:20", "11-06 09:24", "11-06 09:30"),
    ("截止120分钟前的不动", "11-06 09:30", "11-06 06:00", "11-06 07:30", "11-06 09:30"),
    ("截止之后开始的不动", "11-06 09:30", "11-06 09:30", "11-06 12:00", "11-06 09:30"),
    ("通宵故障，清晨恢复，当日9:30", "11-05 16:30", "11-05 16:00", "11-06 03:00", "11-06 09:30"),
]


@pytest.mark.parametrize(
    ("closing", "began", "ended", "moved"), [case[1:] for case in OUTAGES], ids=[case[0] for case in OUTAGES]
)
def test_outages(closing: str, began: str, ended: str, moved: str) -> None:
    assert after_outages(at(closing), [Outage(at(began), at(ended))], CALENDAR) == at(moved)


def test_19_beyond_the_horizon_the_answer_is_provisional() -> None:
    computed = effective_end(full(3, "workday"), day("12-29"), CALENDAR)
    assert computed.is_provisional and computed.open_because == "horizon"
    assert (computed.ends_on, computed.ends_at, computed.earliest_on) == (None, None, date(2027, 1, 4))


def test_hours_run_from_the_instant() -> None:
    receipt = rule("T27", "hours", 12, "hour", "max")
    assert effective_end(receipt, at("04-30 18:20"), CALENDAR).ends_at == at("05-01 06:20")
    with pytest.raises(ValueError, match="begins at an instant"):
        effective_end(receipt, day("04-30"), CALENDAR)


def test_close_of_business_where_the_rule_says_so() -> None:
    answer = full(3, closes_at=at("01-01 17:00").time())
    assert effective_end(answer, day("04-03"), CALENDAR).ends_at == at("04-07 17:00")


def test_a_short_period_names_rule_and_nearest_lawful_date() -> None:
    limit = PeriodRule("T04", "自招标文件开始发出至投标截止", "between", 20, "day", basis="招标投标法第二十四条")
    verdict = check_period(limit, day("02-02"), at("02-23 09:30"), CALENDAR, field="closes_at")
    assert verdict.state == "broken" and verdict.violation is not None
    assert verdict.violation.suggestion == "2026-02-24 09:30"
    assert (verdict.violation.basis, verdict.violation.field) == ("招标投标法第二十四条", "closes_at")
    assert "不得少于20日" in verdict.violation.message and "2026-02-24" in verdict.violation.message
    assert check_period(limit, day("02-02"), at("02-24 09:30"), CALENDAR).state == "holds"
    assert nearest_lawful(limit, day("02-02"), CALENDAR) == at("02-24 09:30")


def test_a_maximum_is_overdue_and_not_broken() -> None:
    limit = full(3, bound="max")
    assert check_period(limit, day("04-03"), at("04-07 23:59"), CALENDAR).state == "holds"
    assert check_period(limit, day("04-03"), at("04-08 00:01"), CALENDAR).state == "overdue"


def test_a_full_period_lasts_to_the_end_of_its_day() -> None:
    limit = full(3)
    states = {end: check_period(limit, day("04-30"), at(end), CALENDAR).state for end in ("05-06 17:00", "05-06 23:59")}
    assert states == {"05-06 17:00": "broken", "05-06 23:59": "holds"}
    assert check_period(limit, day("04-30"), day("05-06"), CALENDAR).state == "holds"


def test_beyond_the_horizon_near_dates_are_unproven_and_far_ones_hold() -> None:
    limit = between(20)
    states = [check_period(limit, day("12-20"), date(2027, *end), CALENDAR).state for end in ((1, 8), (1, 12), (1, 25))]
    assert states == ["broken", "unproven", "holds"]
    assert nearest_lawful(limit, day("12-20"), CALENDAR) == datetime(2027, 1, 25, 9, 30, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("moment", "nearest"),
    [("05-02 10:00", "2026-05-06 09:30"), ("04-30 18:00", "2026-05-06 09:30"), ("05-06 07:00", "2026-05-06 09:30")],
    ids=["假日", "下班后", "上班前"],
)
def test_closings_stand_in_business_hours(moment: str, nearest: str) -> None:
    refused = check_closing(at(moment), CALENDAR)
    assert refused is not None and refused.suggestion == nearest
    assert check_closing(at("05-09 10:00"), CALENDAR) is None


@pytest.mark.parametrize(
    "build",
    [lambda: rule("x", "hours", 1, "day"), lambda: rule("x", "full", 0), lambda: rule("x", "between", 1, "hour"),
     lambda: Outage(at("01-05 10:00"), at("01-05 10:00")), lambda: Suspension(at("01-05 10:00"), at("01-04 10:00"))],
    ids=["小时按日", "零日", "日按小时", "空故障", "先恢复后暂停"],
)  # fmt: skip
def test_senseless_inputs_are_refused(build: Callable[[], object]) -> None:
    with pytest.raises(ValueError):
        build()


RULES = st.builds(
    rule,
    st.just("任意"),
    st.sampled_from(["between", "full", "open"]),
    st.integers(1, 40),
    st.sampled_from(["day", "workday"]),
)
DAYS = st.dates(day("01-01"), day("10-01"))
STOP = st.lists(
    st.tuples(DAYS, st.integers(0, 30)).map(
        lambda pair: Suspension(
            datetime.combine(pair[0], at("01-01 10:00").time(), BEIJING),
            datetime.combine(pair[0] + timedelta(days=pair[1]), at("01-01 15:00").time(), BEIJING),
        )
    ),
    max_size=1,
)


@given(RULES, DAYS, DAYS)
def test_who_starts_later_does_not_end_earlier(limit: PeriodRule, one: date, other: date) -> None:
    first, second = sorted((one, other))
    assert effective_end(limit, first, CALENDAR).earliest_on <= effective_end(limit, second, CALENDAR).earliest_on


@given(RULES, DAYS, STOP)
def test_what_is_rolled_never_ends_on_a_day_off(limit: PeriodRule, start: date, stops: list[Suspension]) -> None:
    computed = effective_end(limit, start, CALENDAR, stops)
    assert limit.measure == "open" or CALENDAR.is_workday(computed.earliest_on)


@given(RULES, DAYS, STOP)
def test_a_suspension_never_shortens(limit: PeriodRule, start: date, stops: list[Suspension]) -> None:
    assert effective_end(limit, start, CALENDAR, stops).earliest_on >= effective_end(limit, start, CALENDAR).earliest_on


@given(RULES, DAYS, STOP)
def test_anybody_can_replay_a_computed_end(limit: PeriodRule, start: date, stops: list[Suspension]) -> None:
    record = written(effective_end(limit, start, CALENDAR, stops))
    assert canonical_json(record) and is_reproduced(record, CALENDAR)
    assert not is_reproduced({**record, "earliest_on": "2025-01-01"}, CALENDAR)


@given(RULES, DAYS)
def test_the_nearest_lawful_date_is_lawful(limit: PeriodRule, start: date) -> None:
    nearest = nearest_lawful(limit, start, CALENDAR)
    assert check_closing(nearest, CALENDAR) is None
    assert check_period(limit, start, nearest.date(), CALENDAR).state == "holds"


def test_another_calendar_is_not_used_for_a_replay() -> None:
    record = written(effective_end(between(20), day("02-02"), CALENDAR))
    with pytest.raises(ValueError, match="computed with calendar"):
        is_reproduced({**record, "calendar": "2025"}, CALENDAR)
