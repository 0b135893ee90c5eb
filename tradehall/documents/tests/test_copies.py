"""Copies of stored files: made once, never of damaged ones, and damage is found."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from tradehall.documents import copies, selectors
from tradehall.documents.services import store
from tradehall.kernel.actor import PLATFORM

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 18, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(settings: Settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "home"


def stored(text: str) -> str:
    return store(content=text.encode(), name="说明.txt", by=PLATFORM, at=AT).sha256


def test_what_is_missing_is_copied_once(tmp_path: Path) -> None:
    digests = {stored("甲"), stored("乙")}
    first, again = copies.copy_missing(tmp_path / "copy"), copies.copy_missing(tmp_path / "copy")
    assert (first.copied, first.there, again.copied, again.there) == (2, 0, 0, 2)
    assert {p.name for p in (tmp_path / "copy").rglob("*") if p.is_file()} == digests
    assert copies.copy_missing(tmp_path / "other", since=datetime(2026, 9, 19, tzinfo=UTC)).copied == 0


def test_damage_is_neither_copied_nor_overlooked(tmp_path: Path) -> None:
    good, bad, gone = stored("甲"), stored("乙"), stored("丙")
    selectors.path_of(bad).write_text("丁")
    selectors.path_of(gone).unlink()
    found = copies.copy_missing(tmp_path / "copy")
    assert found.copied == 1 and len(found.faults) == 2
    assert [p.name for p in (tmp_path / "copy").rglob("*") if p.is_file()] == [good]
    checked = copies.check_all()
    assert checked.files == 3 and len(checked.faults) == 2
    assert any(bad in text and "another content" in text for text in checked.faults)


def test_an_archive_has_the_copy_when_the_row_is_there_and_stops_nobody_when_it_is_away(
    settings: Settings, tmp_path: Path
) -> None:
    settings.ARCHIVE = tmp_path / "archive"
    digest = stored("甲")
    assert copies.copy_path(settings.ARCHIVE / "files", digest).read_text() == "甲"
    settings.ARCHIVE = tmp_path / "a file"
    settings.ARCHIVE.touch()
    assert selectors.stored_file(stored("乙")).size == 3
