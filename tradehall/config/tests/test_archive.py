"""The archive without a disaster: what is sealed, where it goes, what is refused before anything is rebuilt."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from tradehall.config.house import archive, archived, base_backup, recovery, replay, sealed_keys
from tradehall.config.house.archive import Archive, Base
from tradehall.config.house.instance import HouseError
from tradehall.config.house.recovery import Wish

NOON = datetime(2026, 9, 18, 12, tzinfo=UTC)
PASSPHRASE = "long enough to seal"


def keys(folder: Path) -> Path:
    made = folder / "keys"
    (made / "oidc").mkdir(parents=True)
    (made / "log.key").write_bytes(b"k" * 32)
    (made / "oidc" / "0001.pem").write_text("pem")
    (made / ".log.key.draft").write_text("half")
    return made


def base(root: Path, name: str, ended: datetime, incarnation: str = "one", first: str = "1" * 24) -> Base:
    folder = root / incarnation / "base" / name
    folder.mkdir(parents=True)
    made = Base(folder, ended, ended, first, incarnation)
    archive.write_base(made)
    return made


def segment(number: int) -> str:
    return f"{1:08X}{0:08X}{number:08X}"


def test_keys_come_back_as_they_were_and_drafts_do_not(tmp_path: Path) -> None:
    sealed = sealed_keys.seal(sealed_keys.pack(keys(tmp_path)), PASSPHRASE)
    assert b"k" * 32 not in sealed
    assert sealed_keys.unpack(sealed_keys.unseal(sealed, PASSPHRASE), tmp_path / "back") == 2
    assert (tmp_path / "back" / "oidc" / "0001.pem").read_text() == "pem"
    assert (tmp_path / "back" / "log.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("change", ["passphrase", "byte", "head"])
def test_sealed_keys_do_not_open_otherwise(tmp_path: Path, change: str) -> None:
    sealed = bytearray(sealed_keys.seal(b"content", PASSPHRASE))
    if change != "passphrase":
        sealed[0 if change == "head" else -1] ^= 1
    with pytest.raises(ValueError, match="passphrase|not a file"):
        sealed_keys.unseal(bytes(sealed), PASSPHRASE + ("!" if change == "passphrase" else ""))


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(ValueError, match="12 at least"):
        sealed_keys.seal(b"", "short")


def test_keys_are_sealed_anew_only_when_one_was_added(tmp_path: Path) -> None:
    held, place = keys(tmp_path), tmp_path / "sealed"
    assert sealed_keys.keep(place, held, PASSPHRASE)
    assert sealed_keys.keep(place, held, PASSPHRASE) is None
    (held / "log-2.key").write_bytes(b"n" * 32)
    assert sealed_keys.keep(place, held, PASSPHRASE)
    assert len(list(place.glob("*.sealed"))) == 2


def test_a_cluster_has_one_place_and_goes_on_there_without_being_told(tmp_path: Path) -> None:
    db, root = tmp_path / "db", tmp_path / "archive"
    first = Archive.of(root, db)
    assert Archive.of(root, db) == first and first.wal.is_dir()
    assert archive.place(db, {}) is None
    archive.remember(root, db)
    assert archive.place(db, {}) == root == archive.configured(db, {})
    assert archive.place(db, {archive.VARIABLE: str(tmp_path / "other")}) == tmp_path / "other"


def test_who_switches_the_archive_off_closes_it(tmp_path: Path) -> None:
    """A log that went on unseen must never be taken for one that ended in order."""
    db, root = tmp_path / "db", tmp_path / "archive"
    first = Archive.of(root, db)
    archive.remember(root, db)
    assert archive.configured(db, {archive.VARIABLE: archive.OFF}) is None
    assert (root / first.incarnation / archive.CLOSED).exists()
    closed = base(root, "b", NOON, first.incarnation)
    assert not replay.ended_in_order(closed, tmp_path)


def test_the_newest_backup_that_was_finished_by_then_is_chosen(tmp_path: Path) -> None:
    old, new = base(tmp_path, "a", NOON), base(tmp_path, "b", NOON + timedelta(hours=1))
    unfinished = tmp_path / "one" / "base" / "c"
    unfinished.mkdir()
    wish = Wish(tmp_path, tmp_path / "home")
    assert recovery.choose(wish) == new
    assert recovery.choose(Wish(tmp_path, tmp_path / "home", at=NOON + timedelta(minutes=1))) == old
    later = base(tmp_path, "d", NOON + timedelta(hours=2), "two")
    assert recovery.choose(wish) == later
    assert recovery.choose(Wish(tmp_path, tmp_path / "home", incarnation="one")) == new
    with pytest.raises(HouseError, match="nothing earlier"):
        recovery.choose(Wish(tmp_path, tmp_path / "home", at=NOON - timedelta(seconds=1)))
    with pytest.raises(HouseError, match="no finished backup"):
        recovery.choose(Wish(tmp_path / "one", tmp_path / "home"))


def test_a_hole_in_the_log_is_refused_and_not_passed_over(tmp_path: Path) -> None:
    made = base(tmp_path, "a", NOON, first=segment(3))
    wal = tmp_path / "one" / "wal"
    wal.mkdir()
    for name in (segment(1), segment(3), segment(4), f"{segment(5)}.partial"):
        (wal / name).write_bytes(name.encode())
    replay.gather(made, tmp_path / "whole")
    assert sorted(p.name for p in (tmp_path / "whole").iterdir()) == [segment(n) for n in (3, 4, 5)]
    (wal / segment(4)).unlink()
    with pytest.raises(HouseError, match="hole"):
        replay.gather(made, tmp_path / "holed")
    (wal / segment(3)).unlink()
    with pytest.raises(HouseError, match="begins with"):
        replay.gather(made, tmp_path / "headless")


def test_segments_are_numbered_across_files() -> None:
    numbers = [replay._number(f"{1:08X}{0:08X}{255:08X}"), replay._number(f"{1:08X}{1:08X}{0:08X}")]
    assert numbers[1] == numbers[0] + 1
    assert base_backup._bytes("1/0") == 2**32


@pytest.mark.parametrize("held", ["db", "files", "keys"])
def test_a_home_that_holds_anything_is_not_overwritten(tmp_path: Path, held: str) -> None:
    (tmp_path / "home" / held).mkdir(parents=True)
    (tmp_path / "home" / held / "x").touch()
    base(tmp_path, "a", NOON)
    with pytest.raises(HouseError, match="holds an instance already"):
        recovery.restore(Wish(tmp_path, tmp_path / "home"), print)


@pytest.mark.django_db
def test_the_doctor_says_what_could_not_be_restored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def said(kind: str = "production") -> list[str]:
        connection.ensure_connection()
        return list(archived.complaints(connection.connection, tmp_path, kind, NOON))

    monkeypatch.delenv(archive.VARIABLE, raising=False)
    assert "TRADEHALL_ARCHIVE" in said()[0] and said("demo") == []
    root = tmp_path / "archive"
    monkeypatch.setenv(archive.VARIABLE, str(root))
    assert "not there" in said()[0]
    place = Archive.of(root, tmp_path / "db")
    assert ["run `tradehall backup`" in said()[0], "no keys" in said()[1]] == [True, True]
    (place.keys / "a.sealed").touch()
    base(root, "a", NOON - timedelta(days=9), place.incarnation)
    assert "2026-09-09" in said()[0]
    base(root, "b", NOON, place.incarnation)
    assert said() == []
    (tmp_path / "db" / "data").mkdir()
    assert "Nobody receives" in said()[0]
