"""Mail: queued, sent, accepted or refused, tried again ever later, given up; whatever is killed, one message each.

resend_delivery.
"""

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from psycopg.conninfo import make_conninfo

from tests.peers.mail.running import Mail
from tradehall.kernel.actor import PLATFORM, Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Refusal
from tradehall.messages import outbox, rules, selectors, services
from tradehall.messages.models import Contact, Delivery, Message, Subscription
from tradehall.messages.rules import Wish
from tradehall.messages.tests.followers import AT, BRIDGE, LIN, SCHOOL, own_address, person, send_all, stranger, tell

CENTRE = Actor("person", "zhou", "周宁", "91990100MA0000AA0X", frozenset({"centre"}))


def follower(address: str = "lin@example.com", mail: str = "at_once") -> tuple[int, Subscription]:
    account = person()
    own_address(account, address)
    Delivery.objects.update(accepted_at=AT)  # the question was answered; these stories begin afterwards
    row = services.subscribe(by=LIN, at=AT, account_id=account, subject=BRIDGE, wish=Wish(mail=mail))
    return account, row


@pytest.mark.django_db
def test_a_message_leaves_every_receipt_on_its_way(mail: Mail) -> None:
    account, row = follower()
    tell(row)
    [message], total = selectors.inbox(account)
    assert total == selectors.unread(account) == 1 and selectors.mail_state(message.delivery)[0] == "邮件待发"
    assert send_all() == ["accepted"]
    delivery = Delivery.objects.get(pk=message.delivery_id)
    assert (delivery.sent_at, delivery.accepted_at, delivery.answer) == (AT, AT, "250 2.0.0 taken")
    [got] = mail.received()
    assert got["headers"]["Message-ID"] == delivery.mail_id and got["headers"]["Auto-Submitted"] == "auto-generated"
    later = AT + timedelta(minutes=3)
    services.read_message(by=LIN, at=later, account_id=account, message_no=message.message_no)
    services.read_message(by=LIN, at=later + timedelta(1), account_id=account, message_no=message.message_no)
    assert Message.objects.get().read_at == later and selectors.unread(account) == 0
    with pytest.raises(NotVisible):
        services.read_message(by=LIN, at=AT, account_id=person("other"), message_no=message.message_no)


@pytest.mark.django_db
def test_a_server_that_puts_off_or_is_away_is_asked_again_ever_later(mail: Mail) -> None:
    _, row = follower()
    tell(row)
    mail.told(later=1)
    assert send_all() == ["again", "accepted"]
    tell(row, event="log:8")
    mail.told(gone=True)
    waits = []
    for _ in range(4):
        with connection.cursor() as cursor:
            cursor.execute("update messages_delivery set next_at = clock_timestamp()")
        assert tried() == "again"
        with connection.cursor() as cursor:
            cursor.execute("select extract(epoch from max(next_at) - clock_timestamp()) from messages_delivery")
            waits.append(float(cursor.fetchone()[0]))
    assert 10 < waits[0] < 50 and waits[3] > 300 and waits == sorted(waits)
    assert selectors.failing(5)[0].problem.startswith("没有得到邮件服务器的应答") and selectors.mail_counts().again == 1
    mail.told(gone=False)
    assert send_all() == ["accepted"] and len(mail.received()) == 2
    assert [round(rules.delay_s(number, 0.5)) for number in (1, 2, 3, 17)] == [30, 90, 270, 21_600]


def tried() -> str:
    verdict = outbox.send_next(AT)
    return verdict.outcome if verdict else "nothing"


