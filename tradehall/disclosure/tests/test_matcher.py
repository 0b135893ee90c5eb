"""Followers are told once of what concerns them: by number or by the very list they saved, and before deadlines."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, connection, transaction
from psycopg.conninfo import make_conninfo

from tradehall.accounts import selectors as accounts
from tradehall.accounts.services import create_account
from tradehall.disclosure import follower, matcher, matching, reminders
from tradehall.disclosure.models import FollowerPosition, NoticeRow
from tradehall.disclosure.query import parse_query
from tradehall.disclosure.search import search
from tradehall.journal.sealer import seal_pending
from tradehall.kernel.actor import PLATFORM, Actor
from tradehall.kernel.names import mention_no
from tradehall.messages import services
from tradehall.messages.models import Message, Subscription
from tradehall.messages.rules import Subject, Wish
from tradehall.tenders import selectors as tenders
from tradehall.tenders.reports import NoticeReport, ProjectClaim
from tradehall.tenders.services import record_notices
from tradehall.tenders.tests.samples import AT, SYSTEM, TENDER, result_of

database = pytest.mark.django_db
FRESH = replace(TENDER, published_at=AT - timedelta(hours=1))
OTHER = replace(
    FRESH, source_id="2", source_digest="c" * 64, title="第二实验学校施工招标公告", line="procurement", lots=(),
    project=ProjectClaim("第二实验学校施工", "BJ2026-002"), closes_at=None, body=(),
)  # fmt: skip
LISTS: dict[str, Mapping[str, str]] = {
    "words of the body": {"q": "联系人电话 座机"}, "title": {"q": "泵站 施工"}, "one letter": {"q": "校"},
    "line": {"line": "works"}, "kind and line": {"line": "works", "kind": "tender_notice"}, "result": {"kind": "result"},
    "amount": {"amount_min": "100000"}, "principal": {"principal": "云河市水务建设管理中心"}, "open": {"state": "open"},
    "from": {"from": "2026-09-18"}, "to": {"to": "2026-09-17"}, "nothing": {"q": "没有这样的词语"}, "all": {},
    "projects": {"view": "projects", "q": "学校"}, "projects by line": {"view": "projects", "line": "procurement"},
    "project, one letter": {"view": "projects", "q": "校"},
}  # fmt: skip


def publish(*reports: NoticeReport) -> None:
    record_notices(list(reports), by=SYSTEM, at=AT)
    seal_pending()
    follower.catch_up()


def person(login: str = "lin") -> int:
    return int(create_account(by=PLATFORM, at=AT, login=login, name=login).pk)


def follow(account: int, kind: str, no: str, wish: Wish | None = None, **conditions: str) -> Subscription:
    subject = Subject(kind, no, f"{kind} {no}", conditions)
    by = Actor("person", "lin", "林远")
    return services.subscribe(by=by, at=AT, account_id=account, subject=subject, wish=wish or Wish())


def told(row: Subscription) -> list[str]:
    return list(Message.objects.filter(subscription=row).order_by("id").values_list("title", flat=True))


def project_no() -> str:
    return NoticeRow.objects.get(title=FRESH.title).project_no


@database
def test_each_event_is_told_once_and_only_after_it_was_followed() -> None:
    publish(FRESH)
    row = follow(person(), "project", project_no())
    assert matcher.catch_up(AT) == 0, "what was published before is not told"
    publish(replace(FRESH, source_digest="d" * 64, closes_at=AT + timedelta(days=9)), OTHER)
    publish(replace(result_of(FRESH), published_at=AT))
    assert matcher.catch_up(AT) == 2 and matcher.catch_up(AT) == 0 and matcher.behind() == 0
    assert told(row) == [f"变更：{FRESH.title}", f"新公告：{result_of(FRESH).title}"]
    first = Message.objects.order_by("id")[0]
    assert first.about.endswith("@2") and "截止：2026-09-27 10:00" in first.body
    FollowerPosition.objects.filter(name=matcher.NAME).update(position=0)
    assert matcher.catch_up(AT) == 0, "reading the whole journal again repeats nothing"
    with pytest.raises(IntegrityError, match="message_once_a_subscription"), transaction.atomic():
        Message.objects.create(
            message_no="M2", account_id=first.account_id, subscription=row, about=first.about,
            event_key=first.event_key, title="x", body="", href="/", created_at=AT,
        )  # fmt: skip


@database
def test_a_lot_and_an_organisation_hear_of_what_names_them() -> None:
    publish(FRESH, OTHER)
    account, project = person(), project_no()
    first, second = tenders.lots(project)
    one = follow(account, "lot", first.lot_no, project=project)
    other = follow(account, "lot", second.lot_no, project=project)
    winner = follow(account, "organisation", mention_no("云河第三建筑有限公司"))
    publish(replace(FRESH, source_id="9", source_digest="e" * 64, title="施工一标段补充公告", lots=FRESH.lots[:1]))
    publish(replace(result_of(FRESH), published_at=AT))
    matcher.catch_up(AT)
    assert "新公告：施工一标段补充公告" in told(one) and "新公告：施工一标段补充公告" not in told(other)
    result = f"新公告：{result_of(FRESH).title}"
    assert told(winner) == [result] and (result in told(one)) == (result in told(other))


@database
@pytest.mark.parametrize("name", LISTS)
def test_a_saved_list_holds_what_the_list_shows(name: str) -> None:
    """The matcher and the list are asked the same; whatever the list shows of these notices, the matcher finds."""
    publish(FRESH, OTHER, replace(result_of(FRESH), published_at=AT))
    conditions = dict(LISTS[name])
    rows = {row.pk: row for row in NoticeRow.objects.all()}
    found = {rows[row_id].notice_no for row_id in matching.listed(conditions, rows, AT)}
    view = conditions.pop("view", "notices")
    page = search(parse_query(conditions, view), AT)
    if view == "projects":
        projects = {item.project_no for item in page.items}
        assert found == {row.notice_no for row in rows.values() if row.project_no in projects} and projects
    else:
        assert found == {item.notice_no for item in page.items}
    assert bool(found) is (name not in ("nothing", "to"))


@database
def test_a_saved_list_is_told_of_new_notices_at_the_moments_chosen() -> None:
    account = person()
    school = follow(account, "search", "a", q="学校 施工")
    works = follow(account, "search", "b", Wish(moments=("changed",)), line="works")
    publish(FRESH, OTHER)
    matcher.catch_up(AT)
    assert told(school) == [f"新公告：{OTHER.title}"] and told(works) == []
    publish(replace(FRESH, source_digest="d" * 64, title="滨江路雨水泵站改造工程施工更正后的招标公告"))
    matcher.catch_up(AT)
    assert len(told(works)) == 1


@database
def test_old_notices_taken_in_late_are_no_news() -> None:
    row = follow(person(), "search", "a", line="works")
    publish(replace(TENDER, published_at=AT - timedelta(days=8)))
    assert matcher.catch_up(AT) == 0 and told(row) == []


@database
def test_a_batch_that_broke_off_is_told_whole_the_next_time() -> None:
    row = follow(person(), "search", "a")
    publish(FRESH, OTHER)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert matcher.catch_up(AT) == 2
        raise ZeroDivisionError
    assert told(row) == [] and matcher.catch_up(AT) == 2 and len(told(row)) == 2


@database
def test_deadlines_are_reminded_of_three_times_and_a_moved_one_again() -> None:
    closes = AT + timedelta(hours=80)
    publish(replace(FRESH, closes_at=closes))
    account, project = person(), project_no()
    row = follow(account, "project", project)
    few = follow(account, "search", "a", Wish(moments=("due_2",)), line="works")
    reminders.sweep(AT)
    for hours in range(1, 80):
        reminders.sweep(AT + timedelta(hours=hours, minutes=1))
    words = [title.split(" 小时")[0] for title in told(row)]
    assert words == ["72", "24", "2"] and len(told(few)) == 1
    moved = closes + timedelta(days=30)
    publish(replace(FRESH, closes_at=moved, source_digest="d" * 64))
    reminders.sweep(moved - timedelta(hours=73))
    assert reminders.sweep(moved - timedelta(hours=1)) == 2, "over three thresholds at once: the nearest only"
    assert told(row)[-1].startswith("2 小时内截止")
    assert reminders.sweep(AT) == reminders.sweep(moved - timedelta(hours=1)) == 0, (
        "a clock that went back repeats nothing"
    )
    assert reminders.sweep(moved + timedelta(hours=1)) == 0


@database
def test_a_suspended_account_is_not_told() -> None:
    account = person()
    row = follow(account, "search", "a")
    _suspend(account)
    publish(FRESH)
    assert matcher.catch_up(AT) == 0 and told(row) == []


def _suspend(account_id: int) -> None:
    found = accounts.account("lin")
    assert found.pk == account_id
    found.is_active = False
    found.save()


READER = """
import django
django.setup()
from tradehall.disclosure import matcher
from tradehall.tenders.tests.samples import AT
matcher.BATCH = 2
while True:
    matcher.catch_up(AT)
"""


def test_a_reader_killed_at_any_moment_tells_each_event_once(committed_db: str, settings: LazySettings) -> None:
    account = person()
    rows = [follow(account, "search", "a"), follow(account, "search", "b", line="works")]
    publish(*(replace(FRESH, source_id=f"k{number}", source_digest=f"{number:064x}") for number in range(30)))
    place = connection.get_connection_params()
    named = {name: place[name] for name in ("host", "port", "user", "password") if place.get(name)}
    own = {**os.environ, "DATABASE_URL": make_conninfo(**named, dbname=committed_db)}
    own |= {"TRADEHALL_HOME": str(settings.HOME), "DJANGO_SETTINGS_MODULE": "tradehall.config.settings"}
    chance, kills, until = random.Random(3), 0, time.monotonic() + 90
    while matcher.behind() and time.monotonic() < until:
        before = matcher.behind()
        process = subprocess.Popen([sys.executable, "-c", READER], env=own)
        while before - matcher.behind() < 6 and matcher.behind() and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(chance.random() / 100)
        process.kill()
        process.wait()
        kills += 1
    assert kills > 2 and [len(told(row)) for row in rows] == [30, 30]
    assert Message.objects.values("subscription", "event_key").distinct().count() == Message.objects.count() == 60
