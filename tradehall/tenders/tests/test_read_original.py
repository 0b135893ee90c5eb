"""Originals: for readers with a purpose, and never unnoticed."""

import json
from dataclasses import replace

import pytest
from django.db import connection

from tradehall.kernel.actor import Actor, Scope
from tradehall.kernel.refusal import NotVisible, Refusal
from tradehall.tenders.services import read_original, record_notices
from tradehall.tenders.tests.samples import AT, SYSTEM, TENDER

pytestmark = pytest.mark.django_db

AUDITOR = Actor("person", "a-1", "审计员", roles=frozenset({"auditor"}), scopes=(Scope("auditor"),))


def test_a_reader_sees_what_was_sent_and_leaves_an_entry() -> None:
    [receipt] = record_notices([TENDER], by=SYSTEM, at=AT)
    [found] = read_original(by=AUDITOR, at=AT, notice_no=receipt.notice_no, purpose="核对投诉，电话13900001111")
    assert (found.raw, found.version) == (TENDER.raw, 1)
    with connection.cursor() as cursor:
        cursor.execute("select subject_no, body from journal_entry where code = 'tenders.read_original'")
        [(subject_no, body)] = cursor.fetchall()
    assert subject_no == receipt.notice_no and "13900001111" not in body
    assert json.loads(body)["facts"]["originals"] == 1


@pytest.mark.parametrize("roles", [(), ("bidder",), ("principal", "agency", "expert", "guardian")])
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


def test_a_district_officer_asking_for_another_district_is_refused_and_that_is_logged() -> None:
    [receipt] = record_notices([replace(TENDER, district="990102")], by=SYSTEM, at=AT)
    for lines, districts, is_seen in (("works", "990102", True), ("works", "990101", False), ("land", "990102", False)):
        scope = Scope("supervisor", frozenset({lines}), frozenset({districts}))
        by = Actor("person", "s-1", "监督员", "住建局", frozenset({"supervisor"}), (scope,))
        if is_seen:
            assert read_original(by=by, at=AT, notice_no=receipt.notice_no, purpose="核对投诉")
            continue
        with pytest.raises(Refusal, match="监督范围"):
            read_original(by=by, at=AT, notice_no=receipt.notice_no, purpose="核对投诉")
    with connection.cursor() as cursor:
        cursor.execute("select subject_no, body from journal_entry where code = 'parties.deny_sight'")
        found = cursor.fetchall()
    assert [no for no, _ in found] == [receipt.notice_no] * 2
    assert json.loads(found[0][1])["facts"]["roles"] == ["supervisor"]