@pytest.mark.django_db
def test_what_a_server_refuses_for_good_waits_at_the_desk_and_nothing_more_goes_there(mail: Mail) -> None:
    account, row = follower()
    tell(row)
    mail.told(refuse={"lin@example.com": "550 5.1.1 no such person here"})
    assert send_all() == ["refused"]
    [letter] = selectors.dead_letters(5)
    assert letter.answer == "550 5.1.1 no such person here" and letter.contact.refused_at == AT
    assert tell(row, event="log:8") == 1 and send_all() == [] and selectors.unread(account) == 2
    for actor in (LIN, Actor("person", "x", "某人", None, frozenset({"administrator"}))):
        with pytest.raises(NotVisible):
            services.resend_delivery(by=actor, at=AT, delivery_no=letter.delivery_no)
    mail.told(refuse={})
    services.resend_delivery(by=CENTRE, at=AT, delivery_no=letter.delivery_no)
    assert send_all() == ["accepted"] and selectors.dead_letters(5) == []
    assert mail.received()[0]["headers"]["Message-ID"] == letter.mail_id
    with pytest.raises(Refusal, match="没有失败"):
        services.resend_delivery(by=CENTRE, at=AT, delivery_no=letter.delivery_no)


@pytest.mark.django_db
def test_a_refused_text_does_not_condemn_the_address_and_a_mail_is_given_up_in_the_end(mail: Mail) -> None:
    _, row = follower()
    tell(row)
    mail.told(refuse_data="554 5.7.1 looks like spam")
    assert send_all() == ["refused"] and Contact.objects.get().refused_at is None
    tell(row, event="log:8")
    mail.told(refuse_data="", later=1_000)
    assert send_all() == ["again"] * rules.MOST_ATTEMPTS
    assert selectors.mail_counts().abandoned == 1 and len(selectors.dead_letters(9)) == 2


@pytest.mark.django_db
def test_a_mail_that_comes_back_is_a_bounce(mail: Mail) -> None:
    account, row = follower()
    tell(row)
    send_all()
    [got] = mail.received()
    mail_id = got["headers"]["Message-ID"]
    services.note_bounce(by=PLATFORM, at=AT, mail_id=mail_id, answer="5.2.2 mailbox full")
    [message], _ = selectors.inbox(account)
    assert selectors.mail_state(message.delivery) == ("邮件被退回", "error")
    assert tell(row, event="log:8") == 1 and send_all() == []
    with pytest.raises(NotVisible):
        services.note_bounce(by=LIN, at=AT, mail_id=mail_id, answer="")


@pytest.mark.django_db
def test_two_subscriptions_that_meet_in_an_event_are_two_messages_and_one_mail(mail: Mail) -> None:
    account, row = follower()
    other = services.subscribe(by=LIN, at=AT, account_id=account, subject=SCHOOL, wish=Wish())
    assert tell(row, other) == 2 and tell(row, other) == 0
    assert send_all() == ["accepted"]
    [got] = mail.received()
    assert f"{BRIDGE.title}；{SCHOOL.title}" in got["text"] and got["text"].count("https://hall.example/n/N1") == 1


@pytest.mark.django_db
def test_a_daily_mail_gathers_the_day_and_goes_out_at_eight(mail: Mail) -> None:
    _, row = follower(mail="daily")
    reader = stranger("reader@example.com", mail="daily")
    Delivery.objects.update(accepted_at=AT)
    tell(row, reader)
    tell(row, reader, event="log:8", title="变更：跨港大桥检测加固更正公告")
    assert services.queue_digests(by=PLATFORM, at=AT) == 0 and send_all() == []
    morning = AT.replace(hour=8) + timedelta(days=1)
    assert rules.digest_at(AT) == morning and rules.digest_at(morning) == morning + timedelta(days=1)
    assert services.queue_digests(by=PLATFORM, at=morning) == 2 and services.queue_digests(by=PLATFORM, at=morning) == 0
    assert send_all(morning) == ["accepted", "accepted"]
    [got] = mail.received("reader@example.com")
    assert "2 条" in got["headers"]["Subject"] and "新公告" in got["text"] and "变更" in got["text"]


