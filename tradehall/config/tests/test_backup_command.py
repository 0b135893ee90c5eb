"""`tradehall backup` and `restore` without an instance: another server's database is dumped, and what is refused in words."""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tradehall.config import cli
from tradehall.config.commands import backup_command, restore_command
from tradehall.config.house import archive, sealed_keys
from tradehall.config.house.instance import HouseError
from tradehall.config.house.postgres import BINARIES
from tradehall.documents.services import store
from tradehall.kernel.actor import PLATFORM

AT = datetime(2026, 9, 18, 9, tzinfo=UTC)
PASSPHRASE = "long enough to seal"


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.HOME = tmp_path / "home"
    (tmp_path / "home" / "keys").mkdir(parents=True)
    (tmp_path / "home" / "keys" / "log.key").write_bytes(b"k" * 32)
    monkeypatch.setenv("TRADEHALL_HOME", str(settings.HOME))
    monkeypatch.setenv("TRADEHALL_BACKUP_PASSPHRASE", PASSPHRASE)
    monkeypatch.delenv(archive.VARIABLE, raising=False)
    return tmp_path / "home"


def backup(*words: str) -> int:
    return backup_command.run(cli.parser().parse_args(["backup", *words]))


def restore(*words: str) -> int:
    return restore_command.run(cli.parser().parse_args(["restore", *words]))


def test_another_servers_database_is_dumped_with_documents_and_keys(
    committed_db: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = os.environ["DATABASE_URL"].replace("/tradehall?", f"/{connection.settings_dict['NAME']}?")
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DATABASE_OWNER_URL", url)
    digest = store(content="甲".encode(), name="说明.txt", by=PLATFORM, at=AT).sha256
    target = tmp_path / "archive"
    assert backup("--to", str(target)) == 0
    out = capsys.readouterr().out
    assert "of this moment only" in out and "administrator" in out and out.splitlines()[-1] == "backup is whole"
    [dump] = target.glob("dump/*.dump")
    listed = subprocess.run([BINARIES / "pg_restore", "--list", dump], capture_output=True, text=True).stdout
    assert "TABLE DATA public journal_entry" in listed
    assert (target / "files" / digest[:2] / digest[2:4] / digest).read_text() == "甲"
    with pytest.raises(HouseError, match="no finished backup.*pg_restore"):
        restore("--from", str(target), "--into", str(tmp_path / "new"))
    monkeypatch.setenv("TRADEHALL_BACKUP_PASSPHRASE", PASSPHRASE)
    assert restore("--from", str(target), "--into", str(tmp_path / "keys"), "--keys-only") == 0
    assert (tmp_path / "keys" / "keys" / "log.key").read_bytes() == b"k" * 32
    with pytest.raises(HouseError, match="holds keys already"):
        restore("--from", str(target), "--into", str(tmp_path / "keys"), "--keys-only")


@pytest.mark.parametrize(
    ("words", "passphrase", "expected"),
    [
        ((), PASSPHRASE, "Say where to"),
        (("--to", "x"), "", "TRADEHALL_BACKUP_PASSPHRASE_FILE"),
        (("--to", "x"), "short", "12 characters"),
        (("--to", "x", "--keep", "0"), PASSPHRASE, "never removed"),
    ],
    ids=["没有去处", "没有口令", "口令过短", "一个不留"],
)
@pytest.mark.django_db
def test_backups_that_are_refused(
    words: tuple[str, ...], passphrase: str, expected: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRADEHALL_BACKUP_PASSPHRASE", passphrase)
    with pytest.raises(HouseError, match=expected):
        backup(*words)
    assert not (tmp_path / "x").exists()


def test_keys_do_not_come_back_without_the_passphrase(
    monkeypatch: pytest.MonkeyPatch, home: Path, tmp_path: Path
) -> None:
    sealed_keys.keep(tmp_path / "archive" / "one" / "keys", home / "keys", PASSPHRASE)
    words = ("--from", str(tmp_path / "archive"), "--into", str(tmp_path / "new"), "--keys-only")
    for given, expected in (("", "are sealed"), ("another passphrase", "does not open")):
        monkeypatch.setenv("TRADEHALL_BACKUP_PASSPHRASE", given)
        with pytest.raises(HouseError, match=expected):
            restore(*words)
    with pytest.raises(HouseError, match="holds no keys"):
        restore("--from", str(tmp_path / "nothing"), "--into", str(tmp_path / "new"), "--keys-only")
    monkeypatch.setenv("TRADEHALL_BACKUP_PASSPHRASE", "")
    assert restore("--from", "/", "--into", str(tmp_path / "own"), "--keys-only", "--keys", str(home / "keys")) == 0


def test_a_time_without_zone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HouseError, match="with its zone"):
        restore("--from", str(tmp_path), "--into", str(tmp_path / "x"), "--at", "2026-09-18 10:00")
