"""A correction that names another closing time says which one it moved."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tradehall.tenders import selectors
from tradehall.tenders.reports import LotClaim, NoticeReport
from tradehall.tenders.services import record_notices
from tradehall.tenders.tests.samples import AT, SYSTEM, TENDER

pytestmark = pytest.mark.django_db

LATER = TENDER.closes_at + timedelta(days=7)
CORRECTION = replace(
    TENDER, source_id="1-c", source_digest="c" * 64, kind="correction", lots=(), closes_at=LATER,
    published_at=TENDER.published_at + timedelta(days=3),
)  # fmt: skip
WAS = "2026-09-25T09:30:00+08:00"


def _moved(*reports: NoticeReport) -> dict[str, object]:
    receipts = [record_notices([one], by=SYSTEM, at=AT)[0] for one in reports]
    return selectors.rendition(receipts[-1].notice_no)


def test_the_earlier_closing_time_stands_beside_the_new_one() -> None:
    value = _moved(TENDER, CORRECTION)
    assert value["moved_from"] == WAS
    assert [term["was"] for term in value["terms"] if term["code"] == "bid_deadline"] == [WAS]


def test_it_is_the_same_within_one_batch() -> None:
    receipts = record_notices([TENDER, CORRECTION], by=SYSTEM, at=AT)
    assert selectors.rendition(receipts[1].notice_no)["moved_from"] == WAS


def test_the_same_closing_time_moved_nothing() -> None:
    assert _moved(TENDER, replace(CORRECTION, closes_at=TENDER.closes_at))["moved_from"] is None


def test_the_second_correction_moves_what_the_first_had_named() -> None:
    second = replace(
        CORRECTION, source_id="1-d", source_digest="d" * 64, closes_at=LATER + timedelta(days=1),
        published_at=CORRECTION.published_at + timedelta(days=1),
    )  # fmt: skip
    assert _moved(TENDER, CORRECTION, second)["moved_from"] == "2026-10-02T09:30:00+08:00"


def test_another_lot_and_another_attempt_are_not_moved() -> None:
    one = replace(TENDER, lots=(LotClaim("施工一标段", "1"),))
    other_lot = replace(CORRECTION, lots=(LotClaim("施工三标段", "3"),))
    assert _moved(one, other_lot)["moved_from"] is None
    assert _moved(replace(CORRECTION, source_id="1-e", attempt=2))["moved_from"] is None


def test_more_said_about_the_correction_keeps_it() -> None:
    more = replace(CORRECTION, source_digest="f" * 64, method="open", enriches=True)
    value = _moved(TENDER, replace(CORRECTION, method=None), more)
    assert (value["version"], value["method"], value["moved_from"]) == (2, "open", WAS)
