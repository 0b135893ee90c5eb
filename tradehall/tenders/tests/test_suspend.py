"""`suspend`: everything stands still, with a notice that says why; once at a time."""

import json

import pytest
from django.db import connection

from tradehall.kernel.refusal import NotVisible, Refusal
from tradehall.tenders import selectors
from tradehall.tenders.models import Hold
from tradehall.tenders.rules import NoticePublished
from tradehall.tenders.services import suspend
from tradehall.tenders.tests.trades import AGENT, BIDDER, DAY, OWNER, SUPERVISOR, a_project, announced, later

pytestmark = pytest.mark.django_db


def stop(project_no: str, **stated: object) -> NoticePublished:
    values = {"by": OWNER, "at": later(2), "reason": "异议待答复", "basis": "条例22", **stated}
    return suspend(project_no=project_no, **values)


def test_every_lot_stands_still() -> None:
    project, _ = announced(("一标段", "二标段"))
    published = stop(project.project_no)
    assert Hold.objects.count() == 2 and selectors.state(project.project_no, later(2))[0] == "suspended"
    attempt = selectors.attempts(project.project_no)[0]
    assert [hold.basis for hold in selectors.holds(attempt, "bids.submit_bid", later(3))] == ["条例22"]
    assert selectors.holds(attempt, "bids.submit_bid", later(1)) == []
    value = selectors.rendition(published.notice_no)
    assert (value["kind"], value["stage"], value["facts"]["cause"]) == ("suspension", "change", "异议待答复")


def test_a_supervisor_orders_it_in_the_name_of_the_body() -> None:
    project, _ = announced()
    stop(project.project_no, by=SUPERVISOR)
    assert Hold.objects.get().ordered_by == f"supervisor:{SUPERVISOR.organisation}"


def test_who_may_not() -> None:
    project, _ = announced()
    with pytest.raises(NotVisible):
        stop(project.project_no, by=BIDDER)
    assert stop(project.project_no, by=AGENT).version == 1


def test_when_it_may_not() -> None:
    with pytest.raises(Refusal, match="没有正在进行"):
        stop(a_project(title="还没有公告的工程").project_no, at=DAY)
    project, _ = announced()
    with pytest.raises(Refusal) as caught:
        stop(project.project_no, reason="", basis=" ")
    assert [violation.field for violation in caught.value.violations] == ["reason", "basis"]
    stop(project.project_no)
    with pytest.raises(Refusal, match="起暂停"):
        stop(project.project_no, at=later(3))
    assert Hold.objects.count() == 1


def test_what_it_leaves() -> None:
    project, _ = announced()
    published = stop(project.project_no)
    with connection.cursor() as cursor:
        cursor.execute("select code, body from journal_entry order by id desc limit 2")
        [(last, body), (before, _)] = cursor.fetchall()
    assert (before, last) == ("tenders.publish_notice", "tenders.suspend")
    entry = json.loads(body)
    assert entry["subject"] == f"project:{project.project_no}"
    assert entry["facts"] == {"attempt": 1, "lots": 1, "notice_no": published.notice_no}
