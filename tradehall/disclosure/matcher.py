"""Reads the journal from its own position and has the followers told of what was published or changed.

It goes as far as this app's own rows have gone, never further, and moves its position in the transaction in which the
messages are made: a reader that dies repeats a batch or nothing. Old notices that are taken in late are not news.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tradehall.journal import selectors as journal
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.ref import Ref
from tradehall.kernel.times import format_minute
from tradehall.messages import selectors as messages
from tradehall.messages.rules import CHANGED, PUBLISHED
from tradehall.messages.selectors import Followed
from tradehall.messages.services import Draft, post_messages
from tradehall.reference.lines import lines
from tradehall.tenders.kinds import kind_label

from . import follower, matching
from .models import FollowerPosition, NoticeRow

NAME = "matcher"
BATCH = 500
NEWS_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class News:
    """One entry of the journal about one version of a notice, with the row it left."""

    row: NoticeRow
    version: int
    position: int

    @property
    def moment(self) -> str:
        return CHANGED if self.version > 1 or self.row.stage == "change" else PUBLISHED


def catch_up(at: datetime) -> int:
    """Everything that this app has projected; returns how many messages were made."""
    made = 0
    while (done := _take(at)) is not None:
        made += done
    return made


def behind() -> int:
    """Entries of the journal not looked at yet."""
    found = FollowerPosition.objects.filter(name=NAME).values_list("position", flat=True).first()
    return journal.last_position() - (found or 0)


def _take(at: datetime) -> int | None:
    with transaction.atomic():
        FollowerPosition.objects.get_or_create(name=NAME)
        own = FollowerPosition.objects.select_for_update().get(name=NAME)
        reached = follower.position()
        if own.position >= reached:
            return None
        if not messages.has_followers():
            own.position, made = reached, 0
        else:
            entries = journal.entries_after(own.position, min(BATCH, reached - own.position))
            made = _tell(entries, at)
            own.position = entries[-1].position
        own.save(update_fields=["position"])
    return made


def _tell(entries: Sequence[journal.LogEntry], at: datetime) -> int:
    news = _news(entries, at)
    whom = matching.grouped(messages.followed(matching.KINDS)) if news else None
    if whom is None or whom.is_empty:
        return 0
    concerned = matching.concerned({one.row.pk: one.row for one in news}, whom, at)
    drafts = [
        draft(follower, one.row, f"log:{one.position}", one.version, headline(one.row, one.moment))
        for one in news
        for follower in concerned[one.row.pk]
        if one.moment in follower.moments and one.position > follower.from_position
    ]
    return post_messages(by=PLATFORM, at=at, drafts=drafts)


def _news(entries: Iterable[journal.LogEntry], at: datetime) -> list[News]:
    wanted = [one for one in entries if one.code in follower.CODES and one.subject_kind == "notice"]
    found = NoticeRow.objects.filter(notice_no__in={one.subject_no for one in wanted}, published_at__gt=at - NEWS_FOR)
    rows = {row.notice_no: row for row in found}
    return [
        News(rows[one.subject_no], one.subject_version or 1, one.position) for one in wanted if one.subject_no in rows
    ]


def draft(follower: Followed, row: NoticeRow, event_key: str, version: int, title: str) -> Draft:
    return Draft(
        subscription_id=follower.id, event_key=event_key, about=Ref("notice", row.notice_no, version), title=title,
        body=body(row), href=f"/n/{row.notice_no}",
    )  # fmt: skip


def headline(row: NoticeRow, moment: str) -> str:
    word = "变更" if moment == CHANGED else "新公告"
    return f"{word}：{row.title}"


def body(row: NoticeRow) -> str:
    """What a reader needs in order to decide whether to open it; every line as the notice states it."""
    line = next((one.name for one in lines() if one.code == row.line), row.line)
    closing = format_minute(row.closes_at) if row.closes_at else ""
    was = f"（原为 {format_minute(row.moved_from)}）" if row.moved_from and row.closes_at else ""
    stated = (
        ("类别", f"{line}，{row.kind_label or kind_label(row.line, row.kind)}"),
        ("项目", f"{row.project_title}（{row.project_no}）"),
        ("招标、采购、出让方", row.principal or ""),
        ("地区", row.district_name or ""),
        ("截止", f"{closing}{was}"),
        ("发布", format_minute(row.published_at)),
    )
    return "\n".join(f"{label}：{value}" for label, value in stated if value)
