"""`end_attempt`: a failed or cancelled attempt ends once, with cause, basis and notice."""

import json
from datetime import datetime

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from tradehall.kernel.refusal import NotVisible, Refusal, Violation
from tradehall.tenders import selectors
from tradehall.tenders.models import Ending
from tradehall.tenders.rules import NoticePublished
from tradehall.tenders.services import end_attempt, suspend
from tradehall.tenders.tests.trades import BIDDER, OWNER, SUPERVISOR, announced, later, on

pytestmark = pytest.mark.django_db
AFTER = on(8, 24, 10, 0)


def end(project_no: str, kind: str = "流标", at: datetime = AFTER, **stated: object) -> NoticePublished:
    values = {"by": OWNER, "cause": "截止时递交投标文件的投标人不足三个", **stated}
    return end_attempt(project_no=project_no, kind=kind, at=at, **values)


def refused(kind: str, at: datetime, **stated: object) -> dict[str, Violation]:
    project, _ = announced()
    with pytest.raises(Refusal) as caught:
        end(project.project_no, kind, at, **stated)
    assert Ending.objects.count() == 0
    return {violation.code: violation for violation in caught.value.violations}


def test_it_ends_with_the_basis_of_the_definition_and_a_notice() -> None:
    project, _ = announced(("一标段", "二标段"))
    published = end(project.project_no)
    assert {(one.kind, one.basis) for one in Ending.objects.all()} == {("流标", "条例44")}
    value = selectors.rendition(published.notice_no)
    assert (value["kind"], value["stage"], value["facts"]["ending"]) == ("failure", "abnormal", "流标")
    assert selectors.state(project.project_no, AFTER) == ("ended", "已终结（流标）", False)


def test_one_lot_may_end_while_the_other_goes_on() -> None:
    project, _ = announced(("一标段", "二标段"))
    end(project.project_no, lot_nos=[f"{project.project_no}-002"])
    assert Ending.objects.count() == 1 and selectors.state(project.project_no, AFTER)[0] == "closed"
    assert end(project.project_no, at=on(8, 25)).version == 1
    assert Ending.objects.count() == 2


def test_a_trade_that_stands_still_may_be_terminated() -> None:
    project, _ = announced()
    suspend(by=OWNER, at=later(1), project_no=project.project_no, reason="规划论证", basis="条例31")
    published = end(project.project_no, "终止", later(3), cause="规划调整")
    assert selectors.rendition(published.notice_no)["kind"] == "termination"


CASES = {
    "截止前不能流标": ("流标", on(8, 24, 9, 0), {}, "tenders.too_soon"),
    "截止前不能废标": ("废标", later(3), {}, "tenders.too_soon"),
    "没有这种结局": ("成交", AFTER, {}, "tenders.ending"),
    "没有原因": ("终止", later(3), {"cause": " "}, "tenders.missing"),
    "监督部门不能宣布流标": ("流标", AFTER, {"by": SUPERVISOR}, "tenders.role"),
}


@pytest.mark.parametrize("case", CASES)
def test_when_it_may_not(case: str) -> None:
    kind, at, stated, code = CASES[case]
    assert code in refused(kind, at, **stated)


def test_who_may_not_and_who_may() -> None:
    project, _ = announced()
    with pytest.raises(NotVisible):
        end(project.project_no, by=BIDDER)
    assert end(project.project_no, "无效", by=SUPERVISOR, cause="串通投标").version == 1


def test_it_ends_once() -> None:
    project, _ = announced()
    end(project.project_no)
    with pytest.raises(Refusal, match="没有正在进行"):
        end(project.project_no)
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from tenders_ending")


def test_what_it_leaves() -> None:
    project, _ = announced()
    published = end(project.project_no)
    with connection.cursor() as cursor:
        cursor.execute("select body from journal_entry where code = 'tenders.end_attempt'")
        [(body,)] = cursor.fetchall()
    expected = {"attempt": 1, "ending": "流标", "lots": 1, "notice_no": published.notice_no}
    assert json.loads(body)["facts"] == expected
