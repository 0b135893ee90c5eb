"""`publish_stage_notice`: a later stage announces its record; publicity lasts as long as the law asks."""

import json
from datetime import datetime

import pytest
from django.db import connection

from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Refusal, Violation
from tradehall.tenders import selectors
from tradehall.tenders.models import Notice
from tradehall.tenders.rules import NoticePublished
from tradehall.tenders.services import publish_stage_notice
from tradehall.tenders.tests.trades import AGENT, BIDDER, BODY, announced, on

pytestmark = pytest.mark.django_db
CANDIDATES = [{"name": "云河第三建筑有限公司", "uscc": None, "rank": 1, "price": None, "score": "92.5"}]
REPORTED = on(8, 26, 10, 0)


def show(project_no: str, at: datetime = REPORTED, **stated: object) -> NoticePublished:
    values = {
        "by": AGENT, "kind": "candidates", "about": Ref("report", "E-1", 1), "title": "中标候选人公示", "body": BODY,
        "dates": {"review.ends": on(8, 31, 23, 59)}, "facts": {"candidates": CANDIDATES}, **stated,
    }  # fmt: skip
    return publish_stage_notice(at=at, project_no=project_no, **values)


def refused(**stated: object) -> dict[str, Violation]:
    project, _ = announced()
    with pytest.raises(Refusal) as caught:
        show(project.project_no, **stated)
    assert Notice.objects.count() == 1
    return {violation.code: violation for violation in caught.value.violations}


def test_it_announces_the_record_and_its_publicity() -> None:
    project, _ = announced()
    published = show(project.project_no)
    value = selectors.rendition(published.notice_no)
    assert (value["kind"], value["stage"], value["attempt"]) == ("candidates", "review", 1)
    assert value["facts"]["review_until"] == "2026-08-31T23:59:00+08:00" and value["facts"]["about_record"] == "E-1"
    assert [(term["code"], term["rule"]) for term in value["terms"]] == [("review_ends", "T16b")]
    assert Notice.objects.get(notice_no=published.notice_no).about == "report:E-1@1"
    assert selectors.state(project.project_no, on(8, 27))[0] == "review"
    assert selectors.state(project.project_no, on(9, 1))[0] == "review_over"


CASES = {
    "公示不足3日": ({"dates": {"review.ends": on(8, 28, 23, 59)}}, "T16b", "2026-08-31"),
    "公示期满在周末则顺延": ({"dates": {"review.ends": on(8, 29, 23, 59)}}, "T16b", "2026-08-31"),
    "没有公示期满": ({"dates": {}}, "tenders.date_missing", None),
    "截止前不能公示": (
        {"at": on(8, 20), "dates": {"review.ends": on(8, 24, 23, 59)}},
        "tenders.too_soon",
        "2026-08-24 09:30",
    ),
    "不是环节公告": ({"kind": "tender_notice", "dates": {}}, "tenders.kind", None),
    "规则中没有这个时间": (
        {"dates": {"review.ends": on(8, 31, 23, 59), "hammer.at": on(8, 27)}},
        "tenders.date_unknown",
        None,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_when_it_may_not(case: str) -> None:
    stated, code, nearest = CASES[case]
    assert refused(**stated)[code].suggestion == nearest


def test_who_may_not() -> None:
    project, _ = announced()
    with pytest.raises(NotVisible):
        show(project.project_no, by=BIDDER)


def test_what_it_leaves() -> None:
    project, _ = announced()
    published = show(project.project_no)
    with connection.cursor() as cursor:
        cursor.execute("select body from journal_entry order by id desc limit 1")
        [(body,)] = cursor.fetchall()
    assert json.loads(body)["subject"] == f"notice:{published.notice_no}@1"
    assert json.loads(body)["facts"]["kind"] == "candidates"
