"""Following over HTTP: with an account, by a confirmed address without one, and what nobody can find out."""

import re

import pytest
from django.test import Client

from tradehall.crypto.columns import key_of
from tradehall.disclosure import follower, matcher
from tradehall.disclosure.models import NoticeRow
from tradehall.journal.clock import platform_now
from tradehall.journal.sealer import seal_pending
from tradehall.kernel.actor import PLATFORM
from tradehall.messages import selectors, services, tokens
from tradehall.messages.models import Contact, Delivery, Message, Subscription
from tradehall.messages.rules import VISITOR
from tradehall.messages.selectors import Holder
from tradehall.parties.services import rotate_column_key
from tradehall.parties.tests import bodies
from tradehall.tenders import selectors as tenders
from tradehall.tenders.reports import LotClaim
from tradehall.tenders.services import record_notices
from tradehall.tenders.tests.samples import AT

from .city import BRIDGE, BY, SCHOOL, notice

pytestmark = pytest.mark.usefixtures("city")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WISH = {"moments": ["published", "changed", "due_2"], "mail": "at_once"}


def signed_in(login: str = "reader", role: str = "bidder") -> tuple[Client, int]:
    at = platform_now()
    bodies.appointed(login, role, bodies.code_of("MA0002AX" if role == "centre" else "MA0001AX"), at=at)
    client, account = Client(), bodies.person(login, at=at)
    client.force_login(account, backend=BACKEND)
    return client, account.pk


def row_of(title: str) -> NoticeRow:
    return NoticeRow.objects.filter(title__startswith=title).order_by("id")[0]


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_every_page_offers_to_follow_what_it_shows(client: Client) -> None:
    named = (LotClaim("施工一标段", "1"), LotClaim("施工二标段", "2"))
    record_notices([notice(90, "tender_notice", "works", "滨江路泵站", lots=named)], by=BY, at=AT)
    seal_pending()
    follower.catch_up()
    row, parted = row_of(SCHOOL), row_of("滨江路泵站")
    [lot, _] = tenders.lots(parted.project_no)
    for address, words in (
        (f"/p/{row.project_no}", "/follow/project?no="), (f"/n/{row.notice_no}", "/follow/project?no="),
        (f"/lot/{lot.lot_no}", f"/follow/lot?no={lot.lot_no}"), (f"/org/{row.principal_no}", "/follow/organisation?no="),
        ("/search?q=学校", "/follow/search?view=notices&amp;q="), ("/projects?line=works", "/follow/search?view=projects&amp;line=works"),
    ):  # fmt: skip
        shown = page(client, address)
        assert words in shown, address
        target = re.search(rf'href="([^"]*{re.escape(words.split("?")[0])}[^"]*)"', shown)
        assert target and "发送确认邮件" in page(Client(), target[1].replace("&amp;", "&"))
    for unknown in (
        "/follow/project?no=none",
        "/follow/lot",
        "/follow/organisation?no=x",
        "/follow/anything",
        "/follow/account?no=1",
    ):
        page(client, unknown, 404)


def test_a_person_follows_changes_and_ends_without_leaving_his_desk() -> None:
    client, account = signed_in()
    row = row_of(BRIDGE)
    address = f"/follow/project?no={row.project_no}"
    answer = client.post(address, WISH, follow=True)
    assert "已关注" in answer.content.decode() and BRIDGE in answer.content.decode()
    client.post(address, {**WISH, "mail": "none"})
    [kept] = selectors.subscriptions(Holder(account))
    assert (kept.moments, kept.mail) == (WISH["moments"], "none"), "following twice changes the one there is"
    assert "您已经关注" in page(client, address)
    own = f"/desk/subscriptions/{kept.subscription_no}"
    assert client.post(own, {"moments": ["due_72"], "mail": "daily"}).status_code == 302
    assert "截止前 72 小时；每日汇总" in page(client, "/desk/subscriptions")
    assert client.post(own, {"mail": "daily"}).status_code == 400
    other, _ = signed_in("other")
    assert other.post(own, WISH).status_code == other.post(f"{own}/end").status_code == 404
    assert client.post(f"{own}/end").status_code == 302 and selectors.subscriptions(Holder(account)) == []
    assert client.post(f"{own}/end").status_code == 404


def test_the_inbox_counts_shows_once_and_is_nobody_elses() -> None:
    client, account = signed_in()
    client.post("/follow/search?view=notices", {**WISH, "mail": "none"})
    Subscription.objects.update(from_position=0)
    matcher.catch_up(platform_now())
    count = selectors.unread(account)
    assert count == 2 and f'<b class="num">{count}</b>' in page(client, "/rules")
    message = Message.objects.filter(account_id=account)[0]
    address = f"/desk/messages/{message.message_no}"
    assert address in page(client, "/desk/messages?show=unread")
    shown = page(client, address)
    assert message.href in shown and "首次阅读" in shown and selectors.unread(account) == count - 1
    page(client, address)
    assert selectors.unread(account) == count - 1
    other, _ = signed_in("other")
    page(other, address, 404)
    client.post("/desk/messages/read")
    assert selectors.unread(account) == 0 and "没有未读消息" in page(client, "/desk/messages?show=unread")
    assert client.get("/rules").content.decode().count("inbox-link") == 1 and "inbox-link" not in page(
        Client(), "/rules"
    )


