"""Has followers reminded 72, 24 and 2 hours before a deadline: by the platform's clock, from the dates of the calendar.

How far it has looked is one moment, moved in the transaction of the messages. A clock that jumps over several hours
gives the nearest reminder only; a deadline that was moved is a new one and is reminded of again.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.db import transaction

from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.times import format_minute
from tradehall.messages import selectors as messages
from tradehall.messages.rules import HOURS
from tradehall.messages.services import Draft, post_messages

from . import matching
from .matcher import draft
from .models import EventRow, FollowerPosition

NAME = "reminders"
PAUSE = timedelta(seconds=20)


def sweep(at: datetime) -> int:
    """Deadlines whose reminder has come due since it last looked; returns how many messages were made."""
    with transaction.atomic():
        FollowerPosition.objects.get_or_create(name=NAME, defaults={"position": _seconds(at)})
        own = FollowerPosition.objects.select_for_update().get(name=NAME)
        last = datetime.fromtimestamp(own.position, UTC)
        if timedelta(0) <= at - last < PAUSE:
            return 0
        made = _remind(min(last, at), at) if messages.has_followers() else 0
        own.position = _seconds(at)
        own.save(update_fields=["position"])
    return made


def _remind(last: datetime, at: datetime) -> int:
    due = list(_due(last, at))
    whom = matching.grouped(messages.followed(matching.KINDS)) if due else None
    if whom is None or whom.is_empty:
        return 0
    concerned = matching.concerned({event.notice_id: event.notice for _, event in due}, whom, at)
    drafts: list[Draft] = []
    for moment, event in due:
        row, key = event.notice, f"closing:{event.project_no}:{_seconds(event.at)}:{moment}"
        title = f"{HOURS[moment]} 小时内截止（{format_minute(event.at)}）：{row.title}"
        drafts += [draft(one, row, key, row.version, title) for one in concerned[row.pk] if moment in one.moments]
    return post_messages(by=PLATFORM, at=at, drafts=drafts)


def _due(last: datetime, at: datetime) -> Iterator[tuple[str, EventRow]]:
    """Each deadline under the smallest of its reminders that has come due."""
    nearer = timedelta(0)
    for moment, hours in sorted(HOURS.items(), key=lambda pair: pair[1]):
        ahead = timedelta(hours=hours)
        events = EventRow.objects.filter(kind="closing", at__gt=max(last + ahead, at + nearer), at__lte=at + ahead)
        yield from ((moment, event) for event in events.select_related("notice").order_by("at", "id"))
        nearer = ahead


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
