"""A changed notice keeps both versions apart and says what differs, in terms and word by word."""

from dataclasses import replace

from tradehall.disclosure import follower, selectors
from tradehall.journal.sealer import seal_pending
from tradehall.kernel.actor import PLATFORM
from tradehall.tenders.services import record_notices

from .reports import AT, report


def test_two_versions_differ_where_they_differ(db: None) -> None:
    first = replace(report(1), body=({"type": "paragraph", "text": "第一段\n工期九十天"},))
    body: dict[str, object] = {"type": "paragraph", "text": "第一段\n工期六十天"}
    second = replace(first, title="第1小学扩建工程", source_digest="f" * 64, body=(body,))
    (receipt,) = record_notices([first], by=PLATFORM, at=AT)
    record_notices([second], by=PLATFORM, at=AT)
    seal_pending()
    follower.catch_up()
    found = selectors.compare(receipt.notice_no, 1, 2)
    assert {term.label: (term.old, term.new) for term in found.terms} == {"标题": (first.title, second.title)}
    assert [[(part.op, part.text) for part in line] for line in found.lines if len(line) > 1] == [
        [("same", "工期"), ("del", "九"), ("ins", "六"), ("same", "十天")]
    ]
    assert selectors.compare(receipt.notice_no, 2, 2).is_same
