"""`register_subject` of property: it works · who may not · when it may not · what it leaves."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tradehall.kernel.refusal import Refusal
from tradehall.property import rules, selectors
from tradehall.property.rules import AssetSubject
from tradehall.property.services import register_subject
from tradehall.tenders import selectors as tenders
from tradehall.tenders.tests.subjects import a_lot, codes_stated, entries, only_grows, refuses_whom_and_where, required
from tradehall.tenders.tests.trades import DAY, OWNER

pytestmark = pytest.mark.django_db
TODAY = DAY.date()
GOOD = AssetSubject(
    asset="real_estate",
    name="沿江路12号旧厂房",
    approval_no="云国资〔2026〕21号",
    approval_authority="云河市国有资产监督管理委员会",
    approved_on=date(2026, 6, 1),
    valuation_cents=4_300_000_000,
    valuer="云河资产评估有限公司",
    valued_on=date(2026, 5, 31),
    filing_no="云国资评备〔2026〕7号",
)
EQUITY = replace(GOOD, asset="equity", share="51", priority_holders="云河投资有限公司", staff_settlement="不涉及")


def test_it_states_what_the_definitions_ask_for() -> None:
    lot_no = a_lot("property")
    register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=EQUITY)
    assert required("property.asset", "property.equity") <= codes_stated(lot_no)


def test_who_may_not() -> None:
    refuses_whom_and_where(register_subject, GOOD, "property")


def test_everything_wrong_is_refused_at_once() -> None:
    lot_no = a_lot("property")
    with pytest.raises(Refusal) as caught:
        register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=replace(GOOD, name="", valuation_cents=0))
    assert {one.field for one in caught.value.violations} == {"name", "valuation_cents"}
    assert codes_stated(lot_no) == set() and selectors.subject_versions(lot_no) == []


def test_a_new_statement_is_a_new_version_and_the_old_one_stays() -> None:
    lot_no = a_lot("property")
    register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=GOOD)
    register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=replace(GOOD, valuation_cents=777_00))
    assert [row.valuation_cents for row in selectors.subject_versions(lot_no)] == [GOOD.valuation_cents, 777_00]
    assert selectors.subject(lot_no).version == 2
    assert "77700" in str(tenders.lot_facts(lot_no)["valuation"].value)


def test_what_it_leaves() -> None:
    lot_no = a_lot("property")
    register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=GOOD)
    [entry] = entries("property.register_subject")
    assert entry["subject"] == f"lot:{lot_no}@1"
    assert set(entry["facts"]["facts"]) == codes_stated(lot_no)
    only_grows("property_lot")


CASES: dict[str, tuple[dict[str, Any], str]] = {
    "没有这种资产": ({"asset": "其他"}, "asset"),
    "批准日期在将来": ({"approved_on": date(2026, 8, 4)}, "approved_on"),
    "评估满一年": ({"valued_on": date(2025, 8, 3)}, "valued_on"),
    "评估基准日在将来": ({"valued_on": date(2026, 8, 4)}, "valued_on"),
    "没有备案编号": ({"filing_no": ""}, "filing_no"),
    "股权没有比例": ({"asset": "equity", "priority_holders": "无", "staff_settlement": "不涉及"}, "share"),
    "股权没有优先购买权人": ({"asset": "equity", "share": "30", "staff_settlement": "不涉及"}, "priority_holders"),
}


@pytest.mark.parametrize("case", CASES)
def test_when_it_may_not(case: str) -> None:
    wrong, field = CASES[case]
    found = rules.violations(replace(GOOD, **wrong), today=TODAY)
    assert [one.field for one in found] == [field]
    assert rules.violations(GOOD, today=TODAY) == []


@pytest.mark.parametrize(
    ("valued_on", "until"),
    [
        pytest.param(date(2025, 8, 4), date(2026, 8, 4), id="最后一天仍有效"),
        pytest.param(date(2024, 2, 29), date(2025, 2, 28), id="闰日"),
    ],
)
def test_a_valuation_holds_one_year(valued_on: date, until: date) -> None:
    assert rules.good_until(valued_on) == until
    assert rules.violations(replace(GOOD, valued_on=date(2025, 8, 4)), today=TODAY) == []
