"""The doctor's sentences on a database that really has the fault."""

from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tradehall.config.house import doctor, references
from tradehall.journal.clock import platform_now
from tradehall.journal.services import record
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.ref import Ref

pytestmark = pytest.mark.django_db


def database() -> references.Database:
    connection.ensure_connection()
    raw: psycopg.Connection[tuple[object, ...]] = connection.connection
    return raw


def test_an_entry_about_a_record_that_is_gone_is_named() -> None:
    assert list(references.dangling(database())) == []
    subject = Ref("notice", "N20260101000001", 1)
    record(code="tenders.publish_notice", by=PLATFORM, at=platform_now(), subject=subject, facts={})
    (sentence,) = references.dangling(database())
    assert "1 log entries name a notice that does not exist, N20260101000001" in sentence


def test_a_stored_file_that_left_the_disk_is_named(tmp_path: Path) -> None:
    digest = "ab" * 32
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into documents_file (sha256, sm3, size, media_type, name, stored_at) values (%s, %s, 1, 'x/y', 'a', now())",
            (digest, digest),
        )
    (sentence,) = references.missing_files(database(), tmp_path)
    assert digest in sentence
    place = tmp_path / "files" / "ab" / "ab"
    place.mkdir(parents=True)
    (place / digest).write_bytes(b"x")
    assert list(references.missing_files(database(), tmp_path)) == []


def test_a_role_that_owns_tables_is_named() -> None:
    (sentence,) = doctor.owns_tables(database())
    assert str(settings.DATABASES["default"]["USER"]) in sentence
    assert "DATABASE_OWNER_URL" in sentence


def test_a_movable_clock_is_a_fault_in_production_only() -> None:
    assert list(doctor.moved_clock("demo")(database())) == []
    (sentence,) = doctor.moved_clock("production")(database())
    assert "clock can be moved" in sentence


def test_too_little_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor.disk(tmp_path) == []
    monkeypatch.setattr(doctor, "LEAST_DISK_BYTES", 2**60)
    (sentence,) = doctor.disk(tmp_path)
    assert "MB are free" in sentence
