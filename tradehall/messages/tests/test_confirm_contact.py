"""Addresses: nothing is sent to one but the question, until its owner has said yes; ended, it is gone.

confirm_contact, end_contact.
"""

from datetime import timedelta

import pytest
from django.db import connection

from tests.peers.mail.running import Mail
from tradehall.kernel.refusal import NotVisible, Refusal
from tradehall.messages import selectors, services, tokens, vault
from tradehall.messages.models import Contact, Delivery, Subscription
from tradehall.messages.rules import VISITOR, Wish
from tradehall.messages.selectors import Holder
from tradehall.messages.tests.followers import (
    AT,
    BRIDGE,
    LIN,
    SCHOOL,
    ask,
    links,
    own_address,
    person,
    send_all,
    stranger,
    tell,
)

pytestmark = pytest.mark.django_db


def test_a_stranger_is_told_only_after_the_link_of_the_mail_was_followed(mail: Mail) -> None:
    ask("reader@example.com")
    assert send_all() == ["accepted"]
    [asked] = mail.received("reader@example.com")
    assert "确认订阅" in asked["text"] and BRIDGE.title in asked["text"] and "List-Unsubscribe" not in asked["headers"]
    row = Subscription.objects.get()
    assert selectors.followed(["project"]) == [] and tell(row) == 0
    services.confirm_contact(by=VISITOR, at=AT, token=links(asked["text"])["confirm"])
    row.refresh_from_db()
    assert tell(row) == 1 and tell(row) == 0
    send_all()
    [_, told] = mail.received("reader@example.com")
    assert "https://hall.example/n/N1" in told["text"] and 'href="https://hall.example/n/N1"' in told["html"]
    assert told["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_link_is_over_after_two_days_and_opens_nothing_else(mail: Mail) -> None:
    ask("reader@example.com")
    send_all()
    token = links(mail.received()[0]["text"])["confirm"]
    for at, wrong in (
        (AT + timedelta(hours=49), token), (AT, token[:-1] + ("A" if token[-1] != "A" else "B")), (AT, "x"),
        (AT, tokens.make(tokens.MANAGE, Subscription.objects.get().subscription_no)),
    ):  # fmt: skip
        with pytest.raises(NotVisible):
            services.confirm_contact(by=VISITOR, at=at, token=wrong)
    assert not Contact.objects.filter(confirmed_at__isnull=False).exists()
    assert services.forget(at=AT + timedelta(hours=49)) == 1
    with pytest.raises(NotVisible):
        services.confirm_contact(by=VISITOR, at=AT, token=token)


def test_whoever_asks_learns_nothing_whether_the_address_is_known_or_not() -> None:
    stranger("known@example.com")
    assert ask("known@example.com") is ask("unknown@example.com") is None
    purposes = Delivery.objects.order_by("id").values_list("purpose", flat=True)
    assert list(purposes) == ["confirm", "already", "confirm"], "both get one mail; only its owner reads which"


def test_an_address_is_encrypted_in_the_column_and_erased_at_the_end() -> None:
    row = stranger("Reader@Example.com")
    contact = Contact.objects.get()
    assert vault.address_of(contact) == "Reader@example.com" and vault.shown(contact) == "R***@example.com"
    with connection.cursor() as cursor:
        cursor.execute("select row_to_json(c)::text from messages_contact c")
        [(stored,)] = cursor.fetchall()
    assert "eader" not in stored and "example.com" not in stored
    other = stranger("other@example.com", SCHOOL)
    contact.cipher = Contact.objects.get(pk=other.contact_id).cipher
    with pytest.raises(ValueError, match="another place"):
        vault.address_of(contact)
    services.unsubscribe(by=VISITOR, at=AT, subscription_no=row.subscription_no)
    contact.refresh_from_db()
    assert (contact.cipher, contact.address_hash) == ("", "") and contact.ended_at == AT


def test_the_consent_and_its_end_are_recorded_without_saying_whose_or_of_what(mail: Mail) -> None:
    row = stranger("reader@example.com")
    services.end_contact(by=VISITOR, at=AT, holder=Holder(contact_id=row.contact_id))
    with connection.cursor() as cursor:
        cursor.execute("select code, body from journal_secret order by id")
        rows = cursor.fetchall()
        cursor.execute("select count(*) from journal_entry where code like 'messages.%'")
        [(public,)] = cursor.fetchall()
    assert [code for code, _ in rows] == ["messages.confirm_contact", "messages.end_contact"] and public == 0
    assert all("reader" not in body and BRIDGE.no not in body for _, body in rows)
    assert tell(row) == 0 and send_all() == [] and mail.received() == []


def test_an_address_is_not_bombed(mail: Mail) -> None:
    for number in range(8):
        ask("victim@example.com", origin=f"198.51.100.{number}")
    ask("victim@example.com", SCHOOL, origin="198.51.100.99")
    ask("VICTIM@example.com", SCHOOL, origin="198.51.100.98")
    assert send_all() == ["accepted"] * 3
    ask("victim@example.com", origin="198.51.100.97", at=AT + timedelta(hours=25))
    assert len(send_all()) == 1


def test_one_network_address_sends_so_many_forms_an_hour_whatever_the_addresses() -> None:
    for number in range(20):
        ask(f"reader{number}@example.com")
    with pytest.raises(Refusal, match="过于频繁"):
        ask("one-more@example.com")
    ask("one-more@example.com", origin="203.0.113.8")
    assert Contact.objects.count() == 21
    ask("one-more@example.com", at=AT + timedelta(minutes=61))


@pytest.mark.parametrize(
    "typed", ["", "name", "a@b", "a@b.c\r\nBcc: x@example.com", "<a@example.com>", "a b@example.com", "a@example.com,b@example.com",
              ".a@example.com", "a..b@example.com", f"{'a' * 65}@example.com", "名字@example.com"],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused(typed: str) -> None:
    with pytest.raises(Refusal, match="邮件地址应如"):
        ask(typed)
    assert Contact.objects.count() == 0


def test_a_person_states_confirms_replaces_and_ends_his_own_address(mail: Mail) -> None:
    account = person()
    first = own_address(account, "lin@example.com")
    row = services.subscribe(by=LIN, at=AT, account_id=account, subject=BRIDGE, wish=Wish())
    tell(row)
    second = services.state_contact(by=LIN, at=AT, account_id=account, address="new@example.com")
    assert not selectors.is_reachable(selectors.contact_of(account)) and second.pk != first.pk
    tell(row, event="log:8")
    send_all()
    assert [one["to"] for one in mail.received()] == [["new@example.com"]], "what waited for the old one is not sent"
    services.end_contact(by=LIN, at=AT, holder=Holder(account_id=account))
    assert selectors.contact_of(account) is None and selectors.subscriptions(Holder(account_id=account)) == [row]
    assert selectors.unread(account) == 2
