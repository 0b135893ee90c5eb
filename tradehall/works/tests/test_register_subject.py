"""`register_subject` of works: it works · who may not · when it may not · what it leaves."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tradehall.kernel.refusal import Refusal
from tradehall.tenders import selectors as tenders
from tradehall.tenders.tests.subjects import a_lot, codes_stated, entries, only_grows, refuses_whom_and_where, required
from tradehall.tenders.tests.trades import DAY, OWNER
from tradehall.works import rules, selectors
from tradehall.works.rules import WorksSubject
from tradehall.works.services import register_subject

pytestmark = pytest.mark.django_db
TODAY = DAY.date()
GOOD = WorksSubject(
    approval_no="云发改投〔2026〕17号",
    approval_authority="云河市发展和改革委员会",
    approved_on=date(2026, 7, 1),
    funds="市级财政资金",
    specification="雨水泵站改造施工，图纸已经审查",
    estimate_cents=1_500_000_000,
    public_share="100",
    investment_code="2026-310115-48-01-000123",
)


def test_it_states_what_the_definitions_ask_for() -> None:
    lot_no = a_lot("works")
    register_subject(
        by=OWNER, at=DAY, lot_no=lot_no, subject=replace(GOOD, invitation_approval_no="云发改招〔2026〕3号")
    )
    assert required("works.open.post", "works.invited") <= codes_stated(lot_no)


def test_who_may_not() -> None:
    refuses_whom_and_where(register_subject, GOOD, "works")


def test_everything_wrong_is_refused_at_once() -> None:
    lot_no = a_lot("works")
    with pytest.raises(Refusal) as caught:
        register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=replace(GOOD, funds="", estimate_cents=-1))
    assert {one.field for one in caught.value.violations} == {"funds", "estimate_cents"}
    assert codes_stated(lot_no) == set() and selectors.subject_versions(lot_no) == []


def test_a_new_statement_is_a_new_version_and_the_old_one_stays() -> None:
    lot_no = a_lot("works")
    register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=GOOD)
    register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=replace(GOOD, estimate_cents=777_00))
    assert [row.estimate_cents for row in selectors.subject_versions(lot_no)] == [GOOD.estimate_cents, 777_00]
    assert selectors.subject(lot_no).version == 2
    assert "77700" in str(tenders.lot_facts(lot_no)["estimate"].value)


def test_what_it_leaves() -> None:
    lot_no = a_lot("works")
    register_subject(by=OWNER, at=DAY, lot_no=lot_no, subject=GOOD)
    [entry] = entries("works.register_subject")
    assert entry["subject"] == f"lot:{lot_no}@1"
    assert set(entry["facts"]["facts"]) == codes_stated(lot_no)
    only_grows("works_lot")


CASES: dict[str, tuple[dict[str, Any], str]] = {
    "没有批准文号": ({"approval_no": ""}, "approval_no"),
    "批准日期在将来": ({"approved_on": date(2026, 8, 4)}, "approved_on"),
    "没有资金来源": ({"funds": " "}, "funds"),
    "估算价为零": ({"estimate_cents": 0}, "estimate_cents"),
    "国有资金比例超过一百": ({"public_share": "101"}, "public_share"),
    "统一代码的类型不对": ({"investment_code": "2026-310115-48-09-000123"}, "investment_code"),
    "邀请招标批准文号为空": ({"invitation_approval_no": ""}, "invitation_approval_no"),
    "采购范围写了手机号码": ({"specification": "联系13812345678"}, "specification"),
}


@pytest.mark.parametrize("case", CASES)
def test_when_it_may_not(case: str) -> None:
    wrong, field = CASES[case]
    found = rules.violations(replace(GOOD, **wrong), today=TODAY)
    assert [one.field for one in found] == [field]
    assert rules.violations(GOOD, today=TODAY) == []
