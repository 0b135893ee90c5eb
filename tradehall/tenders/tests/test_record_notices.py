"""`record_notices`: many reports, one act; what is known already stays what it was."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from tradehall.kernel.refusal import Refusal
from tradehall.tenders.models import Lot, Notice, Original, Project, ProjectMatch
from tradehall.tenders.services import MAX_BATCH, record_notices
from tradehall.tenders.tests.samples import AT, SYSTEM, TENDER, result_of

pytestmark = pytest.mark.django_db


def _rendition(notice_no: str) -> dict:
    return json.loads(Notice.objects.filter(notice_no=notice_no).latest("version").rendition)


def test_a_first_report_makes_project_lots_and_notice() -> None:
    [receipt] = record_notices([TENDER], by=SYSTEM, at=AT)
    assert (receipt.status, receipt.version) == ("accepted", 1)
    value = _rendition(receipt.notice_no)
    assert [lot["lot_no"] for lot in value["lots"]] == [f"{receipt.project_no}-001", f"{receipt.project_no}-002"]
    assert value["project_no"] == receipt.project_no and value["source"]["reported"] is True
    assert "138" in value["body"][0]["text"] and "13812345678" not in value["body"][0]["text"]
    assert "021-12345678" in value["body"][0]["text"]
    assert "13812345678" in Original.objects.get(notice_no=receipt.notice_no).raw


def test_the_same_content_again_is_unchanged_and_leaves_nothing() -> None:
    first = record_notices([TENDER], by=SYSTEM, at=AT)
    again = record_notices([TENDER, TENDER], by=SYSTEM, at=AT + timedelta(hours=1))
    assert [receipt.status for receipt in again] == ["unchanged", "unchanged"]
    assert again[0].notice_no == first[0].notice_no and Notice.objects.count() == 1


def test_a_later_notice_without_code_joins_by_name_and_principal() -> None:
    tender, result = record_notices([TENDER, result_of(TENDER)], by=SYSTEM, at=AT)
    assert result.project_no == tender.project_no
    assert ProjectMatch.objects.get(notice_no=result.notice_no).kind == "exact_name"
    assert Lot.objects.filter(project_id=tender.project_no, number=0).exists()


def test_the_order_of_arrival_does_not_split_a_project() -> None:
    [result] = record_notices([result_of(TENDER)], by=SYSTEM, at=AT)
    [tender] = record_notices([TENDER], by=SYSTEM, at=AT)
    assert tender.project_no == result.project_no


def test_the_same_name_under_another_principal_is_another_project() -> None:
    other = replace(
        TENDER, source_id="2", source_digest="c" * 64, project=replace(TENDER.project, code=None),
        principal=replace(TENDER.principal, name="青石市水务局"),
    )  # fmt: skip
    one, two = record_notices([TENDER, other], by=SYSTEM, at=AT)
    assert one.project_no != two.project_no


def test_changed_content_is_the_next_version_with_the_moved_deadline() -> None:
    changed = replace(TENDER, source_digest="d" * 64, closes_at=TENDER.closes_at + timedelta(days=5))
    _, receipt = record_notices([TENDER, changed], by=SYSTEM, at=AT)
    value = _rendition(receipt.notice_no)
    assert (receipt.status, receipt.version, value["replaces"]) == ("accepted", 2, 1)
    assert value["moved_from"] == "2026-09-25T09:30:00+08:00"
    assert len(value["lots"]) == 2 and Lot.objects.count() == 2


def test_an_enrichment_fills_gaps_whichever_comes_first() -> None:
    bare = replace(TENDER, method=None, amount=None)
    more = replace(TENDER, source_digest="e" * 64, body=(), title="另一个标题", enriches=True, method="open")
    record_notices([bare, more], by=SYSTEM, at=AT)
    record_notices([replace(more, source_id="9"), replace(bare, source_id="9")], by=SYSTEM, at=AT)
    for notice_no in Notice.objects.values_list("notice_no", flat=True).distinct():
        value = _rendition(notice_no)
        assert (value["title"], value["method"], value["version"]) == (TENDER.title, "open", 2)
        assert value["amount"]["cents"] == 12_345_600 and value["body"]


def test_each_version_stands_in_the_journal_with_its_digest() -> None:
    [receipt] = record_notices([TENDER], by=SYSTEM, at=AT)
    with connection.cursor() as cursor:
        cursor.execute("select code, subject_no, subject_version, body from journal_entry")
        [(code, subject_no, version, body)] = cursor.fetchall()
    assert (code, subject_no, version) == ("tenders.report_notice", receipt.notice_no, 1)
    facts = json.loads(body)["facts"]
    assert facts["digest_sha256"] == Notice.objects.get().digest_sha256
    assert set(facts) == {"digest_sha256", "digest_sm3", "kind", "line", "project_no"}


def test_too_large_a_batch_is_refused_whole() -> None:
    with pytest.raises(Refusal, match="最多"):
        record_notices([TENDER] * (MAX_BATCH + 1), by=SYSTEM, at=AT)
    assert Project.objects.count() == 0


@pytest.mark.parametrize("sql", ["update tenders_notice set kind = 'x'", "delete from tenders_notice"])
def test_a_published_notice_is_never_edited(sql: str) -> None:
    record_notices([TENDER], by=SYSTEM, at=AT)
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
