"""`register_subject` of land: it works · who may not · when it may not · what it leaves."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tradehall.kernel.refusal import Refusal
from tradehall.land import rules, selectors
from tradehall.land.rules import LandSubject
from tradehall.land.services import register_subject
from tradehall.tenders import selectors as tenders
from tradehall.tenders.tests.subjects import a_lot, codes_stated, entries, only_grows, refuses_whom_and_where, required
from tradehall.tenders.tests.trades import DAY, OWNER

pytestmark = pytest.mark.django_db
TODAY = DAY.date()
GOOD = LandSubject(
    right="land",
    parcel_no="2026-07号地块",
    location="临港区潮生路东侧",
    area_m2="32568.40",
    use="居住用地",
    term_years=70,
    plan_no="云自然资〔2026〕2号",
    conditions_no="云规条〔2026〕15号",
    conditions="容积率不大于2.0，建筑限高60米",
    conditions_authority="云河市自然资源和规划局",
    conditions_on=date(2026, 6, 1),
    appraisal_cents=90_000_000_000,
    appraiser="云河土地房地产评估有限公司",
    appraised_on=date(2026, 6, 20),
    reserve_decision_no="云土委〔2026〕4号",
)


def test_it_states_what_the_definitions_ask_for() -> None:
    lot_no = a_lot("land")
    register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=GOOD)
    assert required("land.listing") <= codes_stated(lot_no)


def test_who_may_not() -> None:
    refuses_whom_and_where(register_subject, GOOD, "land")


def test_everything_wrong_is_refused_at_once() -> None:
    lot_no = a_lot("land")
    with pytest.raises(Refusal) as caught:
        register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=replace(GOOD, area_m2="很大", conditions=""))
    assert {one.field for one in caught.value.violations} == {"area_m2", "conditions"}
    assert codes_stated(lot_no) == set() and selectors.subject_versions(lot_no) == []


def test_a_new_statement_is_a_new_version_and_the_old_one_stays() -> None:
    lot_no = a_lot("land")
    register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=GOOD)
    register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=replace(GOOD, appraisal_cents=777_00))
    assert [row.appraisal_cents for row in selectors.subject_versions(lot_no)] == [GOOD.appraisal_cents, 777_00]
    assert selectors.subject(lot_no).version == 2
    assert "77700" in str(tenders.lot_facts(lot_no)["appraisal"].value)


def test_what_it_leaves() -> None:
    lot_no = a_lot("land")
    register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=GOOD)
    [entry] = entries("land.register_subject")
    assert entry["subject"] == f"lot:{lot_no}@1"
    assert set(entry["facts"]["facts"]) == codes_stated(lot_no)
    only_grows("land_lot")


CASES: dict[str, tuple[dict[str, Any], str]] = {
    "没有这种权利": ({"right": "海域"}, "right"),
    "面积为零": ({"area_m2": "0"}, "area_m2"),
    "住宅用地七十一年": ({"term_years": 71}, "term_years"),
    "商业用地四十一年": ({"use": "商业用地", "term_years": 41}, "term_years"),
    "年限为零": ({"term_years": 0}, "term_years"),
    "规划条件在将来": ({"conditions_on": date(2026, 8, 4)}, "conditions_on"),
    "没有集体决策": ({"reserve_decision_no": ""}, "reserve_decision_no"),
    "评估价为负": ({"appraisal_cents": -5}, "appraisal_cents"),
}


@pytest.mark.parametrize("case", CASES)
def test_when_it_may_not(case: str) -> None:
    wrong, field = CASES[case]
    found = rules.violations(replace(GOOD, **wrong), today=TODAY)
    assert [one.field for one in found] == [field]
    assert rules.violations(GOOD, today=TODAY) == []


def test_a_mining_right_states_its_own_facts() -> None:
    lot_no = a_lot("land")
    mining = replace(GOOD, right="mining", use="建筑用石料", term_years=80)
    register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=mining)
    assert required("mining.listing") <= codes_stated(lot_no)


@pytest.mark.parametrize(("use", "years"), [("居住、商业混合用地", 40), ("工业用地", 50), ("公共设施用地", 50)])
def test_the_longest_term_is_that_of_the_strictest_part(use: str, years: int) -> None:
    assert rules.longest_years(use) == years
