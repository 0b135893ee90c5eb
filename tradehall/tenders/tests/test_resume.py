"""`resume`: what was left when it stopped runs again; the notice says which times moved."""

from datetime import datetime

import pytest
from django.db import connection

from tradehall.kernel.refusal import Refusal, Violation
from tradehall.tenders import selectors
from tradehall.tenders.models import Hold
from tradehall.tenders.services import correct_notice, resume, suspend
from tradehall.tenders.tests.trades import AGENT, DATES, OWNER, SUPERVISOR, a_project, announced, on, tender, with_facts

pytestmark = pytest.mark.django_db


STOPPED = on(8, 12)


def stopped(at: datetime = STOPPED, by: object = OWNER) -> str:
    project, _ = announced()
    suspend(by=by, at=at, project_no=project.project_no, reason="异议待答复", basis="条例22")
    return project.project_no


def refused(project_no: str, **stated: object) -> dict[str, Violation]:
    with pytest.raises(Refusal) as caught:
        resume(project_no=project_no, **{"by": OWNER, "at": on(8, 20), "reason": "异议已答复", **stated})
    return {violation.code: violation for violation in caught.value.violations}


def test_the_deadline_moves_by_what_was_left() -> None:
    project_no = stopped()
    published = resume(by=OWNER, at=on(8, 20), project_no=project_no, reason="异议已答复")
    value = selectors.rendition(published.notice_no)
    # Twelve days were left on the 12th: the 20th and twelve more.
    assert value["closes_at"] == value["opens_at"] == "2026-09-01T09:30:00+08:00"
    assert (value["kind"], value["moved_from"]) == ("resumption", "2026-08-24T09:30:00+08:00")
    assert [term["code"] for term in value["terms"]] == ["bid_deadline", "opening"]
    assert selectors.state(project_no, on(8, 31))[0] == "open" and selectors.state(project_no, on(9, 2))[0] == "closed"
    assert Hold.objects.get().released_at == on(8, 20)


def test_an_end_on_a_day_off_rolls() -> None:
    resume(by=OWNER, at=on(8, 17), project_no=stopped(), reason="异议已答复")
    [attempt] = selectors.attempts("GC-2026-08-0001")
    term = selectors.terms(attempt)["bid_deadline"]
    assert term.value_at == on(8, 31) and term.rule == "T04"
    assert term.inputs["suspensions"] == [["2026-08-12T09:30:00+08:00", "2026-08-17T09:30:00+08:00"]]


def test_afterwards_it_goes_on_from_the_new_times() -> None:
    project, first = announced()
    suspend(by=OWNER, at=on(8, 12), project_no=project.project_no, reason="异议待答复", basis="条例22")
    resume(by=OWNER, at=on(8, 20), project_no=project.project_no, reason="异议已答复")
    correct_notice(by=AGENT, at=on(8, 25), notice_no=first.notice_no, reason="澄清", affects_bids=True, title="新标题")
    value = selectors.rendition(first.notice_no)
    assert (value["moved_from"], value["closes_at"]) == ("2026-09-01T09:30:00+08:00", "2026-09-09T09:30:00+08:00")
    suspend(by=OWNER, at=on(8, 26), project_no=project.project_no, reason="再次异议", basis="条例22")
    assert Hold.objects.count() == 2


def test_later_times_may_be_set_but_no_earlier_ones() -> None:
    project_no = stopped()
    found = refused(project_no, dates={"bid_deadline": on(8, 31)})
    assert found["tenders.resume_term"].suggestion == "2026-09-01 09:30"
    resume(by=OWNER, at=on(8, 20), project_no=project_no, reason="异议已答复", dates={"bid_deadline": on(9, 4)})
    assert selectors.terms(selectors.attempts(project_no)[0])["opening"].value_at == on(9, 4)


def test_lots_with_times_of_their_own_are_resumed_one_by_one() -> None:
    project = with_facts(a_project(("一标段", "二标段")))
    first, second = (lot.lot_no for lot in selectors.lots(project.project_no))
    tender(project, lot_nos=[first])
    tender(project, lot_nos=[second], dates={**DATES, "bid_deadline": on(8, 28)})
    suspend(by=OWNER, at=on(8, 12), project_no=project.project_no, reason="异议待答复", basis="条例22")
    assert "tenders.mixed_terms" in refused(project.project_no)
    for lot_no, closes in ((first, "2026-09-01"), (second, "2026-09-07")):
        stated = {"by": OWNER, "at": on(8, 20), "reason": "异议已答复", "lot_nos": [lot_no]}
        value = selectors.rendition(resume(project_no=project.project_no, **stated).notice_no)
        assert str(value["closes_at"])[:10] == closes and [lot["lot_no"] for lot in value["lots"]] == [lot_no]


def test_who_may_not() -> None:
    project_no = stopped(by=SUPERVISOR)
    assert "行政监督部门" in refused(project_no)["tenders.role"].message
    assert resume(by=SUPERVISOR, at=on(8, 20), project_no=project_no, reason="调查结束").version == 1


def test_when_it_may_not() -> None:
    project_no = stopped()
    assert "tenders.missing" in refused(project_no, reason="")
    assert "tenders.resume_time" in refused(project_no, at=on(8, 12))
    resume(by=OWNER, at=on(8, 20), project_no=project_no, reason="异议已答复")
    assert "tenders.not_held" in refused(project_no, at=on(8, 21))


def test_what_it_leaves() -> None:
    resume(by=OWNER, at=on(8, 20), project_no=stopped(), reason="异议已答复")
    with connection.cursor() as cursor:
        cursor.execute("select code from journal_entry order by id desc limit 2")
        assert [code for (code,) in cursor.fetchall()] == ["tenders.resume", "tenders.publish_notice"]
