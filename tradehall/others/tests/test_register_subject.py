"""`register_subject` of others: it works · who may not · when it may not · what it leaves."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tradehall.kernel.refusal import Refusal
from tradehall.others import rules, selectors
from tradehall.others.rules import QuotaSubject
from tradehall.others.services import register_subject
from tradehall.tenders import selectors as tenders
from tradehall.tenders.tests.subjects import a_lot, codes_stated, entries, only_grows, refuses_whom_and_where
from tradehall.tenders.tests.trades import DAY, OWNER

pytestmark = pytest.mark.django_db
TODAY = DAY.date()
GOOD = QuotaSubject(
    quota="pollution",
    scheme_no="云环气〔2026〕5号",
    authority="云河市生态环境局",
    decided_on=date(2026, 7, 1),
    quantity="1000000",
    unit="吨",
    floor_cents=56_00,
    eligible_emitters="纳入2026年度配额管理的重点排放单位",
    most_per_bidder="200000",
)


def test_it_states_the_facts_that_a_quota_needs() -> None:
    lot_no = a_lot("others")
    register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=GOOD)
    assert codes_stated(lot_no) == {"quota", "eligible_emitters", "starting_price_cents"}


def test_who_may_not() -> None:
    refuses_whom_and_where(register_subject, GOOD, "others")


def test_everything_wrong_is_refused_at_once() -> None:
    lot_no = a_lot("others")
    with pytest.raises(Refusal) as caught:
        register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=replace(GOOD, unit="", floor_cents=0))
    assert {one.field for one in caught.value.violations} == {"unit", "floor_cents"}
    assert codes_stated(lot_no) == set() and selectors.subject_versions(lot_no) == []


def test_a_new_statement_is_a_new_version_and_the_old_one_stays() -> None:
    lot_no = a_lot("others")
    register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=GOOD)
    register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=replace(GOOD, floor_cents=777_00))
    assert [row.floor_cents for row in selectors.subject_versions(lot_no)] == [GOOD.floor_cents, 777_00]
    assert selectors.subject(lot_no).version == 2
    assert "77700" in str(tenders.lot_facts(lot_no)["starting_price_cents"].value)


def test_what_it_leaves() -> None:
    lot_no = a_lot("others")
    register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=GOOD)
    [entry] = entries("others.register_subject")
    assert entry["subject"] == f"lot:{lot_no}@1"
    assert set(entry["facts"]["facts"]) == codes_stated(lot_no)
    only_grows("others_lot")


CASES: dict[str, tuple[dict[str, Any], str]] = {
    "没有这种指标": ({"quota": "水权"}, "quota"),
    "数量不是数字": ({"quantity": "一百万"}, "quantity"),
    "上限超过总量": ({"most_per_bidder": "1000001"}, "most_per_bidder"),
    "上限为负": ({"most_per_bidder": "-1"}, "most_per_bidder"),
    "方案日期在将来": ({"decided_on": date(2026, 8, 4)}, "decided_on"),
    "没有可参加的单位": ({"eligible_emitters": ""}, "eligible_emitters"),
}


@pytest.mark.parametrize("case", CASES)
def test_when_it_may_not(case: str) -> None:
    wrong, field = CASES[case]
    found = rules.violations(replace(GOOD, **wrong), today=TODAY)
    assert [one.field for one in found] == [field]
    assert rules.violations(GOOD, today=TODAY) == []
