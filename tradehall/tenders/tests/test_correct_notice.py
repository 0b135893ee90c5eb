"""`correct_notice`: the next version with everything that changed; the law moves the deadline, nobody brings it forward."""

import json
from datetime import datetime

import pytest
from django.db import connection

from tradehall.kernel.money import amount
from tradehall.kernel.refusal import NotVisible, Refusal, Violation
from tradehall.tenders import selectors
from tradehall.tenders.models import Notice, Term
from tradehall.tenders.rules import NoticePublished
from tradehall.tenders.services import correct_notice, end_attempt, record_notices, suspend
from tradehall.tenders.tests.samples import AT, SYSTEM, TENDER
from tradehall.tenders.tests.trades import AGENT, BODY, OWNER, STRANGER, SUPERVISOR, announced, later, on

pytestmark = pytest.mark.django_db
MORE = ({"type": "paragraph", "text": "资质要求改为市政公用工程施工总承包二级及以上。"},)


def correct(notice_no: str, at: datetime, **stated: object) -> NoticePublished:
    values = {"by": AGENT, "reason": "采购需求调整", "affects_bids": False, **stated}
    return correct_notice(at=at, notice_no=notice_no, **values)


def refused(at: datetime, **stated: object) -> dict[str, Violation]:
    _, published = announced()
    with pytest.raises(Refusal) as caught:
        correct(published.notice_no, at, **stated)
    assert Notice.objects.count() == 1
    return {violation.code: violation for violation in caught.value.violations}


def test_the_next_version_says_what_changed_and_the_old_one_stays() -> None:
    _, first = announced()
    second = correct(
        first.notice_no, later(2), title="滨江路雨水泵站改造工程施工招标公告（更正）", body=(*BODY, *MORE),
        amount=amount(1_400_000_000), facts={"ceiling_cents": 1_400_000_000},
    )  # fmt: skip
    assert (second.notice_no, second.version) == (first.notice_no, 2)
    value = selectors.rendition(first.notice_no)
    assert [change["label"] for change in value["changes"]] == ["标题", "最高投标限价", "最高限价", "正文"]
    assert value["changes"][1] == {"label": "最高投标限价", "old": "15,000,000.00 元", "new": "14,000,000.00 元"}
    assert value["changes"][3] == {"label": "正文", "old": "（无）", "new": MORE[0]["text"]}
    assert (value["nature"], value["replaces"], value["reason"]) == (
        "correction",
        1,
        "采购需求调整（不影响投标（响应）文件编制）",
    )
    assert value["closes_at"] == "2026-08-24T09:30:00+08:00" and value["moved_from"] is None
    assert selectors.rendition(first.notice_no, 1)["title"] == "滨江路雨水泵站改造工程施工招标公告"


def test_a_correction_that_affects_bids_moves_the_deadline_and_the_opening() -> None:
    project, first = announced()
    correct(first.notice_no, on(8, 12, 10, 0), affects_bids=True, body=(*BODY, *MORE))
    value = selectors.rendition(first.notice_no)
    assert value["closes_at"] == value["opens_at"] == "2026-08-27T09:30:00+08:00"
    assert value["moved_from"] == "2026-08-24T09:30:00+08:00"
    moved = [(term["code"], term["rule"], term["was"]) for term in value["terms"] if term["was"]]
    assert moved == [("bid_deadline", "T05", value["moved_from"]), ("opening", None, value["moved_from"])]
    [attempt] = selectors.attempts(project.project_no)
    term = selectors.terms(attempt)["bid_deadline"]
    assert (term.rule, term.value_at, term.inputs["start"]) == ("T05", on(8, 27), "correction.published")


def test_fifteen_days_before_the_deadline_nothing_moves() -> None:
    _, first = announced()
    correct(first.notice_no, on(8, 7), affects_bids=True, body=(*BODY, *MORE))
    value = selectors.rendition(first.notice_no)
    assert value["moved_from"] is None and value["closes_at"] == "2026-08-24T09:30:00+08:00"


