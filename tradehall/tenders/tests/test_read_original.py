"""Originals: for readers with a purpose, and never unnoticed."""

import json

import pytest
from django.db import connection

from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import NotVisible, Refusal
from tradehall.tenders.services import read_original, record_notices
from tradehall.tenders.tests.samples import AT, SYSTEM, TENDER

pytestmark = pytest.mark.django_db

AUDITOR = Actor("person", "a-1", "审计员", roles=frozenset({"auditor"}))


def test_a_reader_sees_what_was_sent_and_leaves_an_entry() -> None:
    [receipt] = record_notices([TENDER], by=SYSTEM, at=AT)
    [found] = read_original(by=AUDITOR, at=AT, notice_no=receipt.notice_no, purpose="核对投诉，电话13900001111")
    assert (found.raw, found.version) == (TENDER.raw, 1)
    with connection.cursor() as cursor:
        cursor.execute("select subject_no, body from journal_entry where code = 'tenders.read_original'")
        [(subject_no, body)] = cursor.fetchall()
    assert subject_no == receipt.notice_no and "13900001111" not in body
    assert json.loads(body)["facts"]["originals"] == 1


@pytest.mark.parametrize("roles", [(), ("bidder",), ("principal", "agency", "panel", "guardian")])
def test_others_do_not_learn_whether_it_exists(roles: tuple[str, ...]) -> None:
    [receipt] = record_notices([TENDER], by=SYSTEM, at=AT)
    by = Actor("person", "x", "某人", roles=frozenset(roles))
    for notice_no in (receipt.notice_no, "B00000000000000"):
        with pytest.raises(NotVisible):
            read_original(by=by, at=AT, notice_no=notice_no, purpose="")


def test_without_a_purpose_nothing_is_shown() -> None:
    [receipt] = record_notices([TENDER], by=SYSTEM, at=AT)
    for purpose in (" ", "长" * 201):
        with pytest.raises(Refusal, match="用途"):
            read_original(by=AUDITOR, at=AT, notice_no=receipt.notice_no, purpose=purpose)
