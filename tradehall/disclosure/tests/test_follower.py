"""The follower takes every sealed notice once, also after a crash, and rebuilds the same rows from zero."""

import pytest

from tradehall.disclosure import follower
from tradehall.disclosure.models import NoticeRow
from tradehall.journal.sealer import seal_pending
from tradehall.kernel.actor import PLATFORM
from tradehall.tenders.services import record_notices

from .reports import AT, report


def test_follows_once_survives_a_crash_and_rebuilds(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    record_notices([report(number) for number in range(5)], by=PLATFORM, at=AT)
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
    assert follower.projection_version() == follower.position() > 0
    follower.rebuild()
    assert list(NoticeRow.objects.order_by("notice_no").values_list("notice_no", "version", "position")) == before