def test_each_correction_counts_from_its_own_date() -> None:
    _, first = announced()
    correct(first.notice_no, on(8, 12), affects_bids=True, body=(*BODY, *MORE))
    third = correct(first.notice_no, on(8, 20), affects_bids=True, body=BODY)
    value = selectors.rendition(first.notice_no)
    assert (third.version, value["closes_at"]) == (3, "2026-09-04T09:30:00+08:00")
    assert value["moved_from"] == "2026-08-27T09:30:00+08:00" and Term.objects.filter(code="bid_deadline").count() == 3


def test_a_deadline_may_be_set_later_than_the_law_asks() -> None:
    _, first = announced()
    correct(first.notice_no, on(8, 12), affects_bids=True, dates={"bid_deadline": on(9, 2)})
    value = selectors.rendition(first.notice_no)
    assert value["closes_at"] == value["opens_at"] == "2026-09-02T09:30:00+08:00"
    assert [change["label"] for change in value["changes"]] == ["投标（响应）截止", "开标时间"]


CASES = {
    "没有原因": (later(1), {"title": "新标题", "reason": " "}, "tenders.missing", None),
    "没有任何改动": (later(1), {}, "tenders.no_change", None),
    "截止提前": (later(1), {"dates": {"bid_deadline": on(8, 21)}}, "tenders.deadline_earlier", "2026-08-24 09:30"),
    "写明的新截止仍少于15日": (
        on(8, 12), {"affects_bids": True, "dates": {"bid_deadline": on(8, 25)}}, "T05", "2026-08-27 09:30",
    ),
    "已过截止时间": (on(8, 24, 9, 30), {"title": "新标题"}, "tenders.closed", None),
    "截止不是工作日": (
        later(1), {"dates": {"bid_deadline": on(8, 29)}}, "platform.business_hours", "2026-08-31 09:30",
    ),
    "没有这个时间": (later(1), {"dates": {"listing.until": on(8, 31)}}, "tenders.date_unknown", None),
    "没有这个要素": (later(1), {"facts": {"colour": "red"}}, "tenders.fact", None),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_when_it_may_not(case: str) -> None:
    at, stated, code, nearest = CASES[case]
    assert refused(at, **stated)[code].suggestion == nearest


def test_who_may_not() -> None:
    _, published = announced()
    with pytest.raises(NotVisible):
        correct(published.notice_no, later(1), by=STRANGER, title="新标题")
    with pytest.raises(Refusal, match="招标人"):
        correct(published.notice_no, later(1), by=SUPERVISOR, title="新标题")
    [receipt] = record_notices([TENDER], by=SYSTEM, at=AT)
    with pytest.raises(NotVisible):
        correct(receipt.notice_no, later(60), title="别人报送的公告")


def test_not_while_it_stands_still_and_not_after_the_end() -> None:
    project, published = announced()
    suspend(by=OWNER, at=later(1), project_no=project.project_no, reason="异议待答复", basis="条例22")
    with pytest.raises(Refusal, match="暂停"):
        correct(published.notice_no, later(2), title="新标题")
    end_attempt(by=OWNER, at=later(3), project_no=project.project_no, kind="终止", cause="规划调整")
    with pytest.raises(Refusal, match="已终结"):
        correct(published.notice_no, later(4), title="新标题")


def test_a_lot_that_ended_does_not_keep_the_others_from_being_corrected() -> None:
    project, published = announced(("一标段", "二标段"))
    lot_no = f"{project.project_no}-002"
    end_attempt(by=OWNER, at=later(1), project_no=project.project_no, kind="终止", cause="规划调整", lot_nos=[lot_no])
    correct(published.notice_no, on(8, 12), affects_bids=True, title="新标题")
    first, second = selectors.attempts(project.project_no)
    assert selectors.terms(first)["bid_deadline"].value_at == on(8, 27)
    assert selectors.terms(second)["bid_deadline"].value_at == on(8, 24)


def test_what_it_leaves() -> None:
    _, published = announced()
    correct(published.notice_no, later(1), title="新标题")
    with connection.cursor() as cursor:
        cursor.execute("select subject_version, body from journal_entry where code = 'tenders.correct_notice'")
        [(version, body)] = cursor.fetchall()
    assert version == 2
    assert json.loads(body)["facts"]["digest_sha256"] == Notice.objects.get(version=2).digest_sha256
