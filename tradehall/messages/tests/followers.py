"""People and strangers who follow something, and the outbox emptied without waiting for the clock."""

import re
from datetime import datetime

from django.db import connection

from tradehall.accounts.services import create_account
from tradehall.kernel.actor import PLATFORM, Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.times import BEIJING
from tradehall.messages import outbox, services, tokens
from tradehall.messages.models import Contact, Subscription
from tradehall.messages.rules import VISITOR, Subject, Wish
from tradehall.messages.services import Draft

AT = datetime(2026, 9, 18, 10, 0, tzinfo=BEIJING)
BRIDGE = Subject("project", "P1", "跨港大桥检测加固", {})
SCHOOL = Subject("project", "P2", "第二实验学校施工", {})
LIN = Actor("person", "lin", "林远")
LINK = re.compile(r"https://hall\.example/follow/(confirm|end|manage)/(\S+)")


def person(login: str = "lin") -> int:
    return int(create_account(by=PLATFORM, at=AT, login=login, name=f"{login}（测试）").pk)


def ask(
    address: str, subject: Subject = BRIDGE, *, origin: str = "203.0.113.7", at: datetime = AT, mail: str = "at_once"
) -> None:
    services.request_subscription(
        by=VISITOR, at=at, address=address, subject=subject, wish=Wish(mail=mail), origin=origin
    )  # fmt: skip


def stranger(address: str, subject: Subject = BRIDGE, *, mail: str = "at_once") -> Subscription:
    """Confirmed through the link of the mail."""
    ask(address, subject, mail=mail)
    row = Subscription.objects.filter(contact__isnull=False).latest("id")
    services.confirm_contact(by=VISITOR, at=AT, token=token_of(row.subscription_no))
    row.refresh_from_db()
    return row


def token_of(no: str) -> str:
    return tokens.make(tokens.CONFIRM, no)


def own_address(account_id: int, address: str) -> Contact:
    made = services.state_contact(by=LIN, at=AT, account_id=account_id, address=address)
    return services.confirm_contact(by=LIN, at=AT, token=token_of(made.contact_no))


def tell(*subscriptions: Subscription, event: str = "log:7", title: str = "新公告：跨港大桥检测加固招标公告") -> int:
    drafts = [
        Draft(one.pk, event, Ref("notice", "N1", 1), title, "截止：2026-09-25 09:30", "/n/N1") for one in subscriptions
    ]
    return services.post_messages(by=PLATFORM, at=AT, drafts=drafts)


def send_all(at: datetime = AT) -> list[str]:
    """Until nothing may go; a delayed mail does not wait for the clock here. What became of each attempt."""
    found = []
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute("update messages_delivery set next_at = clock_timestamp() where accepted_at is null")
        verdict = outbox.send_next(at)
        if verdict is None:
            return found
        found.append(verdict.outcome)
    raise AssertionError("mails go round in circles")


def links(text: str) -> dict[str, str]:
    return dict(LINK.findall(text))
