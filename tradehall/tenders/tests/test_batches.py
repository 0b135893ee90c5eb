"""Where a batch ends must not matter: the same rows give the same notices, versions, projects and digests."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction

from tradehall.kernel.money import amount
from tradehall.kernel.refusal import Refusal
from tradehall.tenders.reports import LotClaim, Named, NoticeReport, ProjectClaim
from tradehall.tenders.services import record_notices
from tradehall.tenders.tests.samples import AT, SYSTEM, TENDER

pytestmark = pytest.mark.django_db

NAMES = ("滨江路雨水泵站改造工程施工", "青石中学教学楼维修工程施工", "办公家具采购")
CODES = (None, None, "YH-2026-001", "YH-2026-002")
PRINCIPALS = (None, Named("云河市水务建设管理中心"), Named("青石市教育局"))
EVERYTHING = (
    "select 'n', notice_no, version::text, project_id, digest_sha256 from tenders_notice",
    "select 'p', project_no, title, code, concat_ws('|', principal_name, agency_name, district) from tenders_project",
    "select 'k', key, project_id, '', '' from tenders_project_key",
    "select 'l', lot_no, name, source_no, unified_code from tenders_lot",
    "select 'm', notice_no, project_id, kind, '' from tenders_project_match",
    "select 's', source_id, source_digest, notice_no, version::text from tenders_notice_source",
    "select 'a', mention_no, name, '', '' from parties_mention",
)


def _some_reports(seed: int, count: int) -> list[NoticeReport]:
    chance = random.Random(seed)
    return [_some_report(chance, number) for number in range(count)]


def _some_report(chance: random.Random, number: int) -> NoticeReport:
    kind = chance.choice(("tender_notice", "correction", "candidates", "result"))
    return replace(
        TENDER,
        source_id=str(chance.randrange(25)),
        source_digest=f"{chance.randrange(40):064d}",
        kind=kind,
        title=f"{chance.choice(NAMES)}公告{number % 5}",
        project=ProjectClaim(chance.choice(NAMES), chance.choice(CODES)),
        principal=chance.choice(PRINCIPALS),
        agency=chance.choice((None, Named("云河招标代理有限公司"), Named("云河 招标代理有限公司"))),
        district=chance.choice((None, "310115", "320102")),
        lots=tuple(LotClaim(f"{no}标段", chance.choice((None, str(no)))) for no in range(chance.randrange(3))),
        closes_at=chance.choice((None, AT + timedelta(days=chance.randrange(4)))),
        published_at=AT - timedelta(days=chance.randrange(5)),
        method=chance.choice((None, "open")),
        amount=chance.choice((None, amount(100))),
        enriches=chance.random() < 0.3,
    )


def _outcome(reports: Sequence[NoticeReport], size: int) -> tuple[list[object], list[object]]:
    """Everything that stands there after an import in batches of `size`, and the receipts; nothing stays."""
    with transaction.atomic(), connection.cursor() as cursor:
        receipts: list[object] = []
        for start in range(0, len(reports), size):
            receipts += record_notices(reports[start : start + size], by=SYSTEM, at=AT)
        rows: list[object] = []
        for sql in EVERYTHING:
            cursor.execute(sql)
            rows += sorted(cursor.fetchall(), key=str)
        transaction.set_rollback(True)
    return rows, receipts


@pytest.mark.parametrize("seed", range(6))
def test_any_split_into_batches_gives_the_same(seed: int) -> None:
    reports = _some_reports(seed, 60)
    whole, receipts = _outcome(reports, 1_000)
    assert len({one.status for one in receipts}) == 2 and len([row for row in whole if row[0] == "n"]) > 25
    for size in (1, 7):
        rows, others = _outcome(reports, size)
        assert rows == whole
        assert [one.status for one in others] == [one.status for one in receipts]


def test_after_a_crash_the_rest_comes_in_as_if_nothing_had_happened() -> None:
    reports = _some_reports(99, 60)
    whole, _ = _outcome(reports, 20)
    rows, receipts = _outcome([*reports[:20], *reports], 20)
    assert rows == whole and {one.status for one in receipts[20:40]} == {"unchanged"}


def test_a_code_learnt_in_one_batch_keeps_another_code_out_in_the_next() -> None:
    named = replace(TENDER, project=ProjectClaim(TENDER.project.name))
    coded = replace(TENDER, source_id="2", source_digest="2" * 64)
    elsewhere = ProjectClaim(TENDER.project.name, "BJ-OTHER")
    other = replace(TENDER, source_id="3", source_digest="3" * 64, project=elsewhere)
    [first], [second], [third] = (record_notices([one], by=SYSTEM, at=AT) for one in (named, coded, other))
    assert first.project_no == second.project_no != third.project_no


def test_an_enriching_row_counts_once_even_when_it_adds_nothing() -> None:
    row = replace(TENDER, source_digest="7" * 64, enriches=True)
    statuses = [record_notices([one], by=SYSTEM, at=AT)[0] for one in (TENDER, row, row)]
    assert [(one.status, one.version) for one in statuses] == [("accepted", 1), ("accepted", 1), ("unchanged", 1)]


def test_what_no_column_holds_is_refused_by_its_name() -> None:
    wrong = replace(TENDER, source_id="x" * 301, lots=(LotClaim("一包", unified_code="A" * 41),))
    with pytest.raises(Refusal) as caught:
        record_notices([TENDER, wrong], by=SYSTEM, at=AT)
    assert [one.field for one in caught.value.violations] == ["source_id", "lots[0].unified_code"]


def test_unwritable_text_is_refused_in_words() -> None:
    for text in ("空\0字符", "半个\ud800字"):
        with pytest.raises(Refusal, match="无法保存"):
            record_notices([replace(TENDER, body=({"type": "paragraph", "text": text},))], by=SYSTEM, at=AT)
