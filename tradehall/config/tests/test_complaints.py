"""What stands still is said by the doctor, each in a sentence of its own; and nothing is said of a house that is well."""

from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tradehall.accounts.tests.keyring import DAY, NOW, account, authority, bound, issued, trusted
from tradehall.config.house import complaints
from tradehall.crypto import issuing, sm2
from tradehall.exchange.models import Webhook
from tradehall.web.presenters.desk_page import certificate_todos

pytestmark = pytest.mark.django_db
FAILED = "insert into procrastinate_jobs (queue_name, task_name, status) values ('default', 't.x', 'failed')"
LATE = """
insert into procrastinate_jobs (queue_name, task_name, status, scheduled_at)
values ('default', 't.y', 'todo', now() - interval '6 minutes')
"""


def database() -> Any:
    connection.ensure_connection()
    return connection.connection


def test_nothing_is_said_of_a_house_that_is_well() -> None:
    assert [text for check in complaints.ALL for text in check(database())] == []


def test_a_revocation_list_that_ran_out() -> None:
    trusted("p256", issuing.revoke(authority("p256")[1], [], NOW - 9 * DAY, NOW - DAY))
    [said] = complaints.stale_lists(database())
    assert "refused at sign-in" in said


def test_jobs_that_failed_and_jobs_nobody_takes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(FAILED)
        cursor.execute(LATE)
    failed, late = complaints.failing_jobs(database())
    assert "t.x" in failed and "five minutes" in late


def test_a_paused_webhook() -> None:
    now = timezone.now()
    Webhook.objects.create(
        webhook_no="W1", system="s", url="https://x", line="works", kind="", secret="", old_secret="", position=0,
        problem="503", next_at=now, paused_at=now, created_at=now,
    )  # fmt: skip
    [said] = complaints.paused_webhooks(database())
    assert "W1" in said and "503" in said


def test_a_national_suite_without_sm2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADEHALL_SUITE", "national")
    monkeypatch.setattr(sm2, "can_sign", lambda: False)
    [said] = complaints.unsigned_suite(database())
    assert "SM2" in said


def test_a_certificate_that_ends_before_a_deadline_is_work_for_its_holder() -> None:
    holder = bound(account(), issued("sm2", valid_until=NOW + 40 * DAY))
    assert certificate_todos(holder, [NOW + 20 * DAY], NOW) == []
    [todo] = certificate_todos(holder, [NOW + 50 * DAY], NOW)
    assert "早于您的截止时间" in todo.consequence
