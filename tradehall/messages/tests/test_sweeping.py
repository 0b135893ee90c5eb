"""What goes from the messages of people when its time is over, and what proves a service and stays."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from tests.peers.mail.running import Mail
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.ref import Ref
from tradehall.messages import selectors, services, sweeping
from tradehall.messages.models import Delivery, Message
from tradehall.messages.rules import Wish
from tradehall.messages.tests.followers import AT, BRIDGE, LIN, own_address, person, send_all, stranger, tell

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
YEAR, THREE_YEARS = timedelta(days=365), timedelta(days=1096)


def follower() -> tuple[int, Any]:
    account = person()
    own_address(account, "lin@example.com")
    return account, services.subscribe(by=LIN, at=AT, account_id=account, subject=BRIDGE, wish=Wish())


def swept(at: datetime) -> tuple[int, int]:
    gone = sweeping.sweep(at=at)
    return gone["messages"], gone["deliveries"]


def test_read_news_goes_a_year_after_the_reading_and_takes_its_mail_along(mail: Mail) -> None:
    account, row = follower()
    tell(row)
    assert set(send_all()) == {"accepted"}
    [message], _ = selectors.inbox(account)
    late = AT + 400 * DAY
    services.read_message(by=LIN, at=late, account_id=account, message_no=message.message_no)
    assert swept(late + YEAR - DAY) == (0, 1), "the question whether the address was his, and nothing else"
    assert Delivery.objects.get().pk == message.delivery_id
    assert swept(late + YEAR + DAY) == (1, 1)
    assert selectors.inbox(account) == ([], 0) and Delivery.objects.count() == 0


def test_unread_news_stays_three_years() -> None:
    account, row = follower()
    tell(row)
    assert swept(AT + THREE_YEARS - DAY)[0] == 0
    assert selectors.unread(account) == 1
    assert swept(AT + THREE_YEARS + DAY)[0] == 1


def test_news_that_was_read_late_has_its_whole_year() -> None:
    account, row = follower()
    tell(row)
    services.read_all_messages(by=LIN, at=AT + THREE_YEARS - DAY, account_id=account)
    assert swept(AT + THREE_YEARS + DAY)[0] == 0


def test_who_only_gets_mail_is_kept_a_year() -> None:
    tell(stranger("anna@example.com"))
    assert swept(AT + YEAR - DAY)[0] == 0 and swept(AT + YEAR + DAY)[0] == 1


def test_the_proof_of_a_service_stays_whatever_is_set(mail: Mail, settings: LazySettings) -> None:
    settings.MESSAGES_READ_DAYS = settings.MESSAGES_UNREAD_DAYS = 10
    account, row = follower()
    tell(row)
    served = services.post_message(
        by=PLATFORM, at=AT, account_id=account, about=Ref("notice", "N9", 1), event_key="served:N9", title="通知送达",
        body="", href="/n/N9",
    )  # fmt: skip
    send_all()
    services.read_all_messages(by=LIN, at=AT + DAY, account_id=account)
    assert swept(AT + 14 * 365 * DAY)[0] == 1
    kept = Message.objects.get()
    assert kept == served and kept.read_at == AT + DAY
    assert Delivery.objects.get(pk=served.delivery_id).accepted_at == AT
    assert swept(AT + sweeping.SERVED_KEPT + DAY) == (1, 1)


def test_a_mail_that_still_waits_is_not_forgotten() -> None:
    follower()
    assert Delivery.objects.filter(selectors.WAITING).count() == 1
    assert swept(AT + 5 * YEAR) == (0, 0)


def test_many_go_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "A_PART", 3)
    _, row = follower()
    for number in range(8):
        tell(row, event=f"log:{number}")
    assert swept(AT + THREE_YEARS + DAY)[0] == 8