@pytest.mark.django_db
def test_a_flood_of_events_is_one_mail_and_as_many_messages(mail: Mail) -> None:
    account, row = follower()
    drafts = [
        services.Draft(
            row.pk, f"log:{number}", Ref("notice", f"N{number}", 1), f"新公告：第 {number} 条", "", f"/n/N{number}"
        )
        for number in range(rules.MOST_MAILS_AT_ONCE + 1)
    ]
    assert services.post_messages(by=PLATFORM, at=AT, drafts=drafts) == len(drafts) == selectors.unread(account)
    assert send_all() == ["accepted"]
    [got] = mail.received()
    assert f"{len(drafts)} 条" in got["headers"]["Subject"] and got["text"].count("https://hall.example/n/") == len(
        drafts
    )


@pytest.mark.django_db
def test_another_app_tells_one_person_once(mail: Mail) -> None:
    account, _ = follower()
    told = {
        "account_id": account,
        "about": Ref("grant", "7"),
        "event_key": "grant:7",
        "title": "授权即将到期",
        "body": "",
        "href": "/desk/grants",
    }
    first = services.post_message(by=PLATFORM, at=AT, **told)
    assert services.post_message(by=PLATFORM, at=AT, **told) == first and send_all() == ["accepted"]


@pytest.mark.django_db
def test_without_a_server_a_demonstration_keeps_its_mails_in_a_folder(settings: LazySettings, tmp_path: Path) -> None:
    settings.MAIL_HOST, settings.MAIL_FOLDER = "", tmp_path / "mail"
    _, row = follower()
    tell(row)
    assert send_all() == ["accepted"]
    [kept] = (tmp_path / "mail").iterdir()
    assert b"To: lin@example.com" in kept.read_bytes() and kept.suffix == ".eml"
    settings.MAIL_FOLDER = None
    assert not selectors.mail_is_on()


@pytest.mark.django_db
def test_a_server_without_encryption_gets_neither_mail_nor_password(mail: Mail, settings: LazySettings) -> None:
    settings.MAIL_SECURITY = "starttls"  # the peer does not offer it: no falling back
    _, row = follower()
    tell(row)
    assert tried() == "again" and mail.received() == []
    assert "SMTPNotSupportedError" in Delivery.objects.get(purpose="message").problem


SENDER = """
import django
django.setup()
from tradehall.journal.clock import platform_now
from tradehall.messages import outbox
while True:
    outbox.send_next(platform_now())
"""


def test_a_sender_killed_between_the_mail_and_its_receipt_sends_the_same_mail_again(
    committed_db: str, mail: Mail, settings: LazySettings
) -> None:
    account, row = follower()
    tell(row)
    place = connection.get_connection_params()
    named = {name: place[name] for name in ("host", "port", "user", "password") if place.get(name)}
    own = {**os.environ, "DATABASE_URL": make_conninfo(**named, dbname=committed_db)}
    own |= {
        "TRADEHALL_HOME": str(settings.HOME), "DJANGO_SETTINGS_MODULE": "tradehall.config.settings",
        "TRADEHALL_MAIL_HOST": "127.0.0.1", "TRADEHALL_MAIL_PORT": str(mail.port), "TRADEHALL_MAIL_SECURITY": "none",
        "TRADEHALL_SITE_URL": settings.SITE_URL,
    }  # fmt: skip
    mail.told(hold_s=30)
    killed = subprocess.Popen([sys.executable, "-c", SENDER], env=own)
    until = time.monotonic() + 30
    while not mail.received() and time.monotonic() < until:
        time.sleep(0.02)
    killed.kill()
    killed.wait()
    delivery = Delivery.objects.get(purpose="message")
    assert (delivery.attempts, delivery.accepted_at) == (1, None) and delivery.sent_at is not None
    mail.told(hold_s=0)
    assert tell(row) == 0 and send_all() == ["accepted"]
    first, second = mail.received()
    assert first["headers"]["Message-ID"] == second["headers"]["Message-ID"] == delivery.mail_id
    assert first["raw"] == second["raw"], "whoever knows the first knows the second"
    assert selectors.inbox(account)[1] == 1, "in-site it is one message"
