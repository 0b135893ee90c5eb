"""`state_lot_fact`: the newest fact counts, older ones stay."""

import json
from datetime import date

import pytest
from django.db import connection

from tradehall.kernel.refusal import NotVisible, Refusal
from tradehall.tenders import selectors
from tradehall.tenders.models import LotFact
from tradehall.tenders.services import state_lot_fact
from tradehall.tenders.tests.trades import DAY, OWNER, STRANGER, SUPERVISOR, a_project, later

pytestmark = pytest.mark.django_db


def test_the_newest_fact_counts_and_the_older_stays() -> None:
    lot_no = f"{a_project().project_no}-001"
    for value in ("云发改〔2026〕1号", "云发改〔2026〕9号"):
        state_lot_fact(
            by=OWNER, at=DAY, lot_no=lot_no, code="approval", value=value, authority="云河市发展和改革委员会"
        )
    assert selectors.lot_facts(lot_no)["approval"].value == "云发改〔2026〕9号"
    assert LotFact.objects.filter(code="approval").count() == 2


def test_who_may_not() -> None:
    lot_no = f"{a_project().project_no}-001"
    with pytest.raises(NotVisible):
        state_lot_fact(by=STRANGER, at=DAY, lot_no=lot_no, code="approval", value="x")
    with pytest.raises(Refusal, match="招标人"):
        state_lot_fact(by=SUPERVISOR, at=DAY, lot_no=lot_no, code="approval", value="x")
    with pytest.raises(NotVisible):
        state_lot_fact(by=OWNER, at=DAY, lot_no="GC-2026-08-0009-001", code="approval", value="x")


CASES = {
    "没有这个事项": ({"code": "weather", "value": "晴"}, "facts.weather"),
    "内容为空": ({"code": "approval", "value": ""}, "facts.approval"),
    "金额不是整数分": ({"code": "estimate_cents", "value": "15"}, "facts.estimate_cents"),
    "不能用小数": ({"code": "area_m2", "value": 12.5}, "facts.area_m2"),
    "日期在将来": ({"code": "approval", "value": "x", "stated_on": date(2026, 8, 4)}, "stated_on"),
    "文件没有上传": ({"code": "approval", "value": "x", "document_sha256": "a" * 64}, "document_sha256"),
}


@pytest.mark.parametrize("case", CASES)
def test_when_it_may_not(case: str) -> None:
    stated, field = CASES[case]
    lot_no = f"{a_project().project_no}-001"
    with pytest.raises(Refusal) as caught:
        state_lot_fact(by=OWNER, at=DAY, lot_no=lot_no, **stated)
    assert [violation.field for violation in caught.value.violations] == [field]


def test_what_it_leaves() -> None:
    lot_no = f"{a_project().project_no}-001"
    state_lot_fact(by=OWNER, at=later(1), lot_no=lot_no, code="funds", value="财政资金")
    with connection.cursor() as cursor:
        cursor.execute("select body from journal_entry where code = 'tenders.state_lot_fact'")
        [(body,)] = cursor.fetchall()
    assert json.loads(body)["subject"] == f"lot:{lot_no}" and json.loads(body)["facts"] == {"code": "funds"}
