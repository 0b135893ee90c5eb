"""`withdraw_notice`: a plan that no longer stands says so in its next version; announcements are ended instead."""

import pytest
from django.db import connection

from tradehall.kernel.refusal import NotVisible, Refusal
from tradehall.tenders import selectors
from tradehall.tenders.services import correct_notice, withdraw_notice
from tradehall.tenders.tests.trades import OWNER, STRANGER, SUPERVISOR, a_project, announced, later, tender

pytestmark = pytest.mark.django_db


def a_plan() -> str:
    facts = {"expected_on": "2026-10"}
    return tender(a_project(), kind="plan", title="招标计划", dates={}, facts=facts, by=OWNER).notice_no


def test_the_next_version_says_it_no_longer_stands() -> None:
    notice_no = a_plan()
    published = withdraw_notice(by=OWNER, at=later(1), notice_no=notice_no, reason="年度计划调整")
    value = selectors.rendition(notice_no)
    assert (published.version, value["nature"], value["reason"]) == (2, "termination", "年度计划调整")
    assert value["changes"] == [{"label": "公告效力", "old": "有效", "new": "已撤回"}]
    assert selectors.rendition(notice_no, 1)["nature"] == "normal"


def test_a_plan_may_be_corrected_before() -> None:
    notice_no = a_plan()
    correct_notice(
        by=OWNER,
        at=later(1),
        notice_no=notice_no,
        reason="时间调整",
        affects_bids=False,
        facts={"expected_on": "2026-11"},
    )
    assert selectors.rendition(notice_no)["changes"] == [{"label": "预计时间", "old": "2026-10", "new": "2026-11"}]


def test_who_may_not() -> None:
    notice_no = a_plan()
    with pytest.raises(NotVisible):
        withdraw_notice(by=STRANGER, at=later(1), notice_no=notice_no, reason="x")
    with pytest.raises(Refusal, match="招标人"):
        withdraw_notice(by=SUPERVISOR, at=later(1), notice_no=notice_no, reason="x")


def test_when_it_may_not() -> None:
    _, published = announced()
    with pytest.raises(Refusal, match="终止本次交易"):
        withdraw_notice(by=OWNER, at=later(1), notice_no=published.notice_no, reason="x")
    notice_no = tender(a_project(title="另一工程"), kind="plan", title="招标计划", dates={}, facts={}).notice_no
    withdraw_notice(by=OWNER, at=later(1), notice_no=notice_no, reason="年度计划调整")
    with pytest.raises(Refusal, match="已经撤回"):
        withdraw_notice(by=OWNER, at=later(2), notice_no=notice_no, reason="年度计划调整")
    with pytest.raises(Refusal, match="已经撤回"):
        correct_notice(by=OWNER, at=later(2), notice_no=notice_no, reason="x", affects_bids=False, title="新标题")


def test_what_it_leaves() -> None:
    withdraw_notice(by=OWNER, at=later(1), notice_no=a_plan(), reason="年度计划调整")
    with connection.cursor() as cursor:
        cursor.execute("select code, subject_version from journal_entry order by id desc limit 2")
        assert cursor.fetchall() == [("tenders.withdraw_notice", 2), ("tenders.correct_notice", 2)]
