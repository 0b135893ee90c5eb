"""The follower takes every sealed notice once, also after a crash in the middle, and rebuilds the same rows from zero."""

from datetime import UTC, datetime

import pytest

from tradehall.disclosure import follower
from tradehall.disclosure.models import NoticeRow
from tradehall.journal.sealer import seal_pending
from tradehall.kernel.actor import PLATFORM
from tradehall.tenders.reports import NoticeReport, ProjectClaim
from tradehall.tenders.services import record_notices

AT = datetime(2026, 3, 17, 1, tzinfo=UTC)


def _report(number: int) -> NoticeReport:
    title = f"第{number}小学工程"
    claim = ProjectClaim(title)
    return NoticeReport("demo", str(number), f"{number:064x}", "tender_notice", "works", title, AT, claim)


def test_follows_once_survives_a_crash_and_rebuilds(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    record_notices([_report(number) for number in range(5)], by=PLATFORM, at=AT)
    seal_pending()
    write = follower.write_batch

    def crash(batch: list) -> int:
        write(batch)
        raise KeyboardInterrupt

    monkeypatch.setattr(follower, "write_batch", crash)
    with pytest.raises(KeyboardInterrupt):
        follower.catch_up()
    assert (follower.position(), NoticeRow.objects.count()) == (0, 0)
    monkeypatch.setattr(follower, "write_batch", write)
    follower.catch_up()
    before = list(NoticeRow.objects.order_by("notice_no").values_list("notice_no", "version", "position"))
    assert (len(before), follower.catch_up()) == (5, 0)
    follower.rebuild()
    assert list(NoticeRow.objects.order_by("notice_no").values_list("notice_no", "version", "position")) == before
