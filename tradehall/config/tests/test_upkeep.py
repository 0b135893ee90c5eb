"""What goes by itself, what stays, and that the worker knows of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from procrastinate.contrib.django import app
from pytest_django import Settings

from tradehall.accounts import drafts
from tradehall.accounts.models import Account, Challenge, Draft
from tradehall.config import upkeep
from tradehall.config.house import sealed_keys
from tradehall.documents.services import store
from tradehall.exchange.models import IdempotencyKey, RefusedRecord, SliceReceipt
from tradehall.exchange.sweeping import ANSWERS_KEPT, BROKEN_KEPT, REFUSED_KEPT, SETTLED_KEPT
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=5)


def test_the_worker_does_it_by_the_clock() -> None:
    known = {task.name: periodic.cron for (task_name, _), periodic in app.periodic_registry.periodic_tasks.items()
             for task in [periodic.task]}  # fmt: skip
    assert known["upkeep.sweep"] == known["upkeep.sweep_jobs"] == upkeep.NIGHTLY
    assert known["upkeep.keep_archive"] == upkeep.EACH_MINUTE


def refused(no: str, last: datetime, settled: datetime | None = None) -> None:
    RefusedRecord.objects.create(
        refusal_no=no, system="XT1", line="works", data_set="X", data_key=no, body_digest=no, clean={}, errors=[],
        sealed_body="", first_at=last, last_at=last, settled_at=settled,
    )  # fmt: skip


def test_records_go_when_their_time_is_over_and_not_before() -> None:
    now = platform_now()
    refused("F1", now - REFUSED_KEPT - SECOND)
    refused("F2", now - REFUSED_KEPT + SECOND)
    refused("F3", now - SETTLED_KEPT, settled=now - SETTLED_KEPT - SECOND)
    refused("F4", now - SETTLED_KEPT, settled=now - SETTLED_KEPT + SECOND)
    for key, age, is_final in (("a", SECOND, True), ("b", -SECOND, True)):
        IdempotencyKey.objects.create(
            system="XT1", key=key, body_digest="", answer="", is_final=is_final, created_at=now - ANSWERS_KEPT - age
        )
    gone = upkeep.sweep(0)
    assert (gone["refused_records"], gone["answers"]) == (2, 1)
    assert set(RefusedRecord.objects.values_list("refusal_no", flat=True)) == {"F2", "F4"}
    assert set(IdempotencyKey.objects.values_list("key", flat=True)) == {"b"}


def test_messages_broken_off_go_a_month_after_their_last_try() -> None:
    now = platform_now()
    for key, age in (("old", SECOND), ("young", -SECOND)):
        made = IdempotencyKey.objects.create(
            system="XT1", key=key, body_digest="", answer="", created_at=now - BROKEN_KEPT - age
        )
        for number in (50, 80):
            SliceReceipt.objects.create(key=made, number=number, answer="")
    assert upkeep.sweep(0)["broken_messages"] == 1
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["young"]
    assert SliceReceipt.objects.count() == 2


def test_sessions_drafts_and_challenges_go() -> None:
    at, now = platform_now(), datetime.now(UTC)
    Session.objects.create(session_key="old", session_data="", expire_date=now - SECOND)
    Session.objects.create(session_key="new", session_data="", expire_date=now + timedelta(hours=1))
    person = Account.objects.create(login="lin", name="林", created_at=at)
    Draft.objects.create(account=person, form_href="/a", secret=b"", kept_at=at - drafts.LIFE - SECOND)
    Draft.objects.create(account=person, form_href="/b", secret=b"", kept_at=at)
    for value, ended in (("x", timedelta(hours=1)), ("y", -timedelta(hours=1))):
        Challenge.objects.create(
            value=value, session_hash="", site_url="", use="sign_in", issued_at=now - ended, expires_at=now - ended
        )
    gone = upkeep.sweep(0)
    assert (gone["drafts"], gone["challenges"], gone["spent_tokens"]) == (1, 1, 0)
    assert [row.session_key for row in Session.objects.all()] == ["new"]
    assert [row.form_href for row in Draft.objects.all()] == ["/b"]


def test_the_archive_gets_what_it_missed(settings: Settings, tmp_path: Path) -> None:
    settings.HOME, settings.ARCHIVE = tmp_path / "home", None
    digest = store(content="甲".encode(), name="说明.txt", by=PLATFORM, at=platform_now()).sha256
    assert upkeep.keep_archive(0) == []
    settings.ARCHIVE, settings.BACKUP_PASSPHRASE = tmp_path / "archive", "long enough to seal"
    (settings.HOME / "keys").mkdir(exist_ok=True)
    (settings.HOME / "keys" / "log.key").write_bytes(b"k" * 32)
    assert upkeep.keep_archive(0) == []
    assert (settings.ARCHIVE / "files" / digest[:2] / digest[2:4] / digest).read_text() == "甲"
    sealed = sealed_keys.newest(settings.ARCHIVE)
    assert sealed and b"k" * 32 in sealed_keys.unseal(sealed.read_bytes(), settings.BACKUP_PASSPHRASE)
