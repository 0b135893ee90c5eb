"""`register_subject` of procurement: it works · who may not · when it may not · what it leaves."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tradehall.kernel.refusal import Refusal
from tradehall.procurement import rules, selectors
from tradehall.procurement.rules import PurchaseSubject
from tradehall.procurement.services import register_subject
from tradehall.tenders import selectors as tenders
from tradehall.tenders.tests.subjects import a_lot, codes_stated, entries, only_grows, refuses_whom_and_where, required
from tradehall.tenders.tests.trades import DAY, OWNER

pytestmark = pytest.mark.django_db
TODAY = DAY.date()
GOOD = PurchaseSubject(
    budget_cents=88_000_000,
    budget_year=2026,
    catalogue_code="C2101",
    catalogue_name="体检服务",
    specification="全市在职教师年度健康体检",
    sme_policy="reserved",
)
WITH_APPROVAL = replace(GOOD, method_approval_no="云财采〔2026〕8号", method_approved_on=date(2026, 7, 1))


def test_it_states_what_the_definitions_ask_for() -> None:
    lot_no = a_lot("procurement")
    register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=WITH_APPROVAL)
    assert required(
        "procurement.open", "procurement.negotiation", "procurement.consultation", "procurement.inquiry"
    ) <= codes_stated(lot_no)


def test_who_may_not() -> None:
    refuses_whom_and_where(register_subject, GOOD, "procurement")


def test_everything_wrong_is_refused_at_once() -> None:
    lot_no = a_lot("procurement")
    with pytest.raises(Refusal) as caught:
        register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=replace(GOOD, budget_cents=0, sme_policy="always"))
    assert {one.field for one in caught.value.violations} == {"budget_cents", "sme_policy"}
    assert codes_stated(lot_no) == set() and selectors.subject_versions(lot_no) == []


def test_a_new_statement_is_a_new_version_and_the_old_one_stays() -> None:
    lot_no = a_lot("procurement")
    register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=GOOD)
    register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=replace(GOOD, budget_cents=777_00))
    assert [row.budget_cents for row in selectors.subject_versions(lot_no)] == [GOOD.budget_cents, 777_00]
    assert selectors.subject(lot_no).version == 2
    assert "77700" in str(tenders.lot_facts(lot_no)["budget"].value)


def test_what_it_leaves() -> None:
    lot_no = a_lot("procurement")
    register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=GOOD)
    [entry] = entries("procurement.register_subject")
    assert entry["subject"] == f"lot:{lot_no}@1"
    assert set(entry["facts"]["facts"]) == codes_stated(lot_no)
    only_grows("procurement_lot")


CASES: dict[str, tuple[dict[str, Any], str]] = {
    "预算为负": ({"budget_cents": -1}, "budget_cents"),
    "预算年度太远": ({"budget_year": 2029}, "budget_year"),
    "品目代码不对": ({"catalogue_code": "D01"}, "catalogue_code"),
    "没有这种政策": ({"sme_policy": "其他"}, "sme_policy"),
    "不适宜却没有理由": ({"sme_policy": "not_suitable"}, "sme_reason"),
    "有批准文号没有日期": ({"method_approval_no": "云财采〔2026〕8号"}, "method_approved_on"),
    "批准日期在将来": (
        {"method_approval_no": "云财采〔2026〕8号", "method_approved_on": date(2027, 1, 1)},
        "method_approved_on",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_when_it_may_not(case: str) -> None:
    wrong, field = CASES[case]
    found = rules.violations(replace(GOOD, **wrong), today=TODAY)
    assert [one.field for one in found] == [field]
    assert rules.violations(GOOD, today=TODAY) == []