def test_the_public_follows_by_mail_alone(client: Client) -> None:
    address = f"/follow/project?no={row_of(SCHOOL).project_no}"
    answer = client.post(address, {**WISH, "address": "reader@example.com"})
    assert (answer.status_code, answer["Location"]) == (302, "/follow/asked")
    row = Subscription.objects.get()
    link = f"/follow/confirm/{tokens.make(tokens.CONFIRM, row.subscription_no)}"
    assert "确认订阅" in page(client, link) and selectors.followed(["project"]) == [], "looking at it confirms nothing"
    assert "订阅已确认" in client.post(link).content.decode() and len(selectors.followed(["project"])) == 1
    contact = Contact.objects.get()
    manage = f"/follow/manage/{tokens.make(tokens.MANAGE, contact.contact_no)}"
    shown = page(client, manage)
    assert "r***@example.com" in shown and "reader@example.com" not in shown and SCHOOL in shown
    change = {"act": "change", "subscription": row.subscription_no, "moments": ["due_24"], "mail": "daily"}
    assert client.post(manage, change).status_code == 302 and "截止前 24 小时" in page(client, manage)
    assert client.post(manage, {**change, "mail": "none"}).status_code == 400
    end = f"/follow/end/{tokens.make(tokens.END, row.subscription_no)}"
    assert "按下按钮即退订" in page(client, end) and len(selectors.followed(["project"])) == 1
    strict = Client(enforce_csrf_checks=True)  # a mail program: no cookie, no page before
    for _ in range(2):
        answer = strict.post(end, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 200 and "已退订" in answer.content.decode()
    assert selectors.followed(["project"]) == [] and Contact.objects.get().cipher == ""
    page(client, manage, 404)


def test_the_answer_is_the_same_whether_an_address_is_known_or_not(client: Client) -> None:
    address = f"/follow/project?no={row_of(SCHOOL).project_no}"

    def said(mail: str) -> tuple[int, str]:
        answer = client.post(address, {**WISH, "address": mail})
        return answer.status_code, answer["Location"]

    first = said("known@example.com")
    services.confirm_contact(
        by=VISITOR, at=platform_now(),
        token=tokens.make(tokens.CONFIRM, Subscription.objects.get().subscription_no),
    )  # fmt: skip
    assert said("known@example.com") == said("other@example.com") == first
    for _ in range(5):
        assert said("known@example.com") == first, "over the limit of an address nothing shows either"
    assert Delivery.objects.filter(contact__address_hash=Contact.objects.order_by("id")[0].address_hash).count() == 3


def test_a_wrong_form_says_what_is_wrong_and_too_many_are_stopped(client: Client) -> None:
    address = f"/follow/project?no={row_of(SCHOOL).project_no}"
    answer = client.post(address, {"address": "nonsense", "mail": "at_once"})
    shown = answer.content.decode()
    assert (
        answer.status_code == 400
        and "邮件地址应如" in shown
        and "至少选择一种" in shown
        and 'value="nonsense"' in shown
    )
    for number in range(20):
        client.post(address, {**WISH, "address": f"a{number}@example.com"})
    answer = client.post(address, {**WISH, "address": "a@example.com"})
    assert answer.status_code == 400 and "过于频繁" in answer.content.decode()


def test_a_persons_own_address_is_confirmed_too() -> None:
    client, account = signed_in()
    assert client.post("/desk/subscriptions/address", {"address": "x"}).status_code == 400
    assert (
        "等待确认"
        in client.post("/desk/subscriptions/address", {"address": "me@example.com"}, follow=True).content.decode()
    )
    contact = selectors.contact_of(account)
    assert contact is not None
    client.post(f"/follow/confirm/{tokens.make(tokens.CONFIRM, contact.contact_no)}")
    assert "已确认" in page(client, "/desk/subscriptions")
    client.post("/desk/subscriptions/address/end")
    assert selectors.contact_of(account) is None and client.post("/desk/subscriptions/address/end").status_code == 404


def test_a_new_column_key_seals_the_addresses_anew(client: Client) -> None:
    client.post(f"/follow/project?no={row_of(SCHOOL).project_no}", {**WISH, "address": "reader@example.com"})
    before = Contact.objects.get()
    rotate_column_key(by=PLATFORM, at=platform_now())
    after = Contact.objects.get()
    assert key_of(after.cipher) != key_of(before.cipher) and selectors.shown_address(after) == "r***@example.com"


def test_wrong_links_are_said_to_be_over(client: Client) -> None:
    for way in ("confirm", "manage"):
        assert "链接已失效" in page(client, f"/follow/{way}/nonsense", 404)
    page(client, "/follow/end/nonsense", 404)
    assert client.post("/follow/confirm/nonsense").status_code == client.post("/follow/end/nonsense").status_code == 404


def test_the_centre_sees_dead_letters_without_addresses_and_has_them_sent_again() -> None:
    client, account = signed_in()
    client.post("/desk/subscriptions/address", {"address": "me@example.com"})
    Delivery.objects.update(refused_at=platform_now(), answer="550 5.1.1 no such person here")
    centre, _ = signed_in("centre", "centre")
    shown = page(centre, "/desk/deliveries")
    assert "550 5.1.1" in shown and "m***@example.com" in shown and "me@example.com" not in shown
    no = Delivery.objects.get().delivery_no
    assert "已安排重新发送" in centre.post(f"/desk/deliveries/{no}/resend", follow=True).content.decode()
    assert centre.post(f"/desk/deliveries/{no}/resend").status_code == 400
    assert centre.post("/desk/deliveries/none/resend").status_code == 404
    assert client.get("/desk/deliveries").status_code == 403
