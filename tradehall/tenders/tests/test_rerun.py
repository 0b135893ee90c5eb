"""`rerun`: the next attempt after a failed one; the first stays as it ended, the second pins its own rules."""

import json
from datetime import datetime

import pytest
from django.db import connection

from tradehall.kernel.refusal import NotVisible, Refusal
from tradehall.tenders import selectors
from tradehall.tenders.models import Attempt
from tradehall.tenders.services import end_attempt, rerun
from tradehall.tenders.tests.trades import BIDDER, OWNER, SUPERVISOR, WORKS, announced, on, tender

pytestmark = pytest.mark.django_db
AGAIN = {"documents.until": on(9, 7, 17, 0), "bid_deadline": on(9, 21)}


AFTER = on(8, 24, 10, 0)


def failed(kind: str = "流标", at: datetime = AFTER) -> str:
    project, _ = announced()
    end_attempt(by=OWNER, at=at, project_no=project.project_no, kind=kind, cause="投标人不足三个")
    return project.project_no


def test_the_next_attempt_is_announced_like_the_first() -> None:
    project_no = failed()
    [attempt] = rerun(by=OWNER, at=on(8, 26), project_no=project_no)
    assert (attempt.number, attempt.definition_id) == (2, WORKS)
    published = tender(selectors.project(project_no), at=on(8, 31), dates=AGAIN, title="第二次招标公告")
    value = selectors.rendition(published.notice_no)
    assert (value["attempt"], value["closes_at"]) == (2, "2026-09-21T09:30:00+08:00")
    assert selectors.state(project_no, on(9, 1))[0] == "open"
    assert [one.number for one in selectors.attempts(project_no)] == [1, 2]


def test_it_may_change_the_method_without_touching_the_past() -> None:
    project_no = failed()
    rerun(by=OWNER, at=on(8, 26), project_no=project_no, definition_id="works.open.lowest")
    tender(selectors.project(project_no), definition_id="works.open.lowest", at=on(8, 31), dates=AGAIN)
    assert list(Attempt.objects.order_by("number").values_list("definition_id", flat=True)) == [
        WORKS,
        "works.open.lowest",
    ]


def test_who_may_not() -> None:
    project_no = failed()
    with pytest.raises(NotVisible):
        rerun(by=BIDDER, at=on(8, 26), project_no=project_no)
    with pytest.raises(Refusal, match="招标人"):
        rerun(by=SUPERVISOR, at=on(8, 26), project_no=project_no)


def test_when_it_may_not() -> None:
    project, _ = announced()
    with pytest.raises(Refusal, match="没有已经终结"):
        rerun(by=OWNER, at=on(8, 26), project_no=project.project_no)
    with pytest.raises(Refusal, match="还没有终结"):
        rerun(by=OWNER, at=on(8, 26), project_no=project.project_no, lot_nos=[f"{project.project_no}-001"])


def test_after_a_termination_there_is_no_rerun() -> None:
    project_no = failed("终止", on(8, 10))
    with pytest.raises(Refusal, match="登记新的项目"):
        rerun(by=OWNER, at=on(8, 26), project_no=project_no)


def test_not_twice() -> None:
    project_no = failed()
    rerun(by=OWNER, at=on(8, 26), project_no=project_no)
    with pytest.raises(Refusal, match="没有已经终结"):
        rerun(by=OWNER, at=on(8, 27), project_no=project_no)


def test_what_it_leaves() -> None:
    project_no = failed()
    rerun(by=OWNER, at=on(8, 26), project_no=project_no)
    with connection.cursor() as cursor:
        cursor.execute("select body from journal_entry where code = 'tenders.rerun'")
        [(body,)] = cursor.fetchall()
    assert json.loads(body)["facts"] == {"attempt": 2, "lots": 1}
